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
    @Option(whole: "The port on this machine, when there is no --url.")
    var port: UInt16 = 8080
    @Option(whole: ArgumentHelp("How long to wait for the whole answer, 1 to 300.", valueName: "seconds"))
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
