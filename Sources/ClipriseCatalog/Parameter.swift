internal import ClipriseJSON
internal import ClipriseWire

/// One key that a body may carry for a model.
///
/// A class, because every check of every body passes it around: a copy of the struct would count twenty references.
public final class Parameter: Sendable {
    public enum Place: String, Sendable, Hashable, CaseIterable {
        case input, options, root
        /// At the root and in `input`, both, with the same value (contract, GEN-8).
        case rootAndInput = "root_and_input"
    }

    public enum ValueType: String, Sendable, Hashable, CaseIterable {
        case string, integer, number, boolean, url, urls, strings, objects, object
        /// A 0-based index into the parameter's list of values.
        case index
    }

    /// What the value means for the result and its price.
    public enum Role: String, Sendable, Hashable, CaseIterable {
        case prompt, ratio, resolution, size, seconds, count, format, images, sound
    }

    public struct Sum: Sendable, Hashable {
        public var key: String
        public var oneOf: [Double]
    }

    public struct ItemKey: Sendable, Hashable {
        public var key: String
        public var type: ValueType
    }

    public let key: String
    public let keyFrom: Provenance
    public let place: Fact<Place>
    public let alsoIn: Fact<Place>?
    public let type: Fact<ValueType>?
    public let required: Fact<Bool>?
    /// The key without which this one is required.
    public let requiredWithout: Fact<String>?
    public let allowed: Fact<[Scalar]>?
    /// Values that are named as not being in the list, where nobody prints the list.
    public let forbidden: Fact<[Scalar]>?
    public let minimum: Fact<Double>?
    public let maximum: Fact<Double>?
    /// Lengths in characters (Unicode scalars).
    public let minLength: Fact<Int>?
    public let maxLength: Fact<Int>?
    public let minItems: Fact<Int>?
    public let maxItems: Fact<Int>?
    public let defaultValue: Fact<Scalar>?
    public let aliases: Fact<[String]>?
    public let role: Role?
    public let itemKeys: Fact<[ItemKey]>?
    public let itemsSum: Fact<Sum>?
    public let notes: Fact<String>?
    /// The values of the list as words, for "did you mean", and the numbers that they are or write.
    let allowedWords: Spelling.Words
    let allowedNumbers: [Double?]
    private let refusals = OnceReference<ListRefusals>()

    static let facts = [
        "place", "also_in", "type", "required", "required_without", "enum", "forbidden", "min", "max", "min_length",
        "max_length", "min_items", "max_items", "default", "aliases", "role", "item_keys", "items_sum", "note",
    ]

    init(_ node: CatalogNode) throws(CatalogError) {
        try node.object().only(["key", "key_from"] + Provenance.allCases.map(\.rawValue))
        key = try node.required("key").string()
        keyFrom = try node.required("key_from").word(Provenance.self)
        let facts = try FactReader(node, known: Self.facts)
        guard let place = try facts.fact("place", { (n) throws(CatalogError) in try n.word(Place.self) }) else {
            throw node.expected("a fact \"place\" in one of the provenance groups")
        }
        self.place = place
        alsoIn = try facts.fact("also_in") { (n) throws(CatalogError) in try n.word(Place.self) }
        type = try facts.fact("type") { (n) throws(CatalogError) in try n.word(ValueType.self) }
        required = try facts.fact("required") { (n) throws(CatalogError) in try n.boolean() }
        requiredWithout = try facts.fact("required_without") { (n) throws(CatalogError) in try n.string() }
        allowed = try facts.fact("enum") { (n) throws(CatalogError) in try n.scalars() }
        forbidden = try facts.fact("forbidden") { (n) throws(CatalogError) in try n.scalars() }
        minimum = try facts.fact("min") { (n) throws(CatalogError) in try n.number() }
        maximum = try facts.fact("max") { (n) throws(CatalogError) in try n.number() }
        minLength = try facts.fact("min_length") { (n) throws(CatalogError) in try n.count() }
        maxLength = try facts.fact("max_length") { (n) throws(CatalogError) in try n.count() }
        minItems = try facts.fact("min_items") { (n) throws(CatalogError) in try n.count() }
        maxItems = try facts.fact("max_items") { (n) throws(CatalogError) in try n.count() }
        defaultValue = try facts.fact("default") { (n) throws(CatalogError) in try n.scalar() }
        aliases = try facts.fact("aliases") { (n) throws(CatalogError) -> [String] in
            var names: [String] = []
            for element in try n.elements() { names.append(try element.string()) }
            return names
        }
        role = try facts.fact("role") { (n) throws(CatalogError) in try n.word(Role.self) }?.value
        itemKeys = try facts.fact("item_keys") { (n) throws(CatalogError) -> [ItemKey] in
            var keys: [ItemKey] = []
            for member in try n.members() {
                keys.append(ItemKey(key: member.key, type: try member.node.word(ValueType.self)))
            }
            return keys
        }
        itemsSum = try facts.fact("items_sum") { (n) throws(CatalogError) -> Sum in
            try n.object().only(["key", "one_of"])
            var values: [Double] = []
            for element in try n.required("one_of").elements() { values.append(try element.number()) }
            return Sum(key: try n.required("key").string(), oneOf: values)
        }
        notes = try facts.fact("note") { (n) throws(CatalogError) in try n.string() }
        let values = allowed?.value.map(\.description) ?? []
        allowedWords = Spelling.Words(values)
        allowedNumbers = allowed?.value.map(\.writtenNumber) ?? []
        if type?.value == .index, allowed == nil { throw node.expected("a fact \"enum\", since the type is index") }
    }

    /// What is said of values that are not in the list.
    var listRefusals: ListRefusals {
        refusals.value ?? refusals.keep(ListRefusals(key, allowed?.value.map(\.description) ?? []))
    }
}
