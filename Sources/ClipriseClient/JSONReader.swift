/// Why a text is no JSON that we take.
public struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The 1-based line and the 1-based column, counted in bytes.
    public var line: Int
    public var column: Int
    /// What is wrong there.
    public var problem: String

    /// Place and problem.
    public var description: String { "\(line):\(column): \(problem)" }
}

extension RequestValue {
    /// Reads one JSON text (RFC 8259), at most 64 levels deep.
    ///
    /// - Throws: `JSONSyntaxError` with the place of the first error.
    public init(json bytes: [UInt8]) throws(JSONSyntaxError) {
        var reader = JSONReader(bytes)
        do {
            self = try reader.document()
        } catch {
            let before = bytes[..<error.offset]
            let line = before.reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
            let column = before.reversed().prefix { $0 != 0x0A }.count + 1
            throw JSONSyntaxError(line: line, column: column, problem: error.problem)
        }
    }
}

/// A recursive reader with a limit of depth; the limit of size is the caller's.
struct JSONReader {
    static let depthLimit = 64

    struct Failure: Error {
        var offset: Int
        var problem: String
    }

    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(Failure) -> RequestValue {
        let value = try value(depth: 1)
        skipSpace()
        guard index == bytes.count else { throw failure("something follows the value") }
        return value
    }

    private func failure(_ problem: String) -> Failure {
        Failure(offset: min(index, bytes.count), problem: index >= bytes.count ? "the text ends too early" : problem)
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[index]) { index += 1 }
    }

    /// The next byte that is no white space, not taken; 0 at the end.
    private mutating func peek() -> UInt8 {
        skipSpace()
        return index < bytes.count ? bytes[index] : 0
    }

    private mutating func take(_ byte: UInt8, _ problem: String) throws(Failure) {
        guard peek() == byte, index < bytes.count else { throw failure(problem) }
        index += 1
    }

    private mutating func value(depth: Int) throws(Failure) -> RequestValue {
        guard depth <= Self.depthLimit else { throw failure("nested deeper than \(Self.depthLimit) levels") }
        switch peek() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), 0x30...0x39: return try number()
        default: throw failure("a value is expected")
        }
    }

    private mutating func word(_ word: StaticString, _ value: RequestValue) throws(Failure) -> RequestValue {
        for offset in 0..<word.utf8CodeUnitCount {
            guard index < bytes.count, bytes[index] == word.utf8Start[offset] else {
                throw failure("\(word) is expected")
            }
            index += 1
        }
        return value
    }

    private mutating func object(depth: Int) throws(Failure) -> RequestValue {
        index += 1
        var fields: [RequestField] = []
        if peek() == UInt8(ascii: "}") {
            index += 1
            return .object(fields)
        }
        while true {
            guard peek() == UInt8(ascii: "\"") else { throw failure("a key in quotes is expected") }
            let key = try string()
            try take(UInt8(ascii: ":"), "\":\" is expected")
            fields.append(RequestField(key, try value(depth: depth + 1)))
            if peek() == UInt8(ascii: ",") {
                index += 1
                continue
            }
            try take(UInt8(ascii: "}"), "\",\" or \"}\" is expected")
            return .object(fields)
        }
    }

    private mutating func array(depth: Int) throws(Failure) -> RequestValue {
        index += 1
        var values: [RequestValue] = []
        if peek() == UInt8(ascii: "]") {
            index += 1
            return .array(values)
        }
        while true {
            values.append(try value(depth: depth + 1))
            if peek() == UInt8(ascii: ",") {
                index += 1
                continue
            }
            try take(UInt8(ascii: "]"), "\",\" or \"]\" is expected")
            return .array(values)
        }
    }

    private mutating func number() throws(Failure) -> RequestValue {
        let start = index
        var isWhole = true
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        let firstDigit = index
        try digits()
        if bytes[firstDigit] == 0x30, index - firstDigit > 1 {
            index = firstDigit
            throw failure("a number does not begin with 0")
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            isWhole = false
            index += 1
            try digits()
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            try digits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else {
            index = start
            throw failure("the number is too large")
        }
        return .number(value)
    }

    private mutating func digits() throws(Failure) {
        let start = index
        while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 { index += 1 }
        guard index > start else { throw failure("a digit is expected") }
    }

    private mutating func string() throws(Failure) -> String {
        let start = index
        index += 1
        var content: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    index = start
                    throw failure("the text is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): try escape(into: &content)
            case ..<0x20:
                index -= 1
                throw failure("a control character must be escaped")
            default: content.append(byte)
            }
        }
        throw failure("the text ends too early")
    }

    private mutating func escape(into content: inout [UInt8]) throws(Failure) {
        guard index < bytes.count else { throw failure("") }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"):
            let first = try hexUnit()
            var scalar = first
            if first >> 10 == 0x36, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
                bytes[index + 1] == UInt8(ascii: "u")
            {
                index += 2
                let second = try hexUnit()
                guard second >> 10 == 0x37 else { throw failure("half of a surrogate pair is missing") }
                scalar = 0x10000 + (first & 0x3FF) << 10 + second & 0x3FF
            }
            guard let character = Unicode.Scalar(scalar) else { throw failure("half of a surrogate pair is missing") }
            content.append(contentsOf: String(character).utf8)
        default:
            index -= 1
            throw failure("no such escape")
        }
    }

    private mutating func hexUnit() throws(Failure) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard index < bytes.count, let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else {
                throw failure("four hexadecimal digits are expected")
            }
            unit = unit << 4 | UInt32(digit)
            index += 1
        }
        return unit
    }
}
