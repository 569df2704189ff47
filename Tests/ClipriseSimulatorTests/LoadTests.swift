import ClipriseBundle
import ClipriseClient
import ClipriseEngine
import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseSimulator

@Suite struct LoadTests {
    static let readable: [(String, Arrivals)] = [
        ("closed:10s", .closed(think: .seconds(10))), ("ramp:5/s..60/m", .rising(from: 5, to: 1)),
        ("diurnal:1/s..50/s", .diurnal(low: 1, high: 50)),
    ]

    @Test(arguments: readable)
    func `ways of arriving are read as they are written`(text: String, arrivals: Arrivals) throws {
        #expect(try Arrivals(text) == arrivals)
    }

    static let unreadable: [(String, FleetError)] = [
        ("ramp:5/s", .badRates("5/s")), ("ramp:5/s..0/s", .badRate("0/s")), ("diurnal", .rateMissing("diurnal")),
        ("closed", .badLength("", option: "arrival closed:", range: "1ms to 8760h")),
        ("closed:soon", .badLength("soon", option: "arrival", range: "1ms to 8760h")),
        ("diurnl:1/s..2/s", .badArrival("diurnl:1/s..2/s", suggestion: "diurnal")),
    ]

    @Test(arguments: unreadable)
    func `what is no way to arrive is refused`(text: String, error: FleetError) {
        #expect(throws: error) { try Arrivals(text) }
    }

    /// From 10 to 30 a second over 1,000 s: 20,000 in all, 7,500 of them in the first half.
    @Test func `a rate that rises brings fewer jobs in its first half`() {
        let arrivals = Arrivals.rising(from: 10, to: 30).instants(clients: 4, length: .seconds(1_000), seed: 2)
        #expect((19_400...20_600).contains(arrivals.count))
        let early = arrivals.count { $0.at < 500_000_000_000 }
        #expect((7_130...7_870).contains(early))
    }

    /// From 0.1 to 0.3 a second, 0.2 on the average: 17,280 in a day.
    @Test func `a day has its trough at its beginning and its peak in its middle`() {
        let arrivals = Arrivals.diurnal(low: 0.1, high: 0.3).instants(clients: 4, length: .seconds(86_400), seed: 2)
        #expect((16_700...17_900).contains(arrivals.count))
        let hour: Int64 = 3_600_000_000_000
        let first = arrivals.count { $0.at < hour }
        let middle = arrivals.count { (11 * hour..<13 * hour).contains($0.at) }
        #expect((280...450).contains(first))
        #expect((1_950...2_350).contains(middle))
    }

    /// A job takes 30 s by a client that polls each second, and 30 s of thinking on the average: one a minute each, less
    /// what was begun and not ended.
    @Test func `clients of a closed model come again when their job has ended and they have thought`() throws {
        var settings = try Samples.settings("tasks: [{life: {after: 30s}}]", clients: 100)
        settings.arrivals = .closed(think: .seconds(30))
        settings.length = .seconds(1_200)
        settings.gradedAccounts = 0
        let policy = RetryPolicy(name: "p", base: .seconds(1), factor: 1, jitter: .none)
        let result = try FleetRun.run(settings, policy: policy)
        #expect((1_880...2_120).contains(result.jobs), "\(result.jobs)")
        #expect(result.done == result.jobs)
        // Nobody has two jobs at once: at most 100 tasks are under way.
        #expect(result.heldOverTime.max() ?? 0 <= 100 * 12)
        #expect(try FleetRun.run(settings, policy: policy) == result)
    }

    // MARK: Files

    private static func arrivals(_ text: String) throws -> [Arrivals.Listed] {
        guard case .listed(let list) = try MeasuredLoad.arrivals(Array(text.utf8), file: "a.csv") else { return [] }
        return list
    }

