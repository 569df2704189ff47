import ClipriseEngine
import ClipriseServer
import ClipriseWire
import RawSocket
import Testing

@Suite(.ownThreads) struct AdminClockTests {
    static let clock = "/__admin/accounts/test-key/clock"

    @Test func `a real clock is not moved, and the answer says what to do`() throws {
        let bench = try Bench()
        for body in [#"{"advance":"1s"}"#, #"{"run":"until-idle"}"#] {
            let answer = bench.text("POST \(Self.clock)", body)
            #expect(answer.hasPrefix("409 ") && answer.contains("freeze"))
        }
    }

    @Test func `a frozen clock stands still until it is moved, and tasks end when it passes them`() throws {
        let bench = try Bench()
        bench.clock.advance(by: .seconds(3))
        #expect(bench.text("POST \(Self.clock)", #"{"freeze":true}"#).contains(#""mode":"virtual","now":3.000000"#))
        let task = try #require(bench.generate())
        bench.clock.advance(by: .seconds(60))
        #expect(bench.text("GET /__admin/tasks/\(task)").contains(#""state":"processing""#))
        // An image takes two seconds, and chance moves that by a fifth at most.
        #expect(bench.text("POST \(Self.clock)", #"{"advance":"1500ms"}"#).contains(#""now":4.500000"#))
        #expect(bench.text("GET /__admin/tasks/\(task)").contains(#""state":"processing""#))
        #expect(bench.text("POST \(Self.clock)", #"{"advance":"1s"}"#).contains(#""now":5.500000"#))
        #expect(bench.text("GET /__admin/tasks/\(task)").contains(#""state":"success""#))
        #expect(bench.text("GET \(Self.clock)").hasSuffix(#""nextDue":null}"# + "\n"))
    }

    @Test func `running until idle stops at the last thing that is due`() throws {
        let bench = try Bench()
        _ = bench.text("POST \(Self.clock)", #"{"mode":"virtual"}"#)
        let tasks = try (0..<3).map { _ in try #require(bench.generate()) }
        let before = bench.text("GET \(Self.clock)")
        #expect(!before.contains(#""nextDue":null"#))
        let after = bench.text("POST \(Self.clock)", #"{"run":"until-idle"}"#)
        #expect(after.contains(#""nextDue":null"#))
        for task in tasks { #expect(bench.text("GET /__admin/tasks/\(task)").contains(#""state":"success""#)) }
        // It stands where the last task ended, not behind it.
        let now = try #require(after.firstMatch(of: #/"now":([0-9.]+)/#)?.1)
        let last = tasks.compactMap { task in
            bench.text("GET /__admin/tasks/\(task)").firstMatch(of: #/"dueAt":([0-9.]+)/#).flatMap { Double($0.1) }
        }.max()
        #expect(Double(now) == last)
        #expect(bench.text("POST \(Self.clock)", #"{"run":"until-idle"}"#) == after)
    }

    @Test func `each status poll moves a clock that ticks`() throws {
        let bench = try Bench()
        _ = bench.text("POST \(Self.clock)", #"{"mode":"virtual","tickPerPoll":"2s"}"#)
        for _ in 1...3 { _ = bench.text("GET /app/cliprise/status?apiKey=test-key&taskId=x") }
        #expect(bench.text("GET \(Self.clock)").contains(#""now":6.000000,"tickPerPoll":2.000000"#))
        let task = try #require(bench.generate())
        _ = bench.text("GET /app/cliprise/status?apiKey=test-key&taskId=\(task)")
        #expect(bench.text("GET /app/cliprise/status?apiKey=test-key&taskId=\(task)").contains("success"))
    }

    @Test func `a clock that is let go runs on from what it shows`() throws {
        let bench = try Bench()
        _ = bench.text("POST \(Self.clock)", #"{"freeze":true}"#)
        _ = bench.text("POST \(Self.clock)", #"{"advance":"10s"}"#)
        bench.clock.advance(by: .seconds(100))
        #expect(bench.text("POST \(Self.clock)", #"{"freeze":false}"#).contains(#""mode":"real","now":10.000000"#))
        bench.clock.advance(by: .seconds(1))
        #expect(bench.text("GET \(Self.clock)").contains(#""now":11.000000"#))
    }

    @Test func `a clock that is no longer frozen goes by its scenario's rule again`() throws {
        let bench = try Bench()
        let scenario =
            #"{"schema":"cliprise-mock/v1","name":"v","clock":{"mode":"virtual","tick_per_poll":"2s","delays":"pass"}}"#
        _ = bench.text("PUT /__admin/accounts/test-key/scenario", #"{"scenario":\#(scenario)}"#)
        _ = bench.text("POST \(Self.clock)", #"{"advance":"5s"}"#)
        #expect(bench.text("POST \(Self.clock)", #"{"freeze":true}"#).contains(#""tickPerPoll":0.000000"#))
        #expect(
            bench.text("POST \(Self.clock)", #"{"freeze":false}"#)
                .contains(#""mode":"virtual","now":5.000000,"tickPerPoll":2.000000,"delays":"pass""#))
        #expect(bench.text("POST \(Self.clock)", #"{"mode":"real"}"#).contains(#""mode":"real","now":5.000000"#))
        // From a real clock too.
        #expect(bench.text("POST \(Self.clock)", #"{"freeze":false}"#).contains(#""tickPerPoll":2.000000"#))
    }

    @Test func `a move is noted once, with all that happened on its way`() throws {
        let bench = try Bench()
        _ = bench.text("POST \(Self.clock)", #"{"freeze":true}"#)
        _ = bench.generate()
        _ = bench.generate()
        _ = bench.text("POST \(Self.clock)", #"{"advance":"9s"}"#)
        let journal = bench.text("GET /__admin/accounts/test-key/journal")
        #expect(journal.matches(of: #/"kind":"settled"/#).count == 2)
        #expect(journal.matches(of: #/"kind":"clock"/#).count == 1)
        #expect(journal.contains(#""at":9.000000"#) && journal.contains(#""by":9.000000"#))
    }

    @Test func `clocks of accounts are their own`() throws {
        let bench = try Bench()
        _ = bench.text("POST /__admin/accounts", #"{"key":"other"}"#)
        _ = bench.text("POST \(Self.clock)", #"{"freeze":true}"#)
        _ = bench.text("POST \(Self.clock)", #"{"advance":"5s"}"#)
        #expect(bench.text("GET /__admin/accounts/other/clock").contains(#""mode":"real","now":0.000000"#))
    }
}
