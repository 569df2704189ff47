public import ClipriseWire

/// What an accepted body asks for, checked and priced.
@dynamicMemberLookup
public struct Order: Sendable {
    /// All of an order that does not depend on the text of its prompt.
    public struct Terms: Sendable, Equatable {
        /// The model's 0-based position in the catalogue.
        public var model: Int
        /// The price row's 0-based position in the model's price rule.
        public var row: Int
        /// How often the row is charged: seconds, blocks, or 1.
        public var multiplier: Int64
        /// The price in whole credits.
        public var credits: Int64
        public var shape: ResultShape
        /// Whether the result is a video, and how long such a task usually takes, in seconds.
        public var isVideo: Bool
        public var typicalSeconds: Double
        /// At most `callBackURLLimit` bytes.
        public var callBackURL: [UInt8]
        /// At most `warningLimit`, in the order in which they were found.
        public var warnings: [Warning]
    }

    /// Terms in one piece of memory, made once for all bodies of a form (`BodyForms`).
    @usableFromInline final class SharedTerms: Sendable, Equatable {
        @usableFromInline let value: Terms

        init(_ value: consuming Terms) { self.value = value }

        @usableFromInline static func == (left: SharedTerms, right: SharedTerms) -> Bool { left.value == right.value }
    }

    @usableFromInline private(set) var terms: SharedTerms
    /// Where the prompt's beginning stands.
    private let text: [UInt8]
    private let place: Range<Int32>
    /// Whether more of it is not kept.
    private let isCut: Bool
    /// What the body asks for (`BodyMeaning`); 0 when nobody worked it out.
    public var meaning: UInt64 = 0
    /// Tells bodies apart, byte by byte (`BodyHash`); nil when nobody worked it out.
    public var bodyHash: UInt64?

    /// The longest `callBackUrl`, in bytes; it is kept with the task.
    public static let callBackURLLimit = 8_192
    /// The most warnings of one body; when there are more, the last one says so.
    public static let warningLimit = 32

    /// - Parameters:
    ///   - text: Holds the prompt.
    ///   - place: Where it stands there.
    init(
        _ terms: SharedTerms, promptIn text: [UInt8], _ place: Range<Int>, meaning: UInt64 = 0, bodyHash: UInt64? = nil
    ) {
        var end = place.upperBound
        isCut = place.count > Self.promptLimit
        if isCut {
            end = place.lowerBound + Self.promptLimit - Self.ellipsis.utf8CodeUnitCount
            while end > place.lowerBound, text[end] & 0xC0 == 0x80 { end -= 1 }
            while end > place.lowerBound, text[end - 1] == UInt8(ascii: " ") { end -= 1 }
        }
        self.place = Int32(place.lowerBound)..<Int32(end)
        (self.terms, self.text, self.meaning, self.bodyHash) = (terms, text, meaning, bodyHash)
    }

    init(_ terms: SharedTerms, prompt: [UInt8]) { self.init(terms, promptIn: prompt, prompt.indices) }

    /// The beginning of the prompt, at most 96 bytes of UTF-8, cut at a character; then it ends in an ellipsis.
    public var prompt: [UInt8] {
        var prompt: [UInt8] = []
        withPrompt { prompt = Array($0) }
        return prompt
    }

    /// Looks at the beginning of the prompt without a copy, where it is whole.
    public func withPrompt(_ look: (UnsafeRawBufferPointer) -> Void) {
        text.withUnsafeBytes { text in
            let start = UnsafeRawBufferPointer(rebasing: text[Int(place.lowerBound)..<Int(place.upperBound)])
            guard isCut else { return look(start) }
            let dots = UnsafeRawBufferPointer(start: Self.ellipsis.utf8Start, count: Self.ellipsis.utf8CodeUnitCount)
            withUnsafeTemporaryAllocation(byteCount: Self.promptLimit, alignment: 1) { room in
                room.copyMemory(from: start)
                UnsafeMutableRawBufferPointer(rebasing: room[start.count...]).copyMemory(from: dots)
                look(UnsafeRawBufferPointer(rebasing: room[..<(start.count + dots.count)]))
            }
        }
    }

