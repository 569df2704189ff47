public import ClipriseForm
public import ClipriseJSON
public import ClipriseWire

/// One value of an enumeration or a price condition.
public enum Scalar: Sendable, Hashable {
    case text(String)
    case number(Double)
    case boolean(Bool)

    /// How well a JSON value fits.
    public enum Fit: Sendable, Hashable {
        case none
        /// The same value in another spelling: other case, or a number for a numeric string.
        case loose
        case exact
    }

    public init?(_ json: JSONValue) {
        if let text = json.string {
            self = .text(text)
        } else if let number = json.number {
            self = .number(number)
        } else if let boolean = json.boolean {
            self = .boolean(boolean)
        } else {
            return nil
        }
    }

    public func fit(_ json: JSONValue) -> Fit {
        switch self {
        case .text(let text):
            if let bytes = json.utf8 {
                // Most are told apart by their length.
                guard bytes.count == text.utf8.count else { return .none }
                if bytes.spells(text) { return .exact }
                return equalsIgnoringCase(bytes, text) ? .loose : .none
            }
            guard let number = json.number, let mine = plainNumber(text) else { return .none }
            return number == mine ? .loose : .none
        case .number(let mine):
            if let number = json.number { return number == mine ? .exact : .none }
            guard let bytes = json.utf8, let number = plainNumber(bytes) else { return .none }
            return number == mine ? .loose : .none
        case .boolean(let mine):
            return json.boolean == mine ? .exact : .none
        }
    }

    /// Whether two scalars mean the same: text without case, a number as its text.
    public func means(_ other: Scalar) -> Bool {
        switch (self, other) {
        case (.text(let left), .text(let right)): left == right || equalsIgnoringCase(left.utf8, right)
        case (.number(let left), .number(let right)): left == right
        case (.boolean(let left), .boolean(let right)): left == right
        case (.text(let text), .number(let number)), (.number(let number), .text(let text)): plainNumber(text) == number
        default: false
        }
    }

    /// The number itself, or the one that a text writes.
    var writtenNumber: Double? {
        switch self {
        case .number(let number): number
        case .text(let text): plainNumber(text)
        case .boolean: nil
        }
    }

    /// The number itself, or the one that a text begins with, as in `768P`.
    public var leadingNumber: Double? {
        switch self {
        case .number(let number): number
        case .text(let text): Double(text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") })
        case .boolean: nil
        }
    }
}

extension Scalar: RecordValue {
    public static var kind: RecordKind { .any([.text, .real, .flag]) }

    public init(_ json: JSONValue, _ manner: RecordManner) throws(RecordError) {
        guard let scalar = Scalar(json), scalar != .text("") else {
            throw RecordError([], .expected("a text, a number, true or false"))
        }
        self = scalar
    }

    public func write(to writer: inout JSONWriter) {
        switch self {
        case .text(let text): writer.string(text)
        case .number(let number): number.write(to: &writer)
        case .boolean(let boolean): writer.boolean(boolean)
        }
    }
}

extension Scalar: CustomStringConvertible {
    public var description: String {
        switch self {
        case .text(let text): text
        case .boolean(let boolean): "\(boolean)"
        case .number(let number):
            if let whole = Int64(exactly: number) { "\(whole)" } else { "\(number)" }
        }
    }
}

/// The number that a text writes in plain decimal form, as `5`, `-1` or `2.5`; nil for all other text.
func plainNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    guard (1...20).contains(bytes.count), let last = bytes.last, (0x30...0x39).contains(last) else { return nil }
    let isNegative = bytes[0] == UInt8(ascii: "-")
    var (digits, scale, isFraction): (UInt64, Double, Bool) = (0, 1, false)
    for byte in bytes[(isNegative ? 1 : 0)...] {
        if byte == UInt8(ascii: ".") {
            guard !isFraction else { return nil }
            isFraction = true
        } else {
            guard (0x30...0x39).contains(byte) else { return nil }
            // May wrap around, but then there are too many for the short way.
            digits = digits &* 10 &+ UInt64(byte &- 0x30)
            if isFraction { scale *= 10 }
        }
    }
    // Both numbers are exact, so that their quotient is rounded once, as the text would be.
    guard bytes.count <= 15 else { return Double(String(decoding: bytes, as: UTF8.self)) }
    let number = Double(digits) / scale
    return isNegative ? -number : number
}

/// The same for text of the catalogue; `Double(_:)` alone would also take `nan` and `0x10`.
func plainNumber(_ text: String) -> Double? {
    Array(text.utf8).withUnsafeBufferPointer(plainNumber)
}

private func equalsIgnoringCase(_ bytes: some Collection<UInt8>, _ text: String) -> Bool {
    guard bytes.count == text.utf8.count else { return false }
    for (left, right) in zip(bytes, text.utf8) where lowered(left) != lowered(right) { return false }
    return true
}

private func lowered(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
}
