internal import ClipriseWire

/// A request target taken apart, undecoded.
public struct Target: Sendable {
    public let path: ArraySlice<UInt8>
    public let query: ArraySlice<UInt8>
    /// The authority of an absolute-form target, which stands above the `Host` field (RFC 9112 §3.2.2).
    public let authority: ArraySlice<UInt8>?

    public init(_ target: [UInt8]) {
        var rest = target[...]
        var authority: ArraySlice<UInt8>?
        if rest.first != UInt8(ascii: "/"), let colon = rest.firstIndex(of: UInt8(ascii: ":")),
            rest[colon...].starts(with: "://".utf8), Self.isScheme(rest[..<colon])
        {
            rest = rest[(colon + 3)...]
            let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
            authority = rest[..<end]
            rest = rest[end...]
        }
        self.authority = authority
        let mark = rest.withUnsafeBufferPointer { bytes in
            bytes.place(of: UInt8(ascii: "?"), from: 0, to: bytes.count).map { rest.startIndex + $0 }
        }
        path = rest[..<(mark ?? rest.endIndex)]
        query = mark.map { rest[($0 + 1)...] } ?? []
    }

    /// RFC 3986 §3.1.
    private static func isScheme(_ text: ArraySlice<UInt8>) -> Bool {
        guard let first = text.first, first.isASCIILetter else { return false }
        return text.allSatisfy { $0.isASCIIAlphanumeric || "+-.".utf8.contains($0) }
    }

    /// Whether the path is `literal`, or `literal` and one slash (HTTP-4).
    public func isPath(_ literal: StaticString) -> Bool {
        let rest = path.count - literal.utf8CodeUnitCount
        return (rest == 0 || rest == 1 && endsWithSlash) && startsWith(literal)
    }

    public var endsWithSlash: Bool { path.last == UInt8(ascii: "/") }

    /// Whether the path is `literal` or stands below it.
    public func isBelow(_ literal: StaticString) -> Bool {
        guard startsWith(literal) else { return false }
        let length = literal.utf8CodeUnitCount
        return path.count == length || path[path.startIndex + length] == UInt8(ascii: "/")
    }

    private func startsWith(_ literal: StaticString) -> Bool {
        let length = literal.utf8CodeUnitCount
        return path.withUnsafeBufferPointer { path in
            path.count >= length && UnsafeBufferPointer(rebasing: path[..<length]).equals(literal)
        }
    }
}
