/// The host and port of a URL whose scheme is `http`; a path is left out, apart from `/`.
struct HealthTarget {
    /// Without the brackets of an address of version 6.
    var host: String
    var port: String
    /// As it stands in `Host`.
    var authority: String

    /// Nil when it is no such URL, or has a user, a query or anything but printable ASCII.
    init?(_ url: String) {
        guard url.lowercased().hasPrefix("http://"), url.utf8.count <= 300,
            url.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        var rest = url.dropFirst("http://".count)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.isEmpty, !rest.contains(where: { "/?#@\\".contains($0) }) else { return nil }
        authority = String(rest)
        var after = rest[...]
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            host = String(rest[rest.index(after: rest.startIndex)..<end])
            after = rest[rest.index(after: end)...]
        } else {
            let end = rest.firstIndex(of: ":") ?? rest.endIndex
            host = String(rest[..<end])
            after = rest[end...]
        }
        guard !host.isEmpty else { return nil }
        guard after.isEmpty || after.first == ":" else { return nil }
        guard let number = after.isEmpty ? 80 : UInt16(after.dropFirst()), number > 0 else { return nil }
        port = String(number)
    }
}
