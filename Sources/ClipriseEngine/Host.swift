internal import ClipriseWire

/// A `Host` field value taken apart (RFC 9110 §7.2); without a port too when none stands behind the colon (RFC 3986
/// §3.2.3).
public struct Host: Sendable {
    /// As sent, an IPv6 address with its brackets.
    public let name: ArraySlice<UInt8>
    public let port: UInt16?
    /// Whether the value is the documented host to the letter, as nearly every request has it.
    let isDocumented: Bool

    /// Nil when the value is empty or has a character that no host has.
    public init?(_ value: ArraySlice<UInt8>) {
        isDocumented = value.withUnsafeBufferPointer { $0.equals(Contract.host) }
        if isDocumented {
            name = value
            port = nil
            return
        }
        var end = value.endIndex
        while end > value.startIndex, value[end - 1] == 0x20 || value[end - 1] == 0x09 { end -= 1 }
        let value = value[..<end]
        var nameEnd = value.endIndex
        if value.first == UInt8(ascii: "[") {
            guard let closing = value.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            nameEnd = closing + 1
            for byte in value[(value.startIndex + 1)..<closing] {
                guard hexValue(byte) != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") else {
                    return nil
                }
            }
        } else {
            if let colon = value.firstIndex(of: UInt8(ascii: ":")) { nameEnd = colon }
            for byte in value[..<nameEnd] {
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    continue
                default: return nil
                }
            }
        }
        name = value[..<nameEnd]
        guard !name.isEmpty else { return nil }
        guard nameEnd < value.endIndex else {
            port = nil
            return
        }
        let digits = value[(nameEnd + 1)...]
        guard value[nameEnd] == UInt8(ascii: ":"), digits.count <= 5 else { return nil }
        guard !digits.isEmpty else {
            port = nil
            return
        }
        var number = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        guard let port = UInt16(exactly: number) else { return nil }
        self.port = port
    }

    /// Whether the name is this one, compared without case.
    func isNamed(_ literal: StaticString) -> Bool {
        Self.isSame(name, UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    /// Whether the name is this one in lower case, compared without case.
    public func isNamed(_ bytes: [UInt8]) -> Bool { Self.isSame(name, bytes) }

    private static func isSame(_ name: ArraySlice<UInt8>, _ wanted: [UInt8]) -> Bool {
        wanted.withUnsafeBufferPointer { isSame(name, $0) }
    }

    private static func isSame(_ name: ArraySlice<UInt8>, _ wanted: UnsafeBufferPointer<UInt8>) -> Bool {
        name.withUnsafeBufferPointer { name in
            guard wanted.count == name.count else { return false }
            for offset in 0..<wanted.count {
                let mine = name[offset]
                if (mine &- 0x41 < 26 ? mine | 0x20 : mine) != wanted[offset] { return false }
            }
            return true
        }
    }

    /// `localhost`, a name below it, 127.0.0.0/8 or `[::1]`.
    public var isLoopback: Bool {
        if isNamed("localhost") || isNamed("[::1]") { return true }
        return Self.isSame(name.suffix(Self.ending.count), Self.ending) && name.count > Self.ending.count || isIn127
    }

    private static let ending = Array(".localhost".utf8)

    /// Four decimal numbers up to 255, the first of which is 127.
    private var isIn127: Bool {
        guard name.first == UInt8(ascii: "1"), name.count <= 15 else { return false }
        var (parts, number, digits) = (0, 0, 0)
        for byte in name {
            if byte == UInt8(ascii: ".") {
                guard digits > 0, parts > 0 || number == 127 else { return false }
                (parts, number, digits) = (parts + 1, 0, 0)
            } else {
                guard byte &- 0x30 <= 9 else { return false }
                number = number * 10 + Int(byte - 0x30)
                digits += 1
                guard number <= 255 else { return false }
            }
        }
        return parts == 3 && digits > 0
    }
}
