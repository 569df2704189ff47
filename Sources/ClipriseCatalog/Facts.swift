public import ClipriseForm

/// What sources say facts about; a file has an object of facts for each source.
protocol FactHolder {
    static var blank: Self { get }

    /// Visits what one source says.
    mutating func visitFacts<Visitor: RecordVisitor>(
        from: Provenance, _ visitor: inout Visitor
    ) throws(Visitor.Failure)
}

/// What one source says.
private struct FactGroup<Holder: FactHolder>: Record {
    var holder: Holder
    var from = Provenance.assumed

    static var blank: FactGroup { FactGroup(holder: .blank) }

    mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try holder.visitFacts(from: from, &visitor)
    }
}

extension RecordVisitor {
    mutating func facts<Holder: FactHolder>(of holder: inout Holder) throws(Failure) {
        for from in Provenance.allCases where has(from.group.key, true) {
            var group = FactGroup(holder: holder, from: from)
            about(from.group.about)
            try record(from.group.key, &group)
            holder = group.holder
        }
    }

    /// Refuses an object in which no source states a fact that must be there.
    mutating func demand<Value>(_ fact: Fact<Value>, _ name: StaticString) throws(Failure) {
        try demand(!fact.statements.isEmpty, nil, .expected("a fact \"\(name)\" in one of the provenance groups"))
    }
}

/// A member of an object whose keys are names of parameters or of their parts.
public struct Named<Value: RecordValue & Sendable & Hashable>: RecordEntry, Sendable, Hashable {
    public var key: String
    public var value: Value

    public init(key: String, value: Value) {
        self.key = key
        self.value = value
    }
}
