/// The keys of one object while it is read, described, or written.
package struct Fields {
    private enum Purpose { case reading, describing, writing }

    enum Written {
        case value(String)
        /// Of a list, each element.
        case list([String])

        var json: String {
            switch self {
            case .value(let text): text
            case .list(let elements): JSONFragment.list(elements)
            }
        }
    }

    private let what: String
    private let members: [SourceNode.Member]
    /// Where the object starts.
    let place: Place
    private let findings: Findings
    private let errorsBefore: Int
    private let purpose: Purpose
    private var known: [String] = []
    private var properties: [(key: String, value: Schema)] = []
    private var required: [String] = []
    private var rules: [(key: String, value: Schema)] = []
    private var written: [(key: String, value: Written)] = []

    init(_ what: String, members: [SourceNode.Member], place: Place, findings: Findings) {
        self.what = what
        self.members = members
        self.place = place
        self.findings = findings
        errorsBefore = findings.errors.count
        purpose = .reading
    }

    init(describing what: String) { self.init(what, .describing) }

    private init(_ what: String, _ purpose: Purpose) {
        self.what = what
        self.purpose = purpose
        members = []
        place = Place(line: 0, column: 0)
        findings = Findings(source: "")
        errorsBefore = 0
    }

    /// What is written of a value.
    static func members<Value>(
        of value: Value, _ visit: (inout Value, inout Fields) -> Void
    ) -> [(key: String, value: Written)] {
        var fields = Fields("", .writing)
        var value = value
        visit(&value, &fields)
        return fields.written
    }

    /// Whether the object is written, so that what is visited must hold what there is to write.
    var isWriting: Bool { purpose == .writing }

    // MARK: Keys that are read, described and written

    /// A key that must be there.
    package mutating func required<Value>(_ key: String, _ value: inout Value, _ form: Form<Value>, _ about: String) {
        guard !isWriting else { return write(key, form.json(value)) }
        if let read = required(key, form, about) { value = read }
    }

    /// A key that must be there when it is read, and is absent where there is no value.
    mutating func required<Value>(_ key: String, _ value: inout Value?, _ form: Form<Value>, _ about: String) {
        guard !isWriting else { return optional(key, &value, form, about) }
        value = required(key, form, about)
    }

    /// A key that may be absent when it is read; it is always written.
    package mutating func optional<Value>(_ key: String, _ value: inout Value, _ form: Form<Value>, _ about: String) {
        guard !isWriting else { return write(key, form.json(value)) }
        if let read = optional(key, form, about) { value = read }
    }

    /// A key that is absent where the value is the usual one.
    mutating func optional<Value: Equatable>(
        _ key: String, _ value: inout Value, _ form: Form<Value>, _ about: String, unless usual: Value
    ) {
        if !isWriting || value != usual { optional(key, &value, form, about) }
    }

    /// A key that is absent where there is no value.
    package mutating func optional<Value>(_ key: String, _ value: inout Value?, _ form: Form<Value>, _ about: String) {
        guard !isWriting else {
            if let value { write(key, form.json(value)) }
            return
        }
        if let read = optional(key, form, about) { value = read }
    }

    /// A list that is absent when it is empty.
    mutating func list<Element>(
        _ key: String, _ values: inout [Element], _ form: Form<Element>, count: ClosedRange<Int>, _ about: String
    ) {
        guard !isWriting else {
            if !values.isEmpty { written.append((key, .list(values.map(form.json)))) }
            return
        }
        optional(key, &values, .list(form, count: count), about)
    }

    private mutating func write(_ key: String, _ json: String) { written.append((key, .value(json))) }

    // MARK: Keys that are read and described

    /// The value of a key, or nil when it is absent or faulty.
    package mutating func optional<Value>(_ key: String, _ form: Form<Value>, _ about: String) -> Value? {
        known.append(key)
        if purpose == .describing {
            properties.append((key, form.schema.described(about)))
            return nil
        }
        return member(key).flatMap { form.read($0.value, findings) }
    }

    /// As `optional`, for a key that must be there.
    package mutating func required<Value>(_ key: String, _ form: Form<Value>, _ about: String) -> Value? {
        if purpose == .describing {
            required.append(key)
        } else if purpose == .reading, member(key) == nil {
            findings.add(.missingKey(key, of: what), at: place)
        }
        return optional(key, form, about)
    }

    /// Demands that of these keys exactly one is given.
    mutating func exactlyOne(of keys: [String]) {
        if purpose == .describing { rules.append(("oneOf", .list(keys.map(Self.requiring)))) }
        guard purpose == .reading else { return }
        let given = members.filter { keys.contains($0.key) }
        let list = keys.dropLast().joined(separator: ", ") + " or " + (keys.last ?? "")
        if given.isEmpty {
            fail("\(what) has one of \(list); this one has none")
        } else if given.count > 1 {
            fail(
                "\(what) has one of \(list); this one has \(given.map(\.key).joined(separator: " and "))", at: given[1])
        }
    }

    /// Demands that at least one of these keys is given.
    mutating func atLeastOne(of keys: [String]) {
        if purpose == .describing {
            rules.append(("anyOf", .list(keys.map(Self.requiring))))
        } else if purpose == .reading, !members.contains(where: { keys.contains($0.key) }) {
            fail("\(what) needs at least one of \(keys.joined(separator: ", "))")
        }
    }

    /// Demands that the keys stand beside others: each key of `pairs` only with one of its list.
    mutating func companions(_ pairs: [(key: String, beside: [String])]) {
        if purpose == .describing {
            let schemas = pairs.map { pair in
                (key: pair.key, value: Schema.object([("anyOf", .list(pair.beside.map(Self.requiring)))]))
            }
            rules.append(("dependentSchemas", .object(schemas)))
            return
        }
        for pair in pairs {
            guard let member = member(pair.key), !pair.beside.contains(where: has) else { continue }
            fail("\"\(pair.key)\" stands beside \(pair.beside.joined(separator: " or "))", at: member)
        }
    }

    /// Whether a key is given, faulty or not.
    package func has(_ key: String) -> Bool { member(key) != nil }

    /// Where the value of a key stands; the object's place when it is absent.
    func place(of key: String) -> Place { member(key)?.value.place ?? place }

    /// Adds an error at the value of a key, or at the object.
    package func fail(_ problem: String, atValueOf key: String? = nil) {
        findings.add(.senseless(problem), at: key.map(place(of:)) ?? place)
    }

    private func fail(_ problem: String, at member: SourceNode.Member) {
        findings.add(.senseless(problem), at: member.keyPlace)
    }

    /// Reports the keys that nobody asked for; whether the object had no error at all.
    func finish() -> Bool {
        for member in members where !known.contains(member.key) {
            findings.add(.unknownKey(member.key, allowed: known), at: member.keyPlace)
        }
        return findings.errors.count == errorsBefore
    }

    /// The schema of the object, when describing.
    var schema: Schema {
        var members: [(key: String, value: Schema)] = [
            ("type", .text("object")), ("properties", .object(properties)), ("additionalProperties", .literal("false")),
        ]
        if !required.isEmpty { members.append(("required", .list(required.map(Schema.text)))) }
        return .object(members + rules)
    }

    private func member(_ key: String) -> SourceNode.Member? {
        members.first { $0.key == key }
    }

    private static func requiring(_ key: String) -> Schema {
        .object([("required", .list([.text(key)]))])
    }
}
