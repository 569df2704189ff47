public import ClipriseForm
internal import ClipriseWire

/// One key that a body may carry for a model.
///
/// A class, because every check of every body passes it around: a copy of the struct would count twenty references.
@dynamicMemberLookup
public final class Parameter: Sendable {
    public enum Place: String, Sendable, Hashable, CaseIterable {
        case input, options, root
        /// At the root and in `input`, both, with the same value (contract, GEN-8).
        case rootAndInput = "root_and_input"
    }

    public enum ValueType: String, Sendable, Hashable, CaseIterable, RecordValue {
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

        /// What items can add up to.
        static let range = 0.0...86_400
    }

    public typealias ItemKey = Named<ValueType>

    /// What a file says of it.
    public struct Stated: Sendable, Hashable {
        public var key: String
        public var keyFrom: Provenance
        public var place: Fact<Place>
        public var alsoIn: Fact<Place>?
        public var type: Fact<ValueType>?
        public var required: Fact<Bool>?
        /// The key without which this one is required.
        public var requiredWithout: Fact<String>?
        public var allowed: Fact<[Scalar]>?
        /// Values that are named as not being in the list, where nobody prints the list.
        public var forbidden: Fact<[Scalar]>?
        public var minimum: Fact<Double>?
        public var maximum: Fact<Double>?
        /// Lengths in characters (Unicode scalars).
        public var minLength: Fact<Int>?
        public var maxLength: Fact<Int>?
        public var minItems: Fact<Int>?
        public var maxItems: Fact<Int>?
        public var defaultValue: Fact<Scalar>?
        public var aliases: Fact<[String]>?
        public var role: Fact<Role>?
        public var itemKeys: Fact<[ItemKey]>?
        public var itemsSum: Fact<Sum>?
        public var notes: Fact<String>?
    }

    public let stated: Stated
    public let role: Role?
    /// The values of the list as words, for "did you mean", and the numbers that they are or write.
    let allowedWords: Spelling.Words
    let allowedNumbers: [Double?]
    private let refusals = OnceReference<ListRefusals>()

    init(_ stated: Stated) {
        self.stated = stated
        role = stated.role?.value
        let values = stated.allowed?.value.map(\.description) ?? []
        allowedWords = Spelling.Words(values)
        allowedNumbers = stated.allowed?.value.map(\.writtenNumber) ?? []
    }

    /// What is said of values that are not in the list.
    var listRefusals: ListRefusals {
        refusals.value ?? refusals.keep(ListRefusals(stated.key, stated.allowed?.value.map(\.description) ?? []))
    }

    @inlinable @inline(__always)
    public subscript<Value>(dynamicMember fact: KeyPath<Stated, Value>) -> Value { stated[keyPath: fact] }
}

extension Parameter.Stated: Record, FactHolder {
    public static var blank: Parameter.Stated { Parameter.Stated(key: "", keyFrom: .assumed, place: Fact()) }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.value("key", &key)
        try visitor.word("key_from", &keyFrom)
        try visitor.facts(of: &self)
        try visitor.demand(place, "place")
        try visitor.demand(
            type?.value != .index || allowed != nil, nil, .expected("a fact \"enum\", since the type is index"))
    }

    mutating func visitFacts<Visitor: RecordVisitor>(
        from: Provenance, _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.optional("place", &place[from])
        visitor.about("Another place where it may stand.")
        try visitor.optional("also_in", &alsoIn[from])
        visitor.about("What it must be; an index counts from 0 in enum.")
        try visitor.optional("type", &type[from])
        try visitor.optional("required", &required[from])
        visitor.about("The parameter without which this one is required.")
        try visitor.optional(value: "required_without", &requiredWithout[from])
        try visitor.optional(value: "enum", &allowed[from])
        try visitor.demand(allowed[from] != [], "enum", .expected("at least one value"))
        visitor.about("Values that are named as not being allowed, where nobody prints those that are.")
        try visitor.optional(value: "forbidden", &forbidden[from])
        try visitor.demand(forbidden[from] != [], "forbidden", .expected("at least one value"))
        try visitor.optional(value: "min", &minimum[from])
        try visitor.optional(value: "max", &maximum[from])
        visitor.about("In characters, as is max_length.")
        try visitor.optional("min_length", &minLength[from], in: 0...1_000_000)
        try visitor.optional("max_length", &maxLength[from], in: 0...1_000_000)
        try visitor.optional("min_items", &minItems[from], in: 0...1_000_000)
        try visitor.optional("max_items", &maxItems[from], in: 0...1_000_000)
        try visitor.optional(value: "default", &defaultValue[from])
        visitor.about("Other spellings of the key.")
        try visitor.optional(value: "aliases", &aliases[from])
        visitor.about("What the value means for the result and its price.")
        try visitor.optional("role", &role[from])
        visitor.about("The keys that each object of a list must have, with their types.")
        try visitor.optional(entries: "item_keys", &itemKeys[from])
        visitor.about("The numbers under a key of the items add up to one of these.")
        try visitor.optional("items_sum", &itemsSum[from])
        try visitor.optional(value: "note", &notes[from])
    }
}

extension Parameter.Sum: Record {
    public static var blank: Parameter.Sum { Parameter.Sum(key: "", oneOf: []) }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.value("key", &key)
        try visitor.value("one_of", &oneOf)
        let isSound = !oneOf.isEmpty && oneOf.allSatisfy(Self.range.contains)
        try visitor.demand(isSound, "one_of", .expected("at least one number, each from 0 to 86400"))
    }
}
