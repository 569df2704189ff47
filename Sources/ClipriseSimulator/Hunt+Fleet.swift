internal import ClipriseBundle
internal import ClipriseCatalog
package import ClipriseClient
internal import ClipriseEngine
internal import ClipriseReport
internal import ClipriseScenario

extension Hunt {
    /// How many rounds of a fleet are judged together: the same on any number of cores.
    private static let fleetBatch = 16
    package static let clientLimit = 100

    /// Hunts a fleet of one policy.
    ///
    /// - Parameters:
    ///   - isOver: Asked with the number of rounds so far.
    ///   - progress: Called after each batch with that number.
    /// - Throws: `FleetError`.
    package static func fleet(
        _ settings: FleetSettings, policy: RetryPolicy, isOver: (Int) -> Bool, progress: (Int) -> Void = { _ in }
    ) throws -> Outcome {
        guard settings.clients <= clientLimit else {
            throw FleetError.badCount("clients", value: settings.clients, range: 1...clientLimit)
        }
        var settings = settings
        settings.gradedAccounts = clientLimit
        let fixed = settings
        let keys = try Fleet(fixed, policy: policy).keys.map { String(decoding: $0, as: UTF8.self) }
        var hunt = Hunt(fixed.scenario, kinds: SearchedFault.all + SearchedFault.late, accounts: keys, seed: fixed.seed)
        var rounds = 0
        return try hunt.search(batch: fleetBatch, isOver: isOver) { scenarios in
            let trials = try Parallel.map(scenarios.count) { (index, _) throws(FleetError) in
                var settings = fixed
                settings.scenario = scenarios[index]
                return try trial(settings, policy)
            }
            rounds += scenarios.count
            progress(rounds)
            return trials
        }
    }

    private static func trial(_ settings: FleetSettings, _ policy: RetryPolicy) throws(FleetError) -> Trial {
        var fleet = try Fleet(settings, policy: policy)
        try fleet.run()
        let models = settings.catalog.models.ids
        let views = fleet.world.accounts.map { $0.journalView(models: models) }
        let report = Grade.report(of: views, expectations: settings.scenario.expectations)
        return Trial(report: report, views: views, doubleCharged: fleet.result().money.doubleCharged)
    }
}
