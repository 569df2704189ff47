import ClipriseForm
import ClipriseJSON
import ClipriseWire
import Testing

@Suite struct RecordTests {
    enum Colour: String, CaseIterable, RecordValue { case red, blue }

    struct Leaf: Record, RecordValue, Hashable {
        var size: Int64

        static var blank: Leaf { Leaf(size: 0) }

        mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
            try visitor.integer("size", &size, in: 1...9)
        }
    }

    /// A word or a number.
    enum Either: RecordValue, Hashable {
        case colour(Colour)
        case number(Double)

        static var kind: RecordKind { .any([.word(["red", "blue"]), .real]) }

        init(_ json: JSONValue, _ manner: RecordManner) throws(RecordError) {
            self = json.isString ? .colour(try Colour(json, manner)) : .number(try Double(json, manner))
        }

        func write(to writer: inout JSONWriter) {
            switch self {
            case .colour(let colour): colour.write(to: &writer)
            case .number(let number): number.write(to: &writer)
            }
        }
    }

    struct Part: RecordEntry, Hashable {
        var key: String
        var value: [Either]
    }

    /// Has a member of each sort.
    struct Tree: Record, Hashable {
        var name = ""
        var colour = Colour.red
        var isOld = false
        var hash: UInt64 = 0
        var seed: UInt64 = 0
        var model = 0
        var at = Instant.start
        var made: Int64 = 0
        var wait: TimeSpan?
        var leaf: Leaf?
        var leaves: [Leaf] = []
        var words: [String] = []
        var counts: [Int] = []
        var own: [UInt8] = Array("{}".utf8)
        var isTall: Bool?
        var either: Either?
        var twigs: [Leaf]?
        var parts: [Part]?

        static var blank: Tree { Tree() }

        mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
            try visitor.text("name", &name)
            try visitor.word("colour", &colour)
            try visitor.flag(ifSet: "old", &isOld)
            try visitor.hash(ifSet: "hash", &hash)
            try visitor.number("seed", &seed, .decimal)
            try visitor.name("model", &model, in: .models)
            try visitor.instant(TimeKey("at", "atNanoseconds"), &at)
            try visitor.date(TimeKey("made", "madeNanoseconds"), &made)
            try visitor.optional(TimeKey("wait", "waitNanoseconds"), &wait)
            try visitor.optional("leaf", &leaf)
            try visitor.records(ifAny: "leaves", &leaves)
            try visitor.texts("words", &words)
            try visitor.integers("counts", &counts)
            try visitor.json("own", &own)
            visitor.about("Beyond 20 metres.")
            try visitor.optional("tall", &isTall)
            try visitor.optional(value: "either", &either)
            try visitor.optional(value: "twigs", &twigs)
            try visitor.optional(entries: "parts", &parts)
            try visitor.demand(isTall != true || either != nil, nil, .missing("either"))
        }
    }

    struct Names: RecordNames {
        func name(at position: Int, in list: RecordList) -> String? { position == 1 ? "veo" : nil }
        func id(ofTask ordinal: Int) -> TaskID? { nil }
    }

    static let full = Tree(
        name: "a \"b\"", colour: .blue, isOld: true, hash: 0xAB, seed: .max, model: 1, at: .milliseconds(2_500),
        made: 1_767_225_600_123_000_000, wait: .seconds(-2), leaf: Leaf(size: 3), leaves: [Leaf(size: 1)],
        words: ["x"], counts: [7], own: Array(#"{"k":[1,"é"]}"#.utf8), isTall: true,
        either: .colour(.blue), twigs: [Leaf(size: 4)],
        parts: [Part(key: "a", value: [.number(1), .number(-2.5)]), Part(key: "b", value: [])])
    static let fullText =
        #"{"name":"a \"b\"","colour":"blue","old":true,"hash":"00000000000000ab","seed":"18446744073709551615","#
        + #""model":"veo","atNanoseconds":2500000000,"madeNanoseconds":1767225600123000000,"#
        + #""waitNanoseconds":-2000000000,"leaf":{"size":3},"leaves":[{"size":1}],"words":["x"],"counts":[7],"#
        + #""own":{"k":[1,"é"]},"tall":true,"either":"blue","twigs":[{"size":4}],"parts":{"a":[1,-2.5],"b":[]}}"#
    static let plainText =
        #"{"name":"","colour":"red","seed":"0","model":0,"atNanoseconds":0,"madeNanoseconds":0,"words":[],"counts":[],"#
        + #""own":{}}"#

    static func text(_ tree: Tree, isView: Bool = false) -> String {
        var writer = JSONWriter()
        writer.object { $0.members(of: tree, names: Names(), isView: isView) }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    static func read(_ text: String, _ manner: RecordManner = .strict) throws -> Tree {
        try withJSON(Array(text.utf8)) { json throws(RecordError) in
            var reader = try RecordReader(json, manner, names: ReadNames(models: ["m", "veo"]))
            var tree = Tree.blank
            try reader.read(&tree)
            return tree
        }.get()
    }

    @Test func `a record is written with its members in order, and without those that say nothing`() {
        #expect(Self.text(Self.full) == Self.fullText)
        #expect(Self.text(.blank) == Self.plainText)
    }

    @Test(arguments: [full, .blank])
    func `what is written reads back equal`(tree: Tree) throws {
        #expect(try Self.read(Self.text(tree)) == tree)
    }

    @Test func `members may stand in any order`() throws {
        let turned =
            #"{"own":{},"counts":[],"words":[],"madeNanoseconds":0,"atNanoseconds":0,"model":0,"seed":"0","#
            + #""old":true,"colour":"red","name":""}"#
        var tree = Tree.blank
        tree.isOld = true
        #expect(try Self.read(turned) == tree)
    }

    @Test func `a view has times for people`() {
        #expect(
            Self.text(Self.full, isView: true).contains(
                #""at":2.500000,"made":"2026-01-01T00:00:00.123Z","wait":-2.000000,"#))
    }

    /// A piece of the full text, what stands in its place, where that is wrong, and why.
    static let wrong: [(piece: String, other: String, path: [JSONStep], reason: RecordError.Reason)] = [
        (#""name":"a \"b\"","#, "", [], .missing("name")),
        (#""name""#, #""nmae""#, [.key("nmae")], .unknown(near: "name")),
        (#""old":true"#, #""old":true,"old":true"#, [.key("old")], .repeated),
        (#""old":true"#, #""old":1"#, [.key("old")], .flag), (#""a \"b\"""#, "7", [.key("name")], .text),
        (#""colour":"blue""#, #""colour":"bleu""#, [.key("colour")], .word("bleu", known: ["red", "blue"])),
        ("00ab", "ab", [.key("hash")], .number(.hexadecimal)),
        ("18446744073709551615", "18446744073709551616", [.key("seed")], .number(.decimal)),
        (#""veo""#, #""vo""#, [.key("model")], .said(#"the header has no "vo", did you mean veo?"#)),
        (#""veo""#, "-1", [.key("model")], .integer(RecordRange.counts, found: -1)),
        ("2500000000", "-1", [.key("atNanoseconds")], .integer(RecordRange.instants, found: -1)),
        ("2500000000", "1.0", [.key("atNanoseconds")], .integer(RecordRange.instants, found: nil)),
        (#"{"size":3}"#, #"{"size":10}"#, [.key("leaf"), .key("size")], .integer(1...9, found: 10)),
        (#"{"size":3}"#, "[]", [.key("leaf")], .object), (#"{"size":3}"#, "{}", [.key("leaf")], .missing("size")),
        (
            #"[{"size":1}]"#, #"[{"size":1},{"sise":1}]"#, [.key("leaves"), .index(1), .key("sise")],
            .unknown(near: "size")
        ),
        (#"["x"]"#, #"["x",7]"#, [.key("words"), .index(1)], .text), (#"["x"]"#, "{}", [.key("words")], .array),
        ("[7]", "[-7]", [.key("counts"), .index(0)], .integer(RecordRange.counts, found: -7)),
        (#""colour":"blue""#, #""colour":1"#, [.key("colour")], .word(nil, known: ["red", "blue"])),
        (#""tall":true"#, #""tall":null"#, [.key("tall")], .flag),
        (#""either":"blue""#, #""either":"bleu""#, [.key("either")], .word("bleu", known: ["red", "blue"])),
        (#""either":"blue""#, #""either":[]"#, [.key("either")], .expected("a number")),
        (#""either":"blue","#, "", [], .missing("either")),
        (#"{"size":4}"#, #"{"size":10}"#, [.key("twigs"), .index(0), .key("size")], .integer(1...9, found: 10)),
        (#""a":[1,-2.5]"#, #""a":{}"#, [.key("parts"), .key("a")], .array),
        ("-2.5", "true", [.key("parts"), .key("a"), .index(1)], .expected("a number")),
        (#""b":[]"#, #""a":[]"#, [.key("parts"), .key("a")], .repeated),
        (#"{"a":[1,-2.5],"b":[]}"#, "[]", [.key("parts")], .object),
    ]

    @Test(arguments: wrong.indices)
    func `what is wrong is refused with its place`(index: Int) throws {
        let (piece, other, path, reason) = Self.wrong[index]
        try #require(Self.fullText.contains(piece))
        let text = Self.fullText.replacing(piece, with: other, maxReplacements: 1)
        #expect(throws: RecordError(path, reason), "\(text)") { try Self.read(text) }
    }

    @Test func `a lenient reader takes the last of equal members, and an open one those that nobody knows`() throws {
        let twice = String(Self.plainText.dropLast()) + #","name":"last","counts":[1.0]}"#
        #expect(try Self.read(twice, .known).name == "last")
        let other = String(Self.plainText.dropLast()) + #","unheard":1}"#
        #expect(throws: RecordError([.key("unheard")], .unknown(near: nil))) { try Self.read(other, .known) }
        #expect(try Self.read(other, .open) == .blank)
    }

    @Test func `a description knows every member, and which may be absent`() {
        let members = RecordDescription(of: Tree.blank).members
        #expect(
            members.map(\.key) == [
                "name", "colour", "old", "hash", "seed", "model", "atNanoseconds", "madeNanoseconds",
                "waitNanoseconds", "leaf", "leaves", "words", "counts", "own", "tall", "either", "twigs", "parts",
            ])
        #expect(
            members.filter(\.isOptional).map(\.key) == [
                "old", "hash", "waitNanoseconds", "leaf", "leaves", "tall", "either", "twigs", "parts",
            ])
    }

    @Test func `a description is JSON Schema`() throws {
        var writer = JSONWriter()
        RecordDescription(of: Tree.blank, isView: true).writeSchema(to: &writer)
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(text.hasPrefix(#"{"type":"object","required":["name","colour","seed","model","at","made","#))
        for member in [
            #""colour":{"enum":["red","blue"]}"#, #""made":{"type":"string","format":"date-time"}"#,
            #""wait":{"type":"number"}"#,
            #""leaf":{"type":"object","required":["size"],"properties":{"size":{"type":"integer","minimum":1,"#
                + #""maximum":9}}}"#,
            #""words":{"type":"array","items":{"type":"string"}}"#, #""own":{}"#,
            #""tall":{"description":"Beyond 20 metres.","type":"boolean"}"#,
            #""either":{"anyOf":[{"enum":["red","blue"]},{"type":"number"}]}"#,
            #""twigs":{"type":"array","items":{"type":"object","required":["size"],"#,
            #""parts":{"type":"object","additionalProperties":{"type":"array","items":{"anyOf":"#,
        ] { #expect(text.contains(member), "\(member)") }
        #expect((try? withJSON(writer.bytes) { $0.isObject }.get()) == true)
    }

    @Test func `a closed schema refuses other members, at each level`() {
        var writer = JSONWriter()
        RecordDescription(of: Tree.blank, isClosed: true).writeSchema(to: &writer)
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(text.hasSuffix(#","additionalProperties":false}"#))
        #expect(text.contains(#""maximum":9}},"additionalProperties":false}"#))
    }

    @Test func `a reader that takes each member once takes a whole number with a fraction of 0`() throws {
        let text = Self.fullText.replacing("2500000000", with: "2500000000.0")
        #expect(try Self.read(text, .once) == Self.full)
        #expect(throws: RecordError([.key("old")], .repeated)) {
            try Self.read(text.replacing(#""old":true"#, with: #""old":true,"old":true"#), .once)
        }
    }
}
