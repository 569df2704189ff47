internal import ClipriseBundle
package import ClipriseCatalog
package import ClipriseEngine
package import ClipriseScenario
package import ClipriseWire

/// What a fleet does, before any policy is named.
package struct FleetSettings: Sendable {
    package static let clientRange = 1...1_000_000
    /// The most jobs of one run.
    package static let jobLimit = 10_000_000
    package static let shortest = TimeSpan(nanoseconds: 1_000_000)
    /// The longest time in which jobs arrive: 24 hours.
    package static let lengthLimit = TimeSpan.seconds(86_400)

    /// A model, and how often its jobs come compared with those of others.
    package struct Share: Sendable, Hashable {
        package var model: String
        package var share: Double

        package init(model: String, share: Double) {
            self.model = model
            self.share = share
        }

        /// What a share may be: sums and quotients of them stay numbers.
        private static let shares = 1e-9...1e9

        /// Reads `MODEL=SHARE`, or `MODEL` for one share.
        package init(_ text: String) throws(FleetError) {
            let parts = text.split(separator: "=", omittingEmptySubsequences: false)
            guard let name = parts.first, !name.isEmpty, parts.count <= 2 else { throw .badShare(text) }
            guard let share = parts.count == 2 ? DecimalText.number(parts[1]) : 1, Self.shares.contains(share) else {
                throw .badShare(text)
            }
            self.init(model: String(name), share: share)
        }
    }

    package var catalog: Catalog
    package var engine: EngineSettings
    package var scenario: Scenario
    package var clients = 100
    /// Whether all clients use one account.
    package var sharesAccount = false
    /// The credits of each account; nil takes those of the scenario's first account, or 10,000.
    package var credits: Int64?
    package var arrivals = Arrivals.burst
    /// How long jobs arrive; the run goes on until the last of them has ended.
    package var length = TimeSpan.seconds(600)
    package var jobs = [Share(model: "qwen-image-2", share: 1)]
    /// At most how many accounts keep a journal and are graded, evenly spread over all.
    package var gradedAccounts = 100
    /// The most events of one such journal.
    package var journalLimit = SimulatedWorld.usualJournalLimit
    /// Whether the engine's seed goes before the scenario's own.
    package var seedGoesFirst = false {
        didSet { if seedGoesFirst { scenario.seed = engine.seed } }
    }

    package init(catalog: Catalog, scenario: Scenario, engine: EngineSettings = EngineSettings(pace: .scaled(1))) {
        self.catalog = catalog
        self.scenario = scenario
        self.engine = engine
    }

    /// The seed in force: the scenario's own goes before the host's.
    package var seed: UInt64 { scenario.seed ?? engine.seed }

    /// - Throws: What is wrong with the numbers.
    package func check() throws(FleetError) {
        guard Self.clientRange.contains(clients) else {
            throw .badCount("clients", value: clients, range: Self.clientRange)
        }
        guard length > .zero, length <= Self.lengthLimit else {
            throw .badLength(length.text, option: "for", range: "1ms to 24h")
        }
        let expected = arrivals.expectedJobs(clients: clients, length: length)
        guard expected <= Double(Self.jobLimit) else { throw .tooManyJobs(expected: expected, limit: Self.jobLimit) }
        guard !jobs.isEmpty else { throw .badShare("") }
        for (index, share) in jobs.enumerated() where jobs[..<index].contains(where: { $0.model == share.model }) {
            throw .sameModelTwice(share.model)
        }
    }
}

extension FleetSettings {
    /// The distance between graded accounts, so that they are spread over all.
    var gradedStride: Int {
        let accounts = sharesAccount ? 1 : clients
        return max(1, (accounts + max(1, gradedAccounts) - 1) / max(1, gradedAccounts))
    }

    /// When the jobs of all clients begin.
    ///
    /// - Throws: `FleetError.noRequests` when none does.
    func allArrivals() throws(FleetError) -> [Arrival] {
        let all = arrivals.instants(clients: clients, length: length, seed: seed)
        guard !all.isEmpty else { throw .noRequests(arrival: arrivals.rateText) }
        return all
    }

    /// The world that a fleet of these settings meets.
    var worldSetup: SimulatedWorld.Setup {
        var setup = SimulatedWorld.Setup(catalog: catalog, settings: engine, scenarios: [scenario])
        setup.journalLimit = gradedAccounts > 0 ? journalLimit : 0
        setup.journalStride = gradedStride
        return setup
    }
}
