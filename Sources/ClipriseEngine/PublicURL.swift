/// A URL of scheme and authority alone, such as `https://mock.test:8443`.
public struct PublicURL: Sendable, Hashable {
    /// Without a slash at the end.
    public let text: String
    /// The name in lower case, an IPv6 address with its brackets.
    public let host: [UInt8]

    /// Nil for anything else than `http://` or `https://`, a host, perhaps a port, and perhaps a slash.
    public init?(_ url: String) {
        var rest = url[...]
        let scheme = rest.lowercased().hasPrefix("https://") ? "https://" : "http://"
        guard rest.lowercased().hasPrefix(scheme) else { return nil }
        rest.removeFirst(scheme.count)
        if rest.hasSuffix("/") { rest.removeLast() }
        guard let host = Host(Array(rest.utf8)[...]), rest.utf8.last != UInt8(ascii: " ") else { return nil }
        let name = String(decoding: host.name, as: UTF8.self).lowercased()
        self.host = Array(name.utf8)
        text = scheme + name + (host.port.map { ":\($0)" } ?? "")
    }
}