    static let promptLimit = 96
    private static let ellipsis: StaticString = "…"

    @inlinable public subscript<Value>(dynamicMember path: KeyPath<Terms, Value>) -> Value {
        terms.value[keyPath: path]
    }

    /// The same order with one warning more.
    public func warned(_ warning: Warning) -> Order {
        var warned = terms.value
        warned.warnings.append(warning)
        var order = self
        order.terms = SharedTerms(warned)
        return order
    }
}

extension Order: Equatable {
    public static func == (left: Order, right: Order) -> Bool {
        left.terms == right.terms && left.prompt == right.prompt
            && (left.meaning, left.bodyHash) == (right.meaning, right.bodyHash)
    }
}

/// The measures of a result.
public struct ResultShape: Sendable, Hashable {
    public var form: ResultSpec.Form
    /// Size in pixels; 0 for sound and text.
    public var width: Int
    public var height: Int
    /// Length in seconds; 0 for images.
    public var seconds: Int
    public var count: Int
    public var hasSound: Bool

    public init(form: ResultSpec.Form, width: Int, height: Int, seconds: Int, count: Int, hasSound: Bool) {
        self.form = form
        self.width = width
        self.height = height
        self.seconds = seconds
        self.count = count
        self.hasSound = hasSound
    }
}

/// A rule that was broken but is not enforced, or a habit that another deployment may refuse.
public struct Warning: Sendable, Hashable {
    /// Where, as in `input.duration`.
    public var key: String
    /// What is wrong, as a clause that continues the key.
    public var problem: String
    /// Who states the rule.
    public var from: Provenance

    public init(key: String, problem: String, from: Provenance) {
        self.key = key
        self.problem = problem
        self.from = from
    }
}

extension Warning: CustomStringConvertible {
    public var description: String { "\(key) \(problem) [\(from.rawValue)]" }
}

/// Why a body is refused.
public struct Refusal: Error, Sendable, Hashable {
    public enum Form: Sendable, Hashable {
        /// HTTP 200 with `{"code":400,"msg":…,"data":null}`.
        case code400
        /// HTTP 200 with an empty body.
        case empty
        /// HTTP 400 with `{"msg":"invalid_model_id"}`.
        case unknownModel
    }

    public var clause: Clause
    public var form: Form
    public var text: RefusalText
    /// The model's 0-based position in the catalogue; nil when it is not there.
    public var position: Int?
    /// As in `Order`.
    public var meaning: UInt64 = 0

    init(_ clause: Clause, _ form: Form, _ text: RefusalText) {
        self.clause = clause
        self.form = form
        self.text = text
    }
}

/// How a catalogue is applied.
public struct CheckPolicy: Sendable, Hashable {
    /// Whether rules that are not documented refuse as well.
    public var isStrict: Bool
    /// Whether the models that take `options` must be given it (contract, PRO-2).
    public var requiresOptions: Bool
    /// Whether a model whose verification names root and input must have its prompt in both (contract, PRO-2).
    public var requiresTwins: Bool
    /// Whether bodies without `input` pass for the models that later editions let have them (contract, PRO-3).
    public var takesRootOnly: Bool
    /// Whether a model that is not in the catalogue is taken, with a warning; needs `Catalog.takingAnyModel`.
    public var takesAnyModel: Bool

    public init(
        isStrict: Bool = false, requiresOptions: Bool = false, requiresTwins: Bool = false,
        takesRootOnly: Bool = false, takesAnyModel: Bool = false
    ) {
        self.isStrict = isStrict
        self.requiresOptions = requiresOptions
        self.requiresTwins = requiresTwins
        self.takesRootOnly = takesRootOnly
        self.takesAnyModel = takesAnyModel
    }

    func isEnforced(_ from: Provenance) -> Bool { isStrict || from.isEnforced }
}
