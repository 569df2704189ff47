import ClipriseClient
import ClipriseEngine
import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseSimulator

/// What queueing theory says of a service, on fixed seeds; tolerances are about four standard deviations of the runs.
@Suite struct TheoryTests {
    /// Jobs of one request each: the service refuses those that it works on, and the client asks only once.
    private static func blocked(
        concurrency: Int, queue: Int, service: String, rate: Double, seconds: Int
    ) throws -> Double {
        var settings = try Samples.settings(
            """
            capacity: {concurrency: \(concurrency), service: \(service), queue: \(queue)}
            rules: [{when: {operation: generate}, fault: {status: 400}}]
            """, clients: 50)
        settings.arrivals = .poisson(perSecond: rate)
        settings.length = .seconds(Int64(seconds))
        settings.gradedAccounts = 0
        let once = RetryPolicy(name: "once", maxAttempts: 1, retryBudget: nil)
        let result = try FleetRun.run(settings, policy: once)
        #expect(result.requests == Int64(result.jobs))
        return Double(result.refusedByCapacity) / Double(result.requests)
    }

    /// Erlang's loss formula, by its recursion over the places.
    private static func erlangB(_ load: Double, _ places: Int) -> Double {
        (1...places).reduce(1.0) { load * $0 / (Double($1) + load * $0) }
    }

    /// The part of arrivals that find a system of `c` places and `size - c` waiting ones full (M/M/c/K).
    private static func full(_ load: Double, _ places: Int, size: Int) -> Double {
        var weights = [1.0]
        for count in 1...size { weights.append(weights[count - 1] * load / Double(min(count, places))) }
        return weights[size] / weights.reduce(0, +)
    }

    /// The length of service does not matter to Erlang's formula, only its mean.
    @Test(arguments: ["100ms", "{exponential: {mean: 100ms}}", "{uniform: [0ms, 200ms]}"])
    func `without a queue, calls are lost as Erlang says`(service: String) throws {
        let lost = try Self.blocked(concurrency: 4, queue: 0, service: service, rate: 40, seconds: 500)
        #expect(abs(lost - Self.erlangB(4, 4)) < 0.016, "\(lost)")
    }

    static let queues: [(places: Int, size: Int, load: Double)] = [(1, 5, 0.8), (2, 12, 1.8), (10, 10, 7)]

    @Test(arguments: queues)
    func `with a queue, calls are rejected as M M c K says`(row: (places: Int, size: Int, load: Double)) throws {
        let lost = try Self.blocked(
            concurrency: row.places, queue: row.size - row.places, service: "{exponential: {mean: 100ms}}",
            rate: 10 * row.load, seconds: Int(20_000 / (10 * row.load)))
        #expect(abs(lost - Self.full(row.load, row.places, size: row.size)) < 0.016, "\(lost)")
    }

    /// From the chain of departures with Poisson arrivals in a service, solved by hand beside this.
    static let fixed: [(size: Int, load: Double, lost: Double)] = [(5, 0.8, 0.0353), (4, 1.2, 0.2186)]

    @Test(arguments: fixed)
    func `with services of one length, calls are rejected as M D 1 K says`(
        row: (size: Int, load: Double, lost: Double)
    ) throws {
        let lost = try Self.blocked(
            concurrency: 1, queue: row.size - 1, service: "100ms", rate: 10 * row.load,
            seconds: Int(20_000 / (10 * row.load)))
        #expect(abs(lost - row.lost) < 0.012, "\(lost)")
    }

    /// Tasks of 30 s that come five a second: 150 are under way on the average, each with 12 credits held.
    @Test func `what is held is what comes times how long it is held`() throws {
        var settings = try Samples.settings("tasks: [{life: {after: 30s}}]", clients: 100)
        settings.arrivals = .poisson(perSecond: 5)
        settings.length = .seconds(600)
        settings.gradedAccounts = 0
        let result = try FleetRun.run(settings, policy: try RetryPolicy(named: "fixed"))
        let steady = result.heldOverTime[100..<600]
        let mean = Double(steady.reduce(0, +)) / Double(steady.count) / 12
        #expect((135...165).contains(mean), "\(mean)")
    }

    /// The variance of counts is their mean: 6,000 seconds have an index of 1 ± 0.018.
    @Test func `Poisson arrivals are as uneven as they must be, and even ones are not`() {
        func dispersion(_ arrivals: Arrivals) -> Double {
            var counts = [Double](repeating: 0, count: 6_000)
            for arrival in arrivals.instants(clients: 3, length: .seconds(6_000), seed: 5) {
                counts[Int(arrival.at / 1_000_000_000)] += 1
            }
            let mean = counts.reduce(0, +) / 6_000
            return counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 5_999 / mean
        }
        #expect((0.93...1.07).contains(dispersion(.poisson(perSecond: 20))))
        #expect(dispersion(.uniform(perSecond: 20)) < 0.01)
    }

    /// One winner each 10 ms, all others come again: the figure of "Exponential backoff and jitter" (AWS, 2015).
    @Test func `contention costs calls that grow with the square without jitter, and about evenly with it`() throws {
        func calls(_ jitter: RetryPolicy.Jitter, _ clients: Int) throws -> Double {
            var settings = try Samples.settings(
                """
                capacity: {concurrency: 1, service: 10ms, queue: 0, refusal: {status: 429}}
                rules: [{when: {operation: generate}, fault: {status: 400}}]
                """, clients: clients)
            settings.gradedAccounts = 0
            let policy = RetryPolicy(
                name: "p", base: .milliseconds(5), cap: .seconds(2), jitter: jitter, maxAttempts: 100_000,
                retryBudget: nil, honoursRetryAfter: false)
            let runs = try (1...5).map { seed in
                settings.engine.seed = UInt64(seed)
                return Double(try FleetRun.run(settings, policy: policy).requests)
            }
            return runs.reduce(0, +) / 5
        }
        let none = try calls(.none, 100) / (try calls(.none, 50))
        #expect((3.4...4.2).contains(none), "\(none)")
        for jitter in [RetryPolicy.Jitter.full, .equal, .decorrelated] {
            let (many, few) = (try calls(jitter, 100), try calls(jitter, 50))
            #expect((1.8...2.9).contains(many / few), "\(jitter) \(many / few)")
            #expect(many * 4 < (try calls(.none, 100)), "\(jitter) \(many)")
        }
    }
}
