internal import ArgumentParser
internal import ClipriseAdmin
internal import ClipriseJSON
internal import ClipriseReport
internal import ClipriseScenario
internal import ClipriseWire
internal import Glibc

struct GatherCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gather",
        abstract: "Accounts, grade and metrics of several mocks behind one balancer, as of one.",
        discussion: """
            A mock scales by account: a balancer that hashes on the key sends each account to one of several mocks \
            (cliprise-mock helper nginx prints a configuration). gather asks each mock itself, not the balancer.

            An account whose money moved on several mocks was not hashed: exit code 1, and the mocks are named. The \
            journals of all mocks are judged together, as grade does it. A mock that does not answer is exit code 3.

            A token for mocks beyond this machine is read from CLIPRISE_MOCK_ADMIN_TOKEN.

            examples:
              cliprise-mock gather http://127.0.0.1:9001 http://127.0.0.1:9002
              cliprise-mock gather --what metrics http://mock-1:8080 http://mock-2:8080
              cliprise-mock gather --what grade --format junit URL URL > report.xml
            """)

    enum What: String, ExpressibleByArgument, CaseIterable {
        case accounts, grade, metrics
    }

    @Argument(help: ArgumentHelp("The mocks, as http://HOST:PORT.", valueName: "url"))
    var urls: [String]
    @Option(help: "What to gather, repeatable: accounts, grade or metrics; accounts and grade without it.")
    var what: [What] = []
    @Option(help: ArgumentHelp("The scenario whose expectations decide.", valueName: "file|name"), completion: .file())
    var scenario: String?
    @Option(help: "The form of the report: text, json, junit, markdown, github, journal or har.")
    var format = ReportFormat.text
    @Option(whole: ArgumentHelp("How long to wait for an answer, 1 to 3600.", valueName: "seconds"))
    var timeout = 60
    @Flag(help: "Exit with 4 when an expectation or a rule of the scenario was not exercised.")
    var strict = false

    func validate() throws {
        guard (1...1_000).contains(urls.count) else { throw ValidationError("Give 1 to 1000 URLs.") }
        var servers: Set<HealthTarget> = []
        for url in urls {
            guard let server = HealthTarget(url) else {
                throw ValidationError(
                    "\(url.printable): give it as http://HOST:PORT, such as http://127.0.0.1:8080.")
            }
            guard servers.insert(server).inserted else { throw ValidationError("\(url.printable) is given twice.") }
        }
        guard (1...3_600).contains(timeout) else { throw ValidationError("--timeout is from 1 to 3600.") }
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        let servers = urls.compactMap(HealthTarget.init)
        let expected = try scenario.map { try ScenarioInput($0).scenario }
        let token = getenv("CLIPRISE_MOCK_ADMIN_TOKEN").map { String(cString: $0) }
        let fetch = AdminFetch(token: token.flatMap { $0.isEmpty ? nil : $0 }, seconds: timeout)
        defer { fetch.close() }
        let wanted = what.isEmpty ? [.accounts, .grade] : what
        var code: Int32 = 0
        if wanted.contains(.accounts) { code = max(code, try accounts(servers, fetch)) }
        if wanted.contains(.metrics) { try metrics(servers, fetch) }
        if wanted.contains(.grade) {
            let graded = try grade(servers, fetch, expected)
            if code == 0 { code = graded }
        }
        throw ExitCode(code)
    }

    private func accounts(_ servers: [HealthTarget], _ fetch: AdminFetch) throws -> Int32 {
        var gathered = GatheredAccounts()
        var open = servers.indices.map { (server: $0, start: 0) }
        while !open.isEmpty {
            let pages = try fetch.answers(
                to: open.map {
                    .init(
                        server: servers[$0.server],
                        path: "accounts?start=\($0.start)&limit=\(GatheredAccounts.page)")
                })
            var more: [(server: Int, start: Int)] = []
            for (place, page) in zip(open, pages) {
                guard let total = gathered.add(page, server: place.server) else {
                    throw Failure(
                        code: .start, message: "\(servers[place.server].authority): its accounts cannot be read")
                }
                let next = place.start + GatheredAccounts.page
                if next < total { more.append((place.server, next)) }
            }
            open = more
        }
        try lookIntoDoubled(&gathered, servers, fetch)
        show(gathered, servers)
        return gathered.scattered.isEmpty ? 0 : 1
    }

    /// A key that every mock declares is used on one of them: only its ledger has more than its opening.
    private func lookIntoDoubled(
        _ gathered: inout GatheredAccounts, _ servers: [HealthTarget], _ fetch: AdminFetch
    ) throws {
        let doubled = gathered.doubled
        let ledgers = try fetch.answers(
            to: doubled.map { position in
                let account = gathered.accounts[position]
                return .init(
                    server: servers[account.server],
                    path: "accounts/\(String(percentEncoded: account.key.utf8))/ledger?limit=1")
            })
        for (position, ledger) in zip(doubled, ledgers) {
            let total = try? withJSON(ledger) { $0.isObject ? $0[key: "total"]?.integer : nil }.get()
            gathered.note(position, isUsed: (total ?? 0) > 1)
        }
    }

    private func show(_ gathered: GatheredAccounts, _ servers: [HealthTarget]) {
        var table = TextTable(
            header: ["MOCK", "ACCOUNTS", "CREDITS", "HELD"], rightAligned: [1, 2, 3])
        let chosen = gathered.chosen
        for (index, server) in servers.enumerated() {
            let own = chosen.filter { $0.server == index }
            table.rows.append(row(server.authority, own))
        }
        table.rows.append(row("all", chosen))
        write(table.text() + "\n", to: STDOUT_FILENO)
        for (key, places) in gathered.scattered.prefix(10) {
            let names = places.map { servers[$0].authority }.joined(separator: " and ")
            let account = String(key.prefix(4)).printable
            write(
                "cliprise-mock: the account \(account)… was used on \(names): the balancer does not hash on the key\n",
                to: STDERR_FILENO)
        }
    }

    private func row(_ name: String, _ accounts: [GatheredAccounts.Account]) -> [String] {
        [
            name, "\(accounts.count)", "\(accounts.reduce(0) { $0 + $1.credits })",
            "\(accounts.reduce(0) { $0 + $1.held })",
        ]
    }

    private func metrics(_ servers: [HealthTarget], _ fetch: AdminFetch) throws {
        var gathered = GatheredMetrics()
        let pages = try fetch.answers(to: servers.map { .init(server: $0, path: "metrics") })
        for (server, page) in zip(servers, pages) {
            guard gathered.add(String(decoding: page, as: UTF8.self)) else {
                throw Failure(code: .start, message: "\(server.authority): its metrics cannot be read")
            }
        }
        write(gathered.text, to: STDOUT_FILENO)
    }

    private func grade(
        _ servers: [HealthTarget], _ fetch: AdminFetch, _ expected: Scenario?
    ) throws -> Int32 {
        let journals = try fetch.answers(to: servers.map { .init(server: $0, path: "requests?format=jsonl") })
        var lines: [UInt8] = []
        for journal in journals {
            lines += journal
            if let last = lines.last, last != UInt8(ascii: "\n") { lines.append(UInt8(ascii: "\n")) }
        }
        do {
            let views = try JournalLines.read(lines, hasContents: format == .journal || format == .har)
            let report = Grade.report(
                of: views, expectations: expected?.expectations ?? [], scenarioFile: expected?.file)
            let bytes = format.bytes(report, views, style: ReportStyle(on: STDOUT_FILENO))
            write(String(decoding: bytes, as: UTF8.self), to: STDOUT_FILENO)
            return report.exitCode(strict: strict)
        } catch {
            throw Failure(code: .start, message: "a journal cannot be read: \(error)")
        }
    }
}
