package import ClipriseHTTP
internal import ClipriseWire

/// The parts of a URL that a callback may be sent to (RFC 3986 §3).
package struct CallbackTarget: Sendable, Hashable {
    package typealias Scheme = HTTPCall.Scheme

    package var scheme: Scheme
    package var host: CallbackHost
    /// 1–65535.
    package var port: UInt16
    /// Path and query as they stand in the request line: ASCII, with the leading slash, without the fragment.
    package var pathAndQuery: String
    /// Whether the URL ended after the port.
    package var isBare: Bool

    package init(_ url: String) throws(CallbackRefusal) {
        try self.init(Array(url.utf8))
    }

    /// Reads an `http` or `https` URL.
    ///
    /// What is not ASCII, and what RFC 3986 wants escaped, is percent-encoded in path and query and refused in the host.
    package init(_ url: [UInt8]) throws(CallbackRefusal) {
        guard url.count <= CallbackRefusal.urlLimit else { throw .urlTooLong(bytes: url.count) }
        if let place = url.firstIndex(where: Self.isNeverInURL) { throw .badByte(url[place], at: place) }
        let rest: ArraySlice<UInt8>
        if let after = Self.rest(of: url, after: "https://") {
            scheme = .https
            rest = after
        } else if let after = Self.rest(of: url, after: "http://") {
            scheme = .http
            rest = after
        } else {
            throw .badScheme
        }
        let end = rest.firstIndex { "/?#".utf8.contains($0) } ?? rest.endIndex
        (host, port) = try Self.authority(rest[..<end], usualPort: scheme.usualPort)
        isBare = end == rest.endIndex
        pathAndQuery = Self.pathAndQuery(rest[end...])
    }

    /// What `Host` says: the port only where it is not the usual one (RFC 9110 §7.2).
    package var authority: String {
        port == scheme.usualPort ? "\(host)" : "\(host):\(port)"
    }

    private static func rest(of url: [UInt8], after scheme: String) -> ArraySlice<UInt8>? {
        let head = url.prefix(scheme.utf8.count)
        return head.map(\.asciiLowercased).elementsEqual(scheme.utf8) ? url[head.endIndex...] : nil
    }

    private static func authority(
        _ bytes: ArraySlice<UInt8>, usualPort: UInt16
    ) throws(CallbackRefusal) -> (CallbackHost, UInt16) {
        guard !bytes.contains(UInt8(ascii: "@")) else { throw .userInfo }
        // Colons inside of brackets belong to the address.
        let afterBrackets = bytes.lastIndex(of: UInt8(ascii: "]")) ?? bytes.startIndex
        let colon = bytes[afterBrackets...].firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        let host = try CallbackHost(String(decoding: bytes[..<colon], as: UTF8.self))
        let digits = bytes[colon...].dropFirst()
        if digits.isEmpty { return (host, usualPort) }
        let text = String(decoding: digits.prefix(16), as: UTF8.self)
        guard digits.count <= 5, digits.allSatisfy(\.isASCIIDigit), let port = UInt16(text), port > 0
        else { throw .badPort(text) }
        return (host, port)
    }

    private static func pathAndQuery(_ bytes: ArraySlice<UInt8>) -> String {
        let kept = bytes[..<(bytes.firstIndex(of: UInt8(ascii: "#")) ?? bytes.endIndex)]
        var text: [UInt8] = kept.first == UInt8(ascii: "/") ? [] : [UInt8(ascii: "/")]
        text.append(contentsOf: escaped(kept))
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes with all percent-encoded that is not ASCII, that is a bracket, or that is a percent sign by itself.
    static func escaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        for (place, byte) in zip(bytes.indices, bytes) {
            let isAlone =
                switch byte {
                case 0x80..., UInt8(ascii: "["), UInt8(ascii: "]"): true
                case UInt8(ascii: "%"):
                    bytes[place...].dropFirst().prefix(2).count { hexValue($0) != nil } < 2
                default: false
                }
            if isAlone { text.append(percentEncoded: CollectionOfOne(byte)) } else { text.append(byte) }
        }
        return text
    }

    private static func isNeverInURL(_ byte: UInt8) -> Bool {
        switch byte {
        case ...0x20, 0x7F, UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"),
            UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
            true
        default: false
        }
    }
}
