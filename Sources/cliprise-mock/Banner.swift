internal import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseServer
internal import ClipriseWire

/// What is said when the server listens.
struct Banner {
    /// Where a client on this machine finds the server.
    var url: String
    /// The same over TLS; nil without it.
    var tlsURL: String?
    var seed: UInt64
    var scenarios: [Scenario]
    var key: String
    /// What its account has; nil when there is no account yet.
    var credits: Int64?
    var isOpen: Bool
    var hostGate: EngineSettings.HostGate
    /// What other machines need for the admin API; nil when none can come.
    var token: String?
    /// Whether this machine needs the token too, because it comes from an address that is not the loopback.
    var adminNeedsToken: Bool

    var readyLine: String {
        func write(_ scenario: Scenario, to writer: inout JSONWriter) {
            writer.object {
                $0.member("name", scenario.name)
                $0.member("hash", scenario.hash.hex)
            }
        }
        let line = JSONWriter.line(isShown: true) { writer in
            writer.member("ready", true)
            writer.member("url", url)
            if let tlsURL { writer.member("tls_url", tlsURL) }
            writer.member("seed", seed)
            writer.key("scenario")
            switch scenarios.count {
            case 0: writer.null()
            case 1: write(scenarios[0], to: &writer)
            default: writer.array(scenarios) { write($1, to: &$0) }
            }
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// For people: three commands that work when they are pasted into a shell.
    var text: String {
        let isLetIn = hostGate == .loopback && !adminNeedsToken
        let hostOption = isLetIn ? "" : " -H 'Host: \(Contract.host)'"
        let tokenLine = token.map { "  admin token for other machines: \($0)\n\n" } ?? ""
        let tokenOption = adminNeedsToken ? " -H \(ShellWord.quoted("Authorization: Bearer \(token ?? "")"))" : ""
        let keyField = ShellWord.quoted("Authorization: Bearer \(key)")
        let account = isOpen ? "" : "/" + encodedKey
        return """
            cliprise-mock \(Service.version) listens on \(url)\(tlsURL.map { " and \($0)" } ?? "") (seed \(seed)).
              page     \(url)/__admin/
              account  \(keyLine)
            \(story)

              curl -s\(hostOption) -H \(keyField) -H 'Content-Type: application/json' \\
                \(url)/app/cliprise/generate -d '{"model":"qwen-image-2",
                "callBackUrl":"https://your-service.example.com/webhooks/cliprise",
                "input":{"prompt":"A lighthouse","image_size":"16:9","output_format":"jpeg","seed":424242}}'

              curl -s\(hostOption) '\(url)/app/cliprise/status?apiKey=\(encodedKey)&taskId=TASK_ID'

              curl -s\(tokenOption) '\(url)/__admin/accounts\(account)'

            \(tokenLine)Ctrl-C ends it.

            """
    }

    /// A line for each scenario.
    private var story: String {
        scenarios.isEmpty
            ? "\nTry:"
            : "\n" + scenarios.map { "  \($0.name.printable): \($0.about.printable)" }.joined(separator: "\n")
                + "\n\nTry:"
    }

    /// The key, and what its account has.
    private var keyLine: String {
        guard let credits, !isOpen else { return "any key: an unknown one gets an account with 10,000 credits" }
        return "\(key.printable), \(DecimalText.count(credits, "credit", isGrouped: true))"
    }

    private var encodedKey: String { String(percentEncoded: key.utf8) }
}
