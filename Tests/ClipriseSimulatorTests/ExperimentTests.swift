import ClipriseClient
import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseCharts
@testable import ClipriseSimulator

@Suite struct ExperimentTests {
    /// One poll in five fails, so that seeds differ.
    private static func settings(clients: Int = 30) throws -> FleetSettings {
        try Samples.settings(
            """
            tasks: [{life: {after: {uniform: [5s, 40s]}}}]
            rules: [{when: {operation: status}, chance: {p: 0.2, fault: {status: 503}}}]
            """, clients: clients)
    }

    private static func policies(_ names: String...) throws -> [RetryPolicy] {
        try names.map { try RetryPolicy(named: $0) }
    }

    @Test func `a policy is not told apart from itself, and a wild one from a calm one is`() throws {
        var twin = RetryPolicy.standard
        twin.name = "twin"
        let plan = Experiment.Plan(seeds: 6, policies: [.standard, twin] + (try Self.policies("naive")))
        let experiment = try Experiment.run(try Self.settings(), plan)
        let table = experiment.table
        #expect(table.contains("twin: not distinguishable in anything"))
        #expect(table.contains("seeds 1–6"))
        let naive = try #require(table.split(separator: "\n").last { $0.hasPrefix("naive: ") })
        #expect(naive.contains("worse in requests"))
        #expect(naive.contains("better in p95"))
    }

