internal import ClipriseJSON
internal import ClipriseWire

/// A value of a catalogue file together with its path, so that an error can say where.
struct CatalogNode {
    let json: JSONValue
    let path: [JSONStep]
    let source: CatalogSource

    var place: TextPlace { JSONLocator(source.text).place(of: path) }

    func expected(_ what: String) -> CatalogError {
        .badValue(file: source.file, place: place, path: path.text, expected: what)
    }

    func node(_ key: String) -> CatalogNode? {
        json.member(key).map { CatalogNode(json: $0, path: path + [.key(key)], source: source) }
    }

    func required(_ key: String) throws(CatalogError) -> CatalogNode {
        guard let node = node(key) else { throw expected("a key \"\(key)\"") }
        return node
    }

    func object() throws(CatalogError) -> CatalogNode {
        guard json.isObject else { throw expected("an object") }
        return self
    }

    func elements() throws(CatalogError) -> [CatalogNode] {
        guard json.kind == .array else { throw expected("an array") }
        return json.elements.enumerated().map {
            CatalogNode(json: $0.element, path: path + [.index($0.offset)], source: source)
        }
    }

    /// The members of an object in order; a key that stands twice is an error.
    func members() throws(CatalogError) -> [(key: String, node: CatalogNode)] {
        _ = try object()
        var seen: Set<String> = []
        var members: [(key: String, node: CatalogNode)] = []
        for member in json.members {
            let key = String(decoding: member.key, as: UTF8.self)
            let node = CatalogNode(json: member.value, path: path + [.key(key)], source: source)
            guard seen.insert(key).inserted else { throw node.expected("each key once, but \"\(key)\" stands twice") }
            members.append((key, node))
        }
        return members
    }

    /// Refuses every key that is not in `known`.
    func only(_ known: [String]) throws(CatalogError) {
        for member in try members() where !known.contains(member.key) {
            throw .unknownKey(
                file: source.file, place: member.node.place, path: path.text, key: member.key,
                suggestion: Spelling.nearest(to: member.key, in: known))
        }
    }

    func string() throws(CatalogError) -> String {
        guard let string = json.string, !string.isEmpty else { throw expected("a text") }
        return string
    }

    func boolean() throws(CatalogError) -> Bool {
        guard let boolean = json.boolean else { throw expected("true or false") }
        return boolean
    }

    func number() throws(CatalogError) -> Double {
        guard let number = json.number else { throw expected("a number") }
        return number
    }

    func count(in range: ClosedRange<Int> = 0...1_000_000) throws(CatalogError) -> Int {
        guard let integer = json.integer, let count = Int(exactly: integer), range.contains(count) else {
            throw expected("a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return count
    }

    func scalar() throws(CatalogError) -> Scalar {
        guard let scalar = Scalar(json), scalar != .text("") else {
            throw expected("a text, a number, true or false")
        }
        return scalar
    }

    func scalars() throws(CatalogError) -> [Scalar] {
        var scalars: [Scalar] = []
        for element in try elements() { scalars.append(try element.scalar()) }
        guard !scalars.isEmpty else { throw expected("at least one value") }
        return scalars
    }

    /// A text that is one of `keys`, the keys of the model's parameters.
    func parameterKey(of keys: [String]) throws(CatalogError) -> String {
        let key = try string()
        guard keys.contains(key) else {
            throw .unknownParameter(
                file: source.file, place: place, path: path.text, key: key,
                suggestion: Spelling.nearest(to: key, in: keys))
        }
        return key
    }

    func word<Word: RawRepresentable & CaseIterable>(_: Word.Type) throws(CatalogError) -> Word
    where Word.RawValue == String {
        guard let word = json.string.flatMap(Word.init(rawValue:)) else {
            throw expected("one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }
}

/// A catalogue file.
struct CatalogSource {
    let file: String
    let text: [UInt8]
}

/// The facts of one model or parameter, grouped by provenance.
struct FactReader {
    private let groups: [(from: Provenance, node: CatalogNode)]

    /// - Parameter known: Every fact that may stand in a group.
    init(_ node: CatalogNode, known: [String]) throws(CatalogError) {
        var groups: [(from: Provenance, node: CatalogNode)] = []
        for from in Provenance.allCases {
            guard let group = node.node(from.rawValue) else { continue }
            try group.only(known)
            groups.append((from, group))
        }
        self.groups = groups
    }

    /// The fact as every group states it, or nil when none does.
    func fact<Value: Sendable & Hashable>(
        _ name: String, _ read: (CatalogNode) throws(CatalogError) -> Value
    ) throws(CatalogError) -> Fact<Value>? {
        var statements: [Fact<Value>.Statement] = []
        for group in groups {
            guard let node = group.node.node(name) else { continue }
            statements.append(.init(from: group.from, value: try read(node)))
        }
        return Fact(statements)
    }
}
