internal import ClipriseHTTP

/// Where a service is: `http` or `https`, a host, perhaps a port.
public struct BaseURL: Sendable, Hashable {
    /// How a service is spoken to.
    public enum Scheme: String, Sendable, Hashable {
        /// Plain.
        case http
        /// Over TLS.
        case https
    }

    /// How the service is spoken to.
    public let scheme: Scheme
    /// A name as given, or an address; one of version 6 without brackets.
    public let host: String
    /// 1–65535; the scheme's usual one (80, 443) unless given.
    public let port: Int

    /// Reads a URL of a host: ASCII, without user, query and fragment, and without a path but `/`.
    ///
    /// Nil for anything else. Names of other scripts are written as `xn--…`.
    public init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), let scheme = Scheme(rawValue: text[..<colon].lowercased()),
            text[colon...].hasPrefix("://")
        else { return nil }
        var rest = text[text.index(colon, offsetBy: 3)...]
        if rest.hasSuffix("/") { rest.removeLast() }
        let isInBrackets = rest.hasPrefix("[")
        let end = (isInBrackets ? rest.firstIndex(of: "]") : nil) ?? rest.startIndex
        let port = rest[end...].firstIndex(of: ":") ?? rest.endIndex
        var host = rest[..<port]
        if isInBrackets {
            guard host.last == "]" else { return nil }
            host = host.dropFirst().dropLast()
            guard case .v6? = IPAddress(String(host)) else { return nil }
        } else {
            guard (1...254).contains(host.utf8.count), host.utf8.allSatisfy(Self.isNameByte) else { return nil }
        }
        let digits = rest[port...].dropFirst()
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), digits.utf8.count <= 5 else { return nil }
        self.scheme = scheme
        self.host = String(host)
        self.port = digits.isEmpty ? (scheme == .https ? 443 : 80) : Int(digits) ?? 0
        guard (1...65_535).contains(self.port) else { return nil }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }
}
