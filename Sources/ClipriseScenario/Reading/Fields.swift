/// The keys of one object while it is read, or described.
struct Fields {
    private let what: String
    private let members: [SourceNode.Member]
    /// Where the object starts.
    let place: Place
    private let findings: Findings
    private let errorsBefore: Int
    private let isDescription: Bool
    private var known: [String] = []
    private var properties: [(key: String, value: Schema)] = []
    private var required: [String] = []
    private var rules: [(key: String, value: Schema)] = []

    init(_ what: String, members: [SourceNode.Member], place: Place, findings: Findings) {
        self.what = what
        self.members = members
        self.place = place
        self.findings = findings
        errorsBefore = findings.errors.count
        isDescription = false
    }

    init(describing what: String) {
        self.what = what
        members = []
        place = Place(line: 0, column: 0)
        findings = Findings(source: "")
        errorsBefore = 0
        isDescription = true
    }

    /// The value of a key, or nil when it is absent or faulty.
    mutating func optional<Value>(_ key: String, _ form: Form<Value>, _ about: String) -> Value? {
        known.append(key)
        if isDescription {
            properties.append((key, form.schema.described(about)))
            return nil
        }
        return member(key).flatMap { form.read($0.value, findings) }
    }

    /// As `optional`, for a key that must be there.
    mutating func required<Value>(_ key: String, _ form: Form<Value>, _ about: String) -> Value? {
        if isDescription {
            required.append(key)
        } else if member(key) == nil {
            findings.add(.missingKey(key, of: what), at: place)
        }
        return optional(key, form, about)
    }

    /// Demands that of these keys exactly one is given.
    mutating func exactlyOne(of keys: [String]) {
        if isDescription {
            rules.append(("oneOf", .list(keys.map(Self.requiring))))
            return
        }
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
        if isDescription {
            rules.append(("anyOf", .list(keys.map(Self.requiring))))
        } else if !members.contains(where: { keys.contains($0.key) }) {
            fail("\(what) needs at least one of \(keys.joined(separator: ", "))")
        }
    }

    /// Demands that the keys stand beside others: each key of `pairs` only with one of its list.
    mutating func companions(_ pairs: [(key: String, beside: [String])]) {
        if isDescription {
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
    func has(_ key: String) -> Bool { member(key) != nil }

    /// Where the value of a key stands; the object's place when it is absent.
    func place(of key: String) -> Place { member(key)?.value.place ?? place }

    /// Adds an error at the value of a key, or at the object.
    func fail(_ problem: String, atValueOf key: String? = nil) {
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
