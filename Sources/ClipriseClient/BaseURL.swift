internal import ClipriseHTTP
internal import ClipriseWire

/// Where a service is: `http` or `https`, a host, perhaps a port.
public struct BaseURL: Sendable, Hashable {
    /// `http` or `https`.
    public let scheme: String
    /// A name in ASCII or an address, that of version 6 without brackets.
    public let host: String
    /// 1 to 65535; nil for the usual one of the scheme.
    public let port: Int?

    /// Reads `http://127.0.0.1:8080` and the like; a `/` may follow.
    ///
    /// - Returns: Nil for what has a user, a path, a query or a fragment, and for what is no such URL.
    public init?(_ text: String) {
        guard let colon = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<colon.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        var rest = text[colon.upperBound...]
        if rest.hasSuffix("/") { rest.removeLast() }
        let hostEnd: Substring.Index
        if rest.hasPrefix("[") {
            guard let bracket = rest.firstIndex(of: "]") else { return nil }
            host = String(rest[rest.index(after: rest.startIndex)..<bracket])
            guard case .v6? = IPAddress(host) else { return nil }
            hostEnd = rest.index(after: bracket)
        } else {
            hostEnd = rest.firstIndex(of: ":") ?? rest.endIndex
            host = String(rest[..<hostEnd])
            guard (1...255).contains(host.utf8.count),
                host.utf8.allSatisfy({ $0.isASCIIAlphanumeric || "-._".utf8.contains($0) })
            else { return nil }
        }
        rest = rest[hostEnd...]
        if rest.isEmpty || rest == ":" {
            port = nil
        } else {
            let digits = rest.dropFirst()
            guard rest.first == ":", digits.utf8.allSatisfy(\.isASCIIDigit), let number = Int(digits),
                (1...65_535).contains(number)
            else { return nil }
            port = number
        }
        self.scheme = scheme
    }
}

extension BaseURL: CustomStringConvertible {
    /// As it is written.
    public var description: String {
        "\(scheme)://\(host.contains(":") ? "[\(host)]" : host)\(port.map { ":\($0)" } ?? "")"
    }
}
