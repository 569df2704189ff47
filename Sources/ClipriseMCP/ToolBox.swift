internal import ClipriseConformance
internal import ClipriseJSON
internal import ClipriseOpenAPI
internal import ClipriseWire

/// What the tools do: most of them run a command of this program, the others ask the mock that `start` began.
struct ToolBox {
    struct Answer {
        var text: String
        var isError = false
    }

    private let program: OwnProgram
    private var mock: RunningMock?

    init(_ program: OwnProgram) {
        self.program = program
    }

    mutating func end() {
        mock?.stop()
        mock = nil
    }

    mutating func use(_ name: String, _ arguments: JSONValue?) -> Answer {
        func text(_ key: String) -> String? { arguments?.member(key)?.string }
        switch name {
        case "models": return models(text("model"))
        case "quote": return quote(arguments)
        case "start": return start(arguments)
        case "stop":
            guard mock != nil else { return noMock }
            end()
            return Answer(text: "stopped")
        case "accounts":
            let ledger = text("key").map { "accounts/\(String(percentEncoded: $0.utf8))/ledger" }
            return ask(ledger ?? "accounts")
        case "run_scenario": return simulate(arguments)
        case "grade":
            let isFinal = arguments?.member("final")?.boolean ?? false
            return ask("grade", body: #"{"final":\#(isFinal)}"#)
        case "explain": return explain(arguments?.member("event")?.integer ?? 0, text("key") ?? "test-key")
        default: return Answer(text: "not a tool", isError: true)
        }
    }

    // MARK: Commands

    private func run(_ arguments: [String], input: [UInt8] = []) -> Answer {
        do {
            let outcome = try program.run(arguments, input: input)
            let text = outcome.output + (outcome.errors.isEmpty ? "" : "\n" + outcome.errors)
            return Answer(text: text, isError: outcome.status != 0)
        } catch {
            return Answer(text: error.reason, isError: true)
        }
    }

    /// An argument that could be taken for an option is refused by its own command; it is never one.
    private func models(_ id: String?) -> Answer {
        guard let id else { return run(["models", "list"]) }
        return run(["models", "show", "--", id])
    }

    private func quote(_ arguments: JSONValue?) -> Answer {
        var options = ["quote", "--json"]
        if let profile = arguments?.member("profile")?.string {
            guard isEdition(profile) else { return noEdition }
            options.append("--profile=\(profile)")
        }
        if arguments?.member("strict")?.boolean ?? false { options.append("--strict") }
        let body = arguments?.member("body").map { JSONTree($0).compact } ?? ""
        return run(options + ["-"], input: Array(body.utf8))
    }

    private func simulate(_ arguments: JSONValue?) -> Answer {
        var options = ["simulate", "--json"]
        if let policy = arguments?.member("policy")?.string {
            guard isName(policy) else { return Answer(text: "a policy is a word, such as naive", isError: true) }
            options.append("--policy=\(policy)")
        }
        if let clients = arguments?.member("clients")?.integer {
            guard (1...10_000).contains(clients) else {
                return Answer(text: "clients is from 1 to 10000", isError: true)
            }
            options.append("--clients=\(clients)")
        }
        let name = arguments?.member("scenario")?.string ?? ""
        guard isName(name) else { return noScenario(name) }
        return run(options + [name])
    }

    // MARK: The mock

    private mutating func start(_ arguments: JSONValue?) -> Answer {
        var options = ["serve", "--port", "0", "--host-gate", "loopback"]
        if let name = arguments?.member("scenario")?.string {
            guard isName(name) else { return noScenario(name) }
            options.append("--scenario=\(name)")
        }
        if let account = arguments?.member("account")?.string { options.append("--account=\(account)") }
        if let profile = arguments?.member("profile")?.string {
            guard isEdition(profile) else { return noEdition }
            options.append("--profile=\(profile)")
        }
        if let scale = arguments?.member("time_scale")?.number { options.append("--time-scale=\(scale)") }
        end()
        do {
            let started = try program.start(options)
            mock = started
            return Answer(text: String(decoding: started.ready, as: UTF8.self))
        } catch {
            return Answer(text: error.reason, isError: true)
        }
    }

    /// The names of built-in scenarios; a file of this machine is none.
    private func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
            }
            && !name.hasPrefix("-")
    }

    /// A profile can be a file as well; none is read for an agent.
    private func isEdition(_ word: String) -> Bool { ContractProfile(rawValue: word) != nil }

    private var noEdition: Answer {
        let words = ContractProfile.allCases.map(\.rawValue).joined(separator: ", ")
        return Answer(text: "a profile is one of \(words)", isError: true)
    }

    private func noScenario(_ name: String) -> Answer {
        Answer(text: "\"\(name.printable)\" is not the name of a built-in scenario; see the resources", isError: true)
    }

    private var noMock: Answer { Answer(text: "no mock is running; start one", isError: true) }

    private func explain(_ event: Int64, _ key: String) -> Answer {
        guard event >= 0, event < 1 << 31 else { return Answer(text: "event is a sequence number", isError: true) }
        let found = ask("accounts/\(String(percentEncoded: key.utf8))/journal?after=\(event - 1)&limit=1")
        guard !found.isError else { return found }
        let clause = withJSON(Array(found.text.utf8)) { json -> (number: Int64?, clause: String?) in
            let events = json.kind == .array ? json : json.members.first { $0.value.kind == .array }?.value
            let first = events?.elements.first { _ in true }
            return (first?.member("sequence")?.integer, first?.member("clause")?.string)
        }
        guard case .success(let read) = clause, read.number == event else {
            return Answer(text: "there is no event \(event) in the journal of that account", isError: true)
        }
        let words = read.clause.flatMap(Clause.init(rawValue:)).map(Library.text)
        return Answer(text: found.text + "\n" + (words ?? "No clause decided it: a fault, money or the clock did."))
    }

    /// Asks the admin API of the mock.
    private func ask(_ path: String, body: String? = nil) -> Answer {
        guard let mock else { return noMock }
        let url = withJSON(mock.ready) { $0.member("url")?.string }
        guard case .success(let url?) = url, let port = url.split(separator: ":").last.flatMap({ UInt16($0) }) else {
            return noMock
        }
        var fields = [(name: "Host", value: "localhost")]
        if body != nil { fields.append(("Content-Type", "application/json")) }
        do throws(SendFailure) {
            let answer = try CurlSender(isSecure: false, host: "127.0.0.1", port: port).send(
                Probe(
                    .host3, "admin", body == nil ? .get : .post, "\(Contract.adminPath)/\(path)", fields: fields,
                    body: body ?? ""))
            return Answer(text: String(decoding: answer.body, as: UTF8.self), isError: answer.status != 200)
        } catch {
            return Answer(text: error.reason, isError: true)
        }
    }
}
