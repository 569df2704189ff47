internal import ArgumentParser
internal import Glibc

struct HealthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Ask a running server whether it takes requests.",
        discussion: """
            Exit code 0 when it does; otherwise 1, with a line that says why. For the health checks of containers and \
            for scripts that wait.

            examples:
              cliprise-mock health
              cliprise-mock health --url http://127.0.0.1:9000 --timeout 5
            """)

    @Option(help: "Where the server is; without it http://127.0.0.1 and the port.")
    var url: String?
    @Option(help: "The port on this machine, when there is no --url.")
    var port: UInt16 = 8080
    @Option(help: ArgumentHelp("How long to wait for the whole answer, 1 to 300.", valueName: "seconds"))
    var timeout = 2

    func validate() throws {
        guard (1...300).contains(timeout) else { throw ValidationError("--timeout is from 1 to 300.") }
        guard port > 0 || url != nil else { throw ValidationError("--port 0 names no server; see its banner.") }
        if let url, HealthTarget(url) == nil {
            throw ValidationError("--url \(url): give it as http://HOST:PORT, such as http://127.0.0.1:8080.")
        }
    }

    func run() throws {
        guard let target = HealthTarget(url ?? "http://127.0.0.1:\(port)") else { return }
        signal(SIGPIPE, SIG_IGN)
        var check = HealthCheck(target, seconds: timeout)
        if let reason = check.problem() {
            throw Failure(code: .refused, message: "\(target.authority) is not ready: \(reason)")
        }
    }
}

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
