package import ClipriseConformance
package import ClipriseForm
internal import ClipriseWire

/// One request that came to the proxy, and what became of it; without keys and media.
package struct SeenExchange: Sendable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case generate, status, other
    }

    package struct Answer: Sendable, Hashable {
        package var status: Int
        package var contentType: String?
        package var retryAfter: String?
        /// Empty for a file.
        package var body: [UInt8]
        /// The bytes that came, and those that were announced.
        package var size: Int
        package var announced: Int?
        package var isFile = false
        package var isWhole = true

        package var observation: Observation {
            Observation(status: status, contentType: contentType, body: body)
        }
    }

    package enum Result: Sendable, Hashable {
        case answered(Answer)
        /// It left, and no answer came.
        case lost(String)
        /// It never left.
        case notSent(String)
        /// The leash held it back.
        case withheld(String)
    }

    /// What the contract answers, and where a profile file has its own.
    package struct Expected: Sendable, Hashable {
        package var slot: String
        package var answer: Observation
    }

    /// 1-based, in the order of coming.
    package var number: Int
    /// Milliseconds since the proxy listened, and from request to answer.
    package var at: Int64
    package var took: Int64 = 0
    package var kind: Kind
    package var method: String
    package var target: String
    /// Which key it was, counted from 1; nil for none.
    package var key: Int?
    package var task: String?
    package var wantsFile = false
    package var model: String?
    /// The refusal of a request with a good key; nil when it is no refusal.
    package var expected: Expected?
    /// The same for a key that nobody has.
    package var expectedOfStranger: Expected?
    package var request = ""
    package var result: Result
    /// The credits that stayed at stake.
    package var credits: Int64 = 0
}

extension SeenExchange: Record {
    package static let blank = SeenExchange(
        number: 0, at: 0, kind: .other, method: "", target: "", result: .withheld(""))

    /// Milliseconds of a run: a year.
    private static let times: ClosedRange<Int64> = 0...31_622_400_000

    package mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.integer("number", &number)
        try visitor.integer("at", &at, in: Self.times)
        if visitor.has("took", true) { try visitor.integer("took", &took, in: Self.times) }
        try visitor.word("kind", &kind)
        try visitor.text("method", &method)
        try visitor.text("target", &target)
        try visitor.optional("key", &key)
        try visitor.optional("task", &task)
        try visitor.flag(ifSet: "file", &wantsFile)
        try visitor.optional("model", &model)
        if visitor.has("credits", credits != 0) { try visitor.integer("credits", &credits, in: .any) }
        if visitor.has("request", !request.isEmpty) { try visitor.text("request", &request) }
        try result.visit(&visitor)
        try visitor.optional("expected", &expected)
        try visitor.optional("expectedOfStranger", &expectedOfStranger)
    }

    /// A line of JSON with its end.
    package var line: [UInt8] { JSONWriter.line(isShown: true) { $0.members(of: self) } }
}

extension SeenExchange.Result {
    fileprivate mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        var answer: SeenExchange.Answer?
        var (lost, notSent, withheld): (String?, String?, String?)
        switch self {
        case .answered(let given): answer = given
        case .lost(let reason): lost = reason
        case .notSent(let reason): notSent = reason
        case .withheld(let reason): withheld = reason
        }
        try visitor.optional("answer", &answer)
        try visitor.optional("lost", &lost)
        try visitor.optional("notSent", &notSent)
        try visitor.optional("withheld", &withheld)
        guard visitor.isReading else { return }
        self =
            answer.map { .answered($0) } ?? lost.map { .lost($0) } ?? notSent.map { .notSent($0) }
            ?? .withheld(withheld ?? "")
    }
}

extension SeenExchange.Answer: Record {
    package static let blank = SeenExchange.Answer(status: 0, body: [], size: 0)

    package mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.integer("status", &status, in: statusRange)
        try visitor.optional("contentType", &contentType)
        try visitor.optional("retryAfter", &retryAfter)
        try visitor.integer("size", &size)
        try visitor.optional("announced", &announced, in: .any)
        try visitor.flag(ifSet: "file", &isFile)
        if visitor.has("whole", !isWhole) { try visitor.flag("whole", &isWhole) }
        if visitor.has("body", !body.isEmpty) { try visitor.shownText("body", &body) }
    }
}

extension SeenExchange.Expected: Record {
    package static let blank = SeenExchange.Expected(
        slot: "", answer: Observation(status: 0, contentType: nil, body: []))

    package mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.text("slot", &slot)
        try visitor.integer("status", &answer.status, in: statusRange)
        try visitor.optional("contentType", &answer.contentType)
        try visitor.shownText("body", &answer.body)
    }
}

private let statusRange: ClosedRange<Int64> = 100...999

extension ClosedRange<Int64> {
    /// What a server can say.
    fileprivate static var any: ClosedRange<Int64> { Int64.min...Int64.max }
}

extension RecordVisitor {
    /// Bytes as text, whatever they are.
    fileprivate mutating func shownText(_ key: StaticString, _ bytes: inout [UInt8]) throws(Failure) {
        var text = String(decoding: bytes, as: UTF8.self)
        try self.text(key, &text)
        bytes = Array(text.utf8)
    }
}
