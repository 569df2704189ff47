public import ClipriseForm

/// What a check had to say of a part of a request, most often of a member of its body, although it let it in.
public struct BodyWarning: Sendable, Hashable {
    /// Where, as in `input.promt`, or `path` for the path of the URL.
    public var key: String
    /// What is wrong, as a clause that continues the key.
    public var problem: String
    /// Who states the rule: `documented`, `upstream` and the other words of the catalogue.
    public var from: String

    public init(key: String, problem: String, from: String) {
        self.key = key
        self.problem = problem
        self.from = from
    }

    /// About how much memory it takes.
    var bytes: Int { MemoryLayout<BodyWarning>.stride + key.utf8.count + problem.utf8.count + 64 }
}

extension BodyWarning: Record {
    public static var blank: BodyWarning { BodyWarning(key: "", problem: "", from: "") }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.text("key", &key)
        try visitor.text("problem", &problem)
        try visitor.text("from", &from)
    }
}