    @Test func `shards put together give the bytes of one run`() throws {
        let settings = try Self.settings(clients: 10)
        let plan = Experiment.Plan(seeds: 5, policies: try Self.policies("full-jitter", "fixed"), version: "x")
        let whole = try Experiment.run(settings, plan)
        let parts = try [3, 1, 2].map { number in
            let shard = Shard(number: number, count: 3)
            return (file: "part\(number)", text: try Experiment.run(settings, plan, shard: shard).part(shard))
        }
        let merged = try Experiment.merge(parts)
        #expect(merged == whole)
        #expect(merged.json == whole.json)
        #expect(merged.table == whole.table)
        #expect(merged.html == whole.html)
        #expect(throws: ShardError.missing(trials: 3, of: 10)) { try Experiment.merge(Array(parts.dropLast())) }
        #expect(throws: ShardError.twice(file: "part3", trial: 2)) { try Experiment.merge(parts + [parts[0]]) }
        let other = Experiment.Plan(seeds: 5, policies: try Self.policies("fixed", "naive"), version: "x")
        let stranger = try Experiment.run(settings, other, shard: Shard(number: 2, count: 3))
        #expect(throws: ShardError.otherExperiment(file: "b", first: "part3")) {
            try Experiment.merge([parts[0], (file: "b", text: stranger.part(Shard(number: 2, count: 3)))])
        }
        #expect(throws: ShardError.none) { try Experiment.merge([]) }
    }

    static let spoilt: [(String, String)] = [
        ("{}", "expected \"experiment\""), ("[", "JSON"), ("", "the text is empty"),
        (#"{"experiment":"cliprise-mock/experiment/v1"}"#, "head is missing"),
        (#"{"experiment":"cliprise-mock/experiment/v1","head":{}}"#, "head.scenario"),
    ]

    @Test(arguments: spoilt)
    func `what is no part of an experiment is refused with its file`(text: String, reason: String) {
        #expect {
            try Experiment.merge([(file: "a.json", text: Array(text.utf8))])
        } throws: { error in
            "\(error)".hasPrefix("a.json: is no part of an experiment") && "\(error)".contains(reason)
        }
    }

    @Test func `trials are numbers that survive being written`() throws {
        let trial = Experiment.Trial(
            figures: Figure.allCases.indices.map { $0 == 0 ? nil : 0.1 * Double($0) }, goals: [1e17 / 3, nil],
            failed: ["a \"b\""], isBroken: true)
        let head = Experiment.Head(
            fleet: FleetOutline(
                scenario: "s", about: "ä", scenarioHash: .max, version: "x", clients: 1, arrival: "burst",
                arrivalLength: 0, jobMix: "m", sharesAccount: true),
            firstSeed: .max, seeds: 1, heldOut: 0, factor: 1, axes: [], goals: [.p95, .waste],
            settings: [.init(name: "p", values: [])])
        let experiment = Experiment(head: head, trials: [trial])
        let part = experiment.part(Shard(number: 1, count: 1))
        #expect(try Experiment.merge([(file: "a", text: part)]) == experiment)
    }

    @Test(arguments: ["1e308", "-1e308", "18446744073709551616", "1.1e18", "-1e19"])
    func `a figure that no run has is refused`(number: String) throws {
        let trial = Experiment.Trial(
            figures: Figure.allCases.map { _ in 12_345.5 }, goals: [12_345.5, nil], failed: [], isBroken: false)
        let head = Experiment.Head(
            fleet: FleetOutline(
                scenario: "s", about: "", scenarioHash: 1, version: "x", clients: 1, arrival: "burst",
                arrivalLength: 0, jobMix: "m", sharesAccount: true),
            firstSeed: 1, seeds: 1, heldOut: 0, factor: 1, axes: [], goals: [.p95, .waste],
            settings: [.init(name: "p", values: [])])
        let part = String(
            decoding: Experiment(head: head, trials: [trial]).part(Shard(number: 1, count: 1)), as: UTF8.self)
        // Each number by itself.
        for place in part.ranges(of: "12345.5") {
            let spoilt = part[..<place.lowerBound] + number + part[place.upperBound...]
            #expect { try Experiment.merge([(file: "a", text: Array(spoilt.utf8))]) } throws: {
                "\($0)".contains("none beyond 1e18")
            }
        }
    }

    @Test func `a figure at its bound is shown`() {
        for figure in Figure.allCases {
            for value in [1e18, -1e18, 1e300, .infinity, .nan] { #expect(!figure.text(value).isEmpty) }
        }
    }

    /// The outage is 30 s long; a client that makes up 16 attempts of two seconds just outlives it, one with 10 does not.
    @Test func `a policy that fits one length of outage does not win on others`() throws {
        let settings = try Samples.settings(
            """
            tasks: [{life: {after: 10s}}]
            rules: [{when: {operation: status}, during: {from: 1s, for: 30s}, fault: {status: 503}}]
            """, clients: 10)
        let fixed = RetryPolicy(
            name: "fixed", base: .seconds(2), factor: 1, jitter: .none, retryBudget: nil)
        let axes = [try SweepAxis("max_attempts=17,60")]
        // In the world as it is written, both get all jobs done.
        let one = try Sweep.run(settings, policy: fixed, axes: axes, goals: [.undone])
        #expect(one.points.map(\.figure) == [0, 0])
        let plan = Experiment.Plan(seeds: 12, factor: 3, goals: [.undone], policies: [fixed], axes: axes)
        let experiment = try Experiment.run(settings, plan)
        #expect(experiment.head.heldOut == 6)
        #expect(experiment.head.settings.map(\.values) == [[], ["17"], ["60"]])
        let chosen = try #require(experiment.chosen)
        #expect(experiment.head.settings[chosen].name == "max_attempts=60")
        #expect(experiment.table.contains("Chosen by the first 6 seeds, judged by the 6 held out"))
    }

    @Test func `worlds differ in outages and lives, but the first is as written`() throws {
        let settings = try Samples.settings(
            """
            tasks: [{life: {after: 10s}}]
            rules: [{when: {operation: status}, during: {from: 5s, for: 30s}, fault: {status: 503}}]
            """)
        let variation = Variation(factor: 2)
        let first = variation.world(settings, index: 0, seed: 7).scenario
        #expect(first.rules == settings.scenario.rules)
        #expect(first.seed == 7)
        for seed in 8..<30 as Range<UInt64> {
            let world = variation.world(settings, index: 1, seed: seed).scenario
            let window = try #require(world.rules[0].during)
            #expect(window.from == .seconds(5))
            #expect((15_000_000_000...60_000_000_000).contains(window.length.nanoseconds))
            guard case .after(.fixed(let life))? = world.tasks[0].life else {
                Issue.record("no fixed life")
                continue
            }
            #expect((5_000_000_000...20_000_000_000).contains(life.nanoseconds))
        }
    }

    @Test func `several goals show a front, and a picture of it`() throws {
        let settings = try Self.settings(clients: 10)
        let axes = [try SweepAxis("poll_base=1s,10s"), try SweepAxis("jitter=none,full")]
        let sweep = try Sweep.run(settings, policy: .standard, axes: axes, goals: [.p95, .polls])
        #expect(!sweep.front.isEmpty)
        #expect(sweep.table.contains("Pareto front (*) of p95, polls"))
        #expect(sweep.svg.hasPrefix("<svg"))
        let plan = Experiment.Plan(seeds: 4, factor: 2, goals: [.p95, .polls], policies: [.standard], axes: axes)
        let experiment = try Experiment.run(settings, plan)
        #expect(!experiment.front.isEmpty)
        #expect(experiment.html.contains("p95 against polls"))
    }

    /// Two held-out seeds leave an interval wider than the figure itself.
    @Test func `no axis of a front goes below nothing, and each has one unit`() throws {
        let settings = try Samples.library("thundering-herd", clients: 200)
        let plan = Experiment.Plan(
            seeds: 5, factor: 3, goals: [.credits, .p95], policies: [.standard], axes: [try SweepAxis("base=1s,2s")])
        let html = try Experiment.run(settings, plan).html
        let picture = try #require(html.split(separator: "credits against p95", maxSplits: 1).last)
        #expect(!picture.contains(">-") && !picture.contains(">\u{2212}"))
        #expect(picture.contains(">0 s<") && !picture.contains(" ms<"))
    }

    static let refused: [(Experiment.Plan, FleetError)] = [
        (.init(seeds: 0, policies: [.standard]), .badCount("seeds", value: 0, range: 1...1_000)),
        (.init(seeds: 2, factor: 11, policies: [.standard]), .badFactor("11")),
        (
            .init(seeds: 3, policies: [.standard], axes: [(try? SweepAxis("base=1s"))].compactMap(\.self)),
            .badCount("seeds", value: 3, range: 4...1_000)
        ),
    ]

    @Test(arguments: refused.indices)
    func `what cannot be run is refused with what is possible`(index: Int) throws {
        let settings = try Self.settings()
        #expect(throws: Self.refused[index].1) { try Experiment.run(settings, Self.refused[index].0) }
    }

    @Test(arguments: ["0/3", "4/3", "1", "1/2/3", "a/b", "-1/2", "1/10001"])
    func `what is no shard is refused`(text: String) {
        #expect(throws: FleetError.badShard(text)) { try Shard(text) }
    }

    // MARK: Amplification

    /// The same jobs, all done, by clients that ask more and more often.
    @Test func `amplification never falls as load rises`() throws {
        let settings = try Samples.library("outage-30s", clients: 20)
        let policy = RetryPolicy(name: "p", base: .seconds(1), factor: 1, jitter: .none, maxAttempts: 1_000)
        let sweep = try Sweep.run(
            settings, policy: policy, axes: [try SweepAxis("poll_base=5s,1s,100ms")], goals: [.amplification])
        #expect(sweep.points.allSatisfy { $0.result.done == 20 })
        let requests = sweep.points.map(\.result.requests)
        #expect(requests == requests.sorted())
        #expect(sweep.points.map(\.figure) == sweep.points.map(\.figure).sorted())
        #expect(sweep.best?.values == ["5s"])
    }

    /// Whoever gives up early sends fewer requests for each job, and gets less for them.
    @Test(arguments: ["aws-standard", "urllib3-retry", "full-jitter"])
    func `amplification does not fall by giving up in an overload`(name: String) throws {
        let figures = try [400, 1_600, 3_200].map { clients in
            var settings = try Samples.library("thundering-herd", clients: clients)
            settings.arrivals = .uniform(perSecond: Double(clients) / 10)
            settings.length = .seconds(10)
            settings.gradedAccounts = 0
            let result = try FleetRun.run(settings, policy: try ClientModels.policy(named: name))
            return try #require(result.amplification)
        }
        #expect(figures == figures.sorted(), "\(figures)")
        #expect(figures[2] > figures[0] * 1.25, "\(figures)")
    }

    /// A queue that only delays keeps clients from polling as often: that is no saving.
    @Test func `what a slow service keeps from being sent is not saved`() throws {
        var settings = try Samples.settings(
            """
            tasks: [{life: {after: 40s}}]
            capacity: {concurrency: 1, service: 40ms, queue: 1000}
            """, clients: 60)
        settings.gradedAccounts = 0
        let slow = try FleetRun.run(settings, policy: try RetryPolicy(named: "naive"))
        settings.scenario.capacity = nil
        let plain = try FleetRun.run(settings, policy: try RetryPolicy(named: "naive"))
        #expect(slow.done == 60)
        #expect(slow.requests < plain.requests)
        // Forty polls, one each second, the last of which sees the end, a generate and a download.
        #expect(plain.requests == 60 * 42)
        #expect(plain.amplification == 14)
        #expect(slow.amplification == 14)
    }

    /// The same thirty jobs, drawn alike, that come fifty times as fast and more to services with too little room, by every
    /// policy that is shipped.
    @Test(arguments: RetryPolicy.names + ClientModels.names)
    func `amplification does not fall as the same jobs come faster`(name: String) throws {
        let policy = try ClientModels.policy(named: name)
        for (world, text) in Self.crowded.enumerated() {
            var figures: [Double] = []
            for rate in [0.1, 20, 1_000] {
                var settings = try Samples.settings(text, clients: 30)
                settings.gradedAccounts = 0
                settings.arrivals = .uniform(perSecond: rate)
                settings.length = TimeSpan(nanoseconds: Int64(30e9 / rate) - 1_000)
                let result = try FleetRun.run(settings, policy: policy)
                #expect(result.jobs == 30)
                figures.append(result.amplification ?? .infinity)
            }
            // Once a queue is always full it is luck who finds room in it: five in a hundred.
            for (lower, higher) in zip(figures, figures.dropFirst()) {
                #expect(higher > 0.95 * lower, "\(name) in world \(world): \(figures)")
            }
            #expect(figures[2] > figures[0], "\(name) in world \(world): \(figures)")
        }
    }

    static let crowded = [
        """
        tasks: [{life: {after: 20s}}]
        capacity: {concurrency: 1, service: 100ms, queue: 4, refusal: {status: 429}}
        """,
        """
        tasks: [{life: {after: 20s}}]
        capacity: {concurrency: 1, service: 200ms, queue: 20}
        """,
    ]

    @Test func `without a result there is no amplification`() throws {
        var policy = RetryPolicy.standard
        policy.deadline = .milliseconds(1)
        let result = try FleetRun.run(try Samples.settings("tasks: [{life: {after: 10s}}]"), policy: policy)
        #expect(result.done == 0)
        #expect(result.amplification == nil)
    }

    /// A fleet never polls less than the best schedule of its lag.
    @Test(arguments: ["full-jitter", "exponential", "fixed", "naive"])
    func `no policy polls less than is possible`(name: String) throws {
        let settings = try Samples.settings("tasks: [{life: {after: {uniform: [5s, 40s]}}}]", clients: 200)
        let result = try FleetRun.run(settings, policy: try RetryPolicy(named: name))
        let bound = try #require(result.pollBound)
        #expect(bound.tasks == 200)
        #expect(bound.leastPolls <= result.pollsPerJob)
        #expect(bound.leastPolls >= 1)
    }
}
