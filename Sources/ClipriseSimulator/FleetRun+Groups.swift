extension FleetRun {
    /// Runs several fleets on one service: they share its capacity and its time, and where the settings say so its one account.
    ///
    /// - Returns: A result for each, in their order.
    package static func run(
        _ settings: FleetSettings, groups: [FleetGroup], progress: (@Sendable (Double) -> Void)? = nil
    ) throws(FleetError) -> [RunResult] {
        try Comparison.check(groups.map(\.policy), names: groups.map(\.name))
        var settings = settings
        settings.clients = groups.reduce(0) { $0 + $1.clients }
        let outcome = try outcome(settings, groups: groups, progress: progress)
        return groups.indices.map { outcome.result($0) }
    }
}
