import ClipriseEngine
import ClipriseServer
import ClipriseWire
import RawSocket
import Testing

/// `--keep-tasks`: old tasks go, and the money stays.
@Suite(.ownThreads) struct KeptTasksTests {
    /// An account whose tasks cost 12 credits each and end a minute after they began, on a clock that is moved by hand.
    private static func bench(_ keeping: TaskKeeping, tasks: String = "") throws -> Bench {
        let bench = try Bench { configuration in
            configuration.keepTasks = keeping
            configuration.accounts = [.init(key: "test-key", credits: 1_000)]
        }
        let scenario =
            #"{"schema":"cliprise-mock/v1","name":"kept","clock":"virtual","tasks":[\#(tasks){"life":{"after":"60s"}}]}"#
        let answer = bench.text("PUT /__admin/accounts/test-key/scenario", #"{"scenario":\#(scenario)}"#)
        #expect(answer.hasPrefix("200 "), "\(answer)")
        return bench
    }

    private static func advance(_ bench: Bench, _ span: String) {
        _ = bench.text("POST /__admin/accounts/test-key/clock", #"{"advance":"\#(span)"}"#)
    }

    private static func poll(_ bench: Bench, _ task: String) -> String {
        bench.text("GET /app/cliprise/status?apiKey=test-key&taskId=\(task)")
    }

    private static func tasks(_ bench: Bench) -> [String] {
        bench.text("GET /__admin/accounts/test-key/tasks").matches(of: /"taskId":"([0-9a-f]+)"/).map { String($0.1) }
    }

    /// The number under the first of a text's keys of this name.
    private static func number(_ name: String, _ text: String) -> Int? {
        guard let place = text.firstRange(of: "\"\(name)\":") else { return nil }
        return Int(text[place.upperBound...].prefix { $0.isNumber || $0 == "-" })
    }

    /// The sums of the ledger, made of what was dropped and of the entries that are there.
    private static func sums(_ bench: Bench) throws -> [String: Int] {
        let text = bench.text("GET /__admin/accounts/test-key/ledger?limit=1000")
        var sums = ["available": 0, "held": 0, "captured": 0]
        if text.contains("\"dropped\"") { for name in sums.keys { sums[name] = number(name, text) } }
        for entry in text.matches(of: /"kind":"([a-z_]+)","credits":(-?[0-9]+),"change":(-?[0-9]+)/) {
            let (credits, change) = (try #require(Int(entry.2)), try #require(Int(entry.3)))
            sums["available", default: 0] += change
            switch entry.1 {
            case "hold": sums["held", default: 0] += credits
            case "capture":
                sums["held", default: 0] -= credits
                sums["captured", default: 0] += credits
            case "release": sums["held", default: 0] -= credits
            default: break
            }
        }
        return sums
    }

    private static func account(_ bench: Bench) throws -> [String: Int] {
        let text = bench.text("GET /__admin/accounts/test-key")
        var account: [String: Int] = [:]
        for name in ["available", "held", "captured", "paidIn", "processing", "succeeded", "failed", "dropped"] {
            account[name] = number(name, text) ?? 0
        }
        return account
    }

    @Test func `the newest tasks are there, and the ledger comes to the sums of all`() throws {
        let bench = try Self.bench(.newest(3))
        var made: [String] = []
        for _ in 0..<8 {
            made.append(try #require(bench.generate()))
            Self.advance(bench, "61s")
        }
        #expect(Self.tasks(bench) == Array(made.suffix(3)))
        let account = try Self.account(bench)
        #expect((account["succeeded"], account["dropped"], account["processing"]) == (8, 5, 0))
        #expect(account["available"].map { $0 + 8 * 12 } == 1_000)
        #expect(try Self.sums(bench) == account.filter { ["available", "held", "captured"].contains($0.key) })
        #expect(Self.poll(bench, made[0]).hasPrefix("400 "))
        #expect(bench.text("GET /__admin/tasks/\(made[4])").hasPrefix("404 "))
        #expect(bench.text("POST /__admin/tasks/\(made[4])", #"{"state":"success"}"#).hasPrefix("404 "))
        #expect(Self.poll(bench, made[5]).hasPrefix("200 "))
        #expect(
            bench.text("GET /__admin/requests?status=400").contains("the task was dropped by --keep-tasks"))
    }

    @Test func `tasks go a while after they ended`() throws {
        let bench = try Self.bench(.since(.seconds(100)))
        let first = try #require(bench.generate())
        Self.advance(bench, "60s")
        let second = try #require(bench.generate())
        Self.advance(bench, "100s")
        // The first one ended 100 s ago.
        #expect(Self.tasks(bench) == [first, second])
        Self.advance(bench, "1s")
        #expect(Self.tasks(bench) == [second])
        Self.advance(bench, "10m")
        #expect(Self.tasks(bench) == [])
        #expect(try Self.account(bench)["captured"] == 24)
        #expect(try Self.sums(bench)["captured"] == 24)
        let third = try #require(bench.generate())
        #expect(Self.tasks(bench) == [third])
        #expect(![first, second].contains(third))
    }

    @Test func `a task that runs is kept until it ended, and then as long as any other`() throws {
        let bench = try Self.bench(
            .newest(2), tasks: #"{"ordinal":1,"outcome":"stuck"},{"ordinal":2,"life":{"after":"10m"}},"#)
        let made = try (0..<6).map { _ in
            defer { Self.advance(bench, "61s") }
            return try #require(bench.generate())
        }
        #expect(Self.tasks(bench) == [made[0], made[1], made[4], made[5]])
        #expect(Self.poll(bench, made[1]).hasPrefix("300 "))
        Self.advance(bench, "10m")
        #expect(Self.poll(bench, made[1]).hasPrefix("200 "))
        #expect(bench.text("POST /__admin/tasks/\(made[0])", #"{"state":"failed","failMsg":"no"}"#).hasPrefix("200 "))
        #expect(Self.poll(bench, made[0]).contains("no"))
        // Two that ended late are kept beside the two newest.
        #expect(Self.tasks(bench) == [made[0], made[1], made[4], made[5]])
        let account = try Self.account(bench)
        #expect(account["held"] == 0 && account["failed"] == 1 && account["dropped"] == 2)
        #expect(try Self.sums(bench) == account.filter { ["available", "held", "captured"].contains($0.key) })
    }

    @Test func `a callback that is still to be made keeps its task`() throws {
        let bench = try Bench { $0.keepTasks = .newest(1) }
        let scenario =
            #"{"schema":"cliprise-mock/v1","name":"kept","clock":"virtual","callbacks":{"delay":"1h"},"#
            + #""tasks":[{"life":{"after":"60s"}}]}"#
        _ = bench.text("PUT /__admin/accounts/test-key/scenario", #"{"scenario":\#(scenario)}"#)
        let made = try (0..<3).map { _ in
            defer { Self.advance(bench, "61s") }
            return try #require(bench.generate())
        }
        #expect(Self.tasks(bench) == made)
    }

    /// An account of which tasks were dropped, one was set aside and is over, and one runs.
    private static func trimmed() throws -> (bench: Bench, snapshot: String) {
        let bench = try bench(
            .newest(2),
            tasks: #"{"ordinal":1,"outcome":"stuck"},{"ordinal":2,"life":{"after":"5m"}},"#
                + #"{"ordinal":3,"outcome":"fail"},"#)
        for _ in 0..<8 {
            _ = bench.generate()
            advance(bench, "61s")
        }
        return (bench, AdminSnapshotTests.body(bench.text("POST /__admin/snapshot")))
    }

    @Test func `a snapshot has what was dropped, and is the same after a restore`() throws {
        let (bench, snapshot) = try Self.trimmed()
        #expect(
            snapshot.contains(
                #""dropped":{"first":6,"aside":[0,1],"succeeded":3,"failed":1,"opening":1000,"#),
            "\(snapshot.prefix(3_000))")
        #expect(bench.text("POST /__admin/restore", snapshot).hasPrefix("200 "))
        #expect(AdminSnapshotTests.body(bench.text("POST /__admin/snapshot")) == snapshot)
        _ = bench.generate()
        Self.advance(bench, "61s")
        let account = try Self.account(bench)
        #expect((account["dropped"], account["succeeded"], account["failed"]) == (5, 7, 1))
        #expect(try Self.sums(bench) == account.filter { ["available", "held", "captured"].contains($0.key) })
    }

    static let spoilt: [(find: String, replace: String)] = [
        (#""first":6"#, #""first":5"#), (#""first":6"#, #""first":2147483647"#), (#""first":6"#, #""first":-1"#),
        (#""aside":[0,1]"#, #""aside":[1,0]"#), (#""aside":[0,1]"#, #""aside":[0]"#),
        (#""aside":[0,1]"#, #""aside":[0,6]"#), (#""aside":[0,1]"#, #""aside":[0,0]"#),
        (#""aside":[0,1]"#, #""aside":[-9223372036854775808,1]"#),
        (#""succeeded":3"#, #""succeeded":4"#), (#""succeeded":3,"failed":1"#, #""succeeded":2147483647,"failed":1"#),
        (#""opening":1000"#, #""opening":-1"#), (#""entries":"#, #""entries":-"#),
        (#""entries":"#, #""entries":99999999999"#),
        (#""held":"#, #""held":9"#), (#""held":"#, #""held":-"#), (#""captured":"#, #""captured":9223372036854775807"#),
    ]

    @Test(arguments: spoilt.indices)
    func `what was dropped must agree with what is there`(index: Int) throws {
        let (find, replace) = Self.spoilt[index]
        let (bench, snapshot) = try Self.trimmed()
        let start = try #require(snapshot.firstRange(of: #""dropped""#)).lowerBound
        let place = try #require(snapshot[start...].firstRange(of: find))
        let spoilt = snapshot[..<place.lowerBound] + replace + snapshot[place.upperBound...]
        let answer = bench.text("POST /__admin/restore", String(spoilt))
        #expect(answer.hasPrefix("400 ") || answer.hasPrefix("409 "), "\(replace): \(answer.prefix(200))")
        #expect(AdminSnapshotTests.body(bench.text("POST /__admin/snapshot")) == snapshot)
    }

    @Test func `memory stays where it is however many tasks come`() throws {
        let bench = try Bench { configuration in
            configuration.keepTasks = .newest(100)
            configuration.accounts = [.init(key: "test-key", credits: 1_000_000)]
            configuration.journalLimit = 0
        }
        _ = bench.text("POST /__admin/accounts/test-key/clock", #"{"mode":"virtual","tickPerPoll":"60s"}"#)
        for _ in 0..<3_000 {
            let task = try #require(bench.generate())
            #expect(Self.poll(bench, task).hasPrefix("200 "))
        }
        let snapshot = bench.text("POST /__admin/snapshot")
        #expect(snapshot.matches(of: /"acceptedAt"/).count == 100)
        #expect(snapshot.matches(of: /"kind":"hold"/).count == 100)
        #expect(try Self.sums(bench)["captured"] == Self.account(bench)["captured"])
    }
}
