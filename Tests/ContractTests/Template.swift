/// Text with places in double braces, as transcripts write it.
///
/// - `{{name}}` stands for a bound text; in an expectation an unbound name takes 32 lower-case hexadecimal digits.
/// - `{{some}}` matches one or more bytes inside one line and one JSON string, `{{any}}` none as well; expectations
///   only.
/// - `{{801 x}}` is the text `x`, 801 times; requests only need it.
struct Template {
    enum Part: Hashable {
        case literal([UInt8])
        case name(String)
        /// Any text without line ends and bare quotes, of at least so many bytes.
        case any(atLeast: Int)
    }

    private let parts: [Part]

    init(_ text: String) {
        var parts: [Part] = []
        var rest = Array(text.utf8)[...]
        let (open, close) = (Array("{{".utf8), Array("}}".utf8))
        while let start = rest.position(of: open), let end = rest[(start + 2)...].position(of: close) {
            parts.append(.literal(Array(rest[..<start])))
            parts.append(Self.place(String(decoding: rest[(start + 2)..<end], as: UTF8.self)))
            rest = rest[(end + 2)...]
        }
        parts.append(.literal(Array(rest)))
        self.parts = parts
    }

    private static func place(_ text: String) -> Part {
        if text == "any" { return .any(atLeast: 0) }
        if text == "some" { return .any(atLeast: 1) }
        let words = text.split(separator: " ", maxSplits: 1)
        guard words.count == 2, let count = Int(words[0]) else { return .name(text) }
        return .literal(Array(String(repeating: String(words[1]), count: count).utf8))
    }

    struct Unbound: Error, CustomStringConvertible {
        var name: String
        var description: String { "{{\(name)}} is not bound here" }
    }

    /// The text with every place filled in.
    func filled(_ bindings: [String: String]) throws -> [UInt8] {
        var result: [UInt8] = []
        for part in parts {
            switch part {
            case .literal(let bytes): result += bytes
            case .any: throw Unbound(name: "any")
            case .name(let name):
                guard let text = bindings[name] else { throw Unbound(name: name) }
                result += Array(text.utf8)
            }
        }
        return result
    }

    /// Matches all of `bytes`; binds the names that it meets first, and only when everything fits.
    func matches(_ bytes: [UInt8], _ bindings: inout [String: String]) -> Bool {
        guard let bound = Self.match(parts[...], bytes[...], bindings) else { return false }
        bindings = bound
        return true
    }

    private static func match(
        _ parts: ArraySlice<Part>, _ bytes: ArraySlice<UInt8>, _ bindings: [String: String]
    ) -> [String: String]? {
        guard let part = parts.first else { return bytes.isEmpty ? bindings : nil }
        let rest = parts.dropFirst()
        switch part {
        case .literal(let literal):
            return bytes.starts(with: literal) ? match(rest, bytes.dropFirst(literal.count), bindings) : nil
        case .name(let name):
            if let bound = bindings[name] {
                let literal = Array(bound.utf8)
                return bytes.starts(with: literal) ? match(rest, bytes.dropFirst(literal.count), bindings) : nil
            }
            let digits = bytes.prefix(32)
            guard digits.count == 32, digits.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else { return nil }
            var bindings = bindings
            bindings[name] = String(decoding: digits, as: UTF8.self)
            return match(rest, bytes.dropFirst(32), bindings)
        case .any(let least):
            var end = bytes.startIndex
            while true {
                if end - bytes.startIndex >= least, let bound = match(rest, bytes[end...], bindings) { return bound }
                guard end < bytes.endIndex, bytes[end] != 0x0A, bytes[end] != UInt8(ascii: "\"") else { return nil }
                // An escaped quote does not end the string.
                end += bytes[end] == UInt8(ascii: "\\") && end + 1 < bytes.endIndex ? 2 : 1
            }
        }
    }
}

extension ArraySlice<UInt8> {
    /// Where `other` first stands, or nil.
    func position(of other: [UInt8]) -> Int? {
        indices.first { self[$0...].starts(with: other) }
    }
}