    @Test func `arrivals are read from a file, sorted, each with its client`() throws {
        let list = try Self.arrivals("seconds,client\r\n2.5,3\n# a remark\n\n250ms\n2.5 , 1\n")
        #expect(
            list == [
                .init(at: 250_000_000), .init(at: 2_500_000_000, client: 3), .init(at: 2_500_000_000, client: 1),
            ])
        let instants = Arrivals.listed(list).instants(clients: 2, length: .seconds(3), seed: 1)
        // The third client is the first of two again.
        #expect(instants.map(\.client) == [0, 0, 0])
    }

    static let spoilt: [(String, String)] = [
        ("", "a.csv: no arrival in it"), ("seconds\n", "a.csv: no arrival in it"),
        ("1\nsoon\n", "a.csv:2:1: \"soon\" is no time"),
        ("1,0\n", "a.csv:1:3: \"0\" is no client"), ("-1\n", "a.csv:1:1: \"-1\" is no time"),
        ("1,2,3\n", "a.csv:1:5: expected one field or two"), ("1e99\n", "a.csv:1:1"), ("nan\n1\n", "a.csv"),
        ("1\u{0}2\n", #"a.csv:1:1: "1\u00002" is no time"#),
        (String(repeating: "9", count: 400), "a.csv:1:1: \"\(String(repeating: "9", count: 60))…\" is no time"),
    ]

    @Test(arguments: spoilt)
    func `a mistake in a file is named with its place`(text: String, message: String) {
        #expect {
            _ = try MeasuredLoad.arrivals(Array(text.utf8), file: "a.csv")
            // A word in the first line is a head.
            throw MeasuredError(file: "a.csv", line: 0, column: 0, message: "was read")
        } throws: { error in "\(error)".hasPrefix(message) }
    }

    /// Three lives of 10 s and one of 100 s.
    @Test func `measured lives come as often as they were measured`() throws {
        let lives = try MeasuredLoad.lives(
            Array("model,seconds\nqwen-image-2,10\nqwen-image-2,10\nqwen-image-2,10\nqwen-image-2,100\n*,1\n".utf8),
            of: ["qwen-image-2"], file: "l.csv")
        var settings = try Samples.settings("tasks: [{life: {after: 1h}}]", clients: 2_000)
        settings.take(lives: lives)
        settings.gradedAccounts = 0
        let policy = RetryPolicy(name: "p", base: .seconds(1), factor: 1, jitter: .none, maxAttempts: 1_000)
        let result = try FleetRun.run(settings, policy: policy)
        let short = result.times.count { $0 <= 10_000_000_000 }
        #expect(result.done == 2_000)
        // 1,500 are expected; four standard deviations are 77.
        #expect((1_423...1_577).contains(short), "\(short)")
        #expect(result.times.allSatisfy { $0 == 10_000_000_000 || $0 == 100_000_000_000 })
    }

    @Test(arguments: [
        ("sora-2,5\nzimage,5\n", #"l.csv:2:1: "zimage" is no model; did you mean "z-image"?"#),
        ("sora-3*,5\n", #"l.csv:1:1: "sora-3*" is no model"#), ("SORA-2,5\n", #"l.csv:1:1: "SORA-2" is no model"#),
    ])
    func `lives of a model that there is not are refused`(text: String, message: String) {
        #expect {
            _ = try MeasuredLoad.lives(Array(text.utf8), of: ["sora-2", "z-image"], file: "l.csv")
        } throws: { error in "\(error)".hasPrefix(message) }
    }

    @Test func `an outcome that the scenario names stays`() throws {
        var settings = try Samples.settings("tasks: [{outcome: stuck, ordinal: 1}, {life: {after: 5s}}]", clients: 1)
        settings.take(lives: try MeasuredLoad.lives(Array("7\n".utf8), of: ["z-image"], file: "l.csv"))
        #expect(settings.scenario.tasks.map(\.outcome) == [.stuck, nil])
        #expect(settings.scenario.tasks.last?.life == .after(.fixed(.seconds(7))))
    }

    static let logs: [(String, [Int64])] = [
        (
            """
            10.0.0.1 - - [10/Oct/2026:13:55:36 +0200] "POST /app/cliprise/generate HTTP/1.1" 200 45 "-" "curl"
            10.0.0.1 - - [10/Oct/2026:13:55:37 +0200] "GET /app/cliprise/status?taskId=1 HTTP/1.1" 300 45
            10.0.0.2 - - [10/Oct/2026:11:55:38 +0000] "POST /app/cliprise/generate?x=1 HTTP/1.1" 200 45
            10.0.0.2 - - [10/Oct/2026:11:55:38 +0000] "POST /app/cliprise/generate HTTP/1.1" 200 45
            """, [0, 2_000_000_000, 2_500_000_000]
        ),
        (
            #"""
            {"log": {"entries": [
              {"startedDateTime": "2026-02-28T23:59:59.500Z", "request": {"method": "POST", "url": "https://h/app/cliprise/generate"}},
              {"startedDateTime": "2026-03-01T01:00:01+01:00", "request": {"method": "POST", "url": "https://h/app/cliprise/generate"}},
              {"startedDateTime": "2026-03-01T00:00:02Z", "request": {"method": "GET", "url": "https://h/app/cliprise/status"}}]}}
            """#, [0, 1_500_000_000]
        ),
    ]

    @Test(arguments: logs)
    func `a log says when jobs began`(text: String, instants: [Int64]) throws {
        guard case .listed(let list) = try LoggedLoad.arrivals(Array(text.utf8), file: "log") else {
            Issue.record("no list")
            return
        }
        #expect(list.map(\.at) == instants)
    }

    @Test func `a bundle says when jobs began`() throws {
        var bytes: [UInt8] = []
        var settings = try Samples.settings("tasks: [{life: {after: 5s}}]", clients: 3)
        settings.arrivals = .uniform(perSecond: 2)
        settings.length = .seconds(3)
        _ = try FleetRun.record(
            settings, policy: .standard, version: "x",
            scenario: .init(name: "s", text: Array("schema: cliprise-mock/v1\nabout: nothing\n".utf8))
        ) { bytes += $0 }
        guard case .listed(let list) = try LoggedLoad.arrivals(bytes, file: "b") else { return }
        #expect(list.map(\.at) == (0..<6).map { $0 * 500_000_000 })
    }

    static let noLogs: [(String, String)] = [
        (
            #"{"log":{"entries":[{"startedDateTime":"soon","request":{"method":"POST","url":"/app/cliprise/generate"}}]}}"#,
            "log: log.entries[0].startedDateTime is no time"
        ),
        ("", "log: no generate in it"), ("{}", "log: no HAR"), ("nothing\n", "log: no generate in it"),
        ("\"POST /generate HTTP/1.1\"\n", "log:1:1: no time in brackets"), ("{\"bundle\":1}", "log: "),
        ("[99/Foo/2026:00:00:00 +0000] \"POST /generate HTTP/1.1\"\n", "log:1:1: no time in brackets"),
    ]

    @Test(arguments: noLogs)
    func `what is no log is refused`(text: String, message: String) {
        #expect {
            _ = try LoggedLoad.arrivals(Array(text.utf8), file: "log")
        } throws: { error in "\(error)".hasPrefix(message) }
    }
}
