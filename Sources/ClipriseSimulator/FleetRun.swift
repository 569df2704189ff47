package import ClipriseClient
internal import ClipriseEngine

/// Runs fleets.
package enum FleetRun {
    /// Runs one policy.
    ///
    /// - Parameter progress: Called now and then with the part that is done, 0 to 1.
    /// - Throws: `FleetError`.
    package static func run(
        _ settings: FleetSettings, policy: RetryPolicy, progress: ((Double) -> Void)? = nil
    ) throws(FleetError) -> RunResult {
        var fleet = try Fleet(settings, policy: policy)
        try fleet.run(progress: progress)
        return fleet.result()
    }

    /// Runs one policy and records it.
    ///
    /// - Parameters:
    ///   - header: What the bundle shall say of the run; accounts and catalogue are put in here.
    ///   - sink: Gets the bundle piece by piece.
    package static func record(
        _ settings: FleetSettings, policy: RetryPolicy, version: String, scenario: Bundle.Source,
        sink: ([UInt8]) -> Void
    ) throws(FleetError) -> RunResult {
        var fleet = try Fleet(settings, policy: policy)
        let setup = fleet.world.setup
        fleet.recorder = BundleWriter(
            Bundle.Header(
                version: version, settings: setup.settings, scenarios: [scenario], keepsClocks: false,
                catalogue: settings.catalog.contentHash,
                accounts: fleet.world.accounts.map { .init(key: $0.key, credits: $0.ledger.paidIn) },
                isOpen: setup.isOpen, port: setup.port, wallAtZero: setup.wallAtZero, hasFiles: false,
                seedGoesFirst: settings.seedGoesFirst))
        try fleet.run()
        fleet.recorder?.end()
        if let bytes = fleet.recorder?.take() { sink(bytes) }
        return fleet.result()
    }
}
