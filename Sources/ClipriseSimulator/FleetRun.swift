package import ClipriseBundle
package import ClipriseClient
internal import ClipriseEngine
package import ClipriseJournal
package import ClipriseReport

package enum FleetRun {
    /// Runs one policy.
    ///
    /// - Parameter progress: Called now and then with the part that is done, 0 to 1.
    package static func run(
        _ settings: FleetSettings, policy: RetryPolicy, progress: (@Sendable (Double) -> Void)? = nil
    ) throws(FleetError) -> RunResult {
        let group = FleetGroup(name: policy.name, clients: settings.clients, policy: policy)
        return try outcome(settings, groups: [group], progress: progress).result()
    }

    /// What a bundle of a run says beside its requests, and where it goes, piece by piece.
    package struct Recording {
        package var version: String
        package var scenario: Bundle.Source
        package var origin: Bundle.Origin?
        package var sink: ([UInt8]) -> Void

        package init(
            version: String, scenario: Bundle.Source, origin: Bundle.Origin? = nil, sink: @escaping ([UInt8]) -> Void
        ) {
            self.version = version
            self.scenario = scenario
            self.origin = origin
            self.sink = sink
        }
    }

    /// Runs one policy, and keeps what is said of it.
    package static func judge(
        _ settings: FleetSettings, policy: RetryPolicy, recording: Recording? = nil,
        progress: (@Sendable (Double) -> Void)? = nil
    ) throws(FleetError) -> JudgedRun {
        var fleet = try Fleet(settings, policy: policy)
        if let recording {
            var header = fleet.world.bundleHeader(version: recording.version, scenario: recording.scenario)
            header.seedGoesFirst = settings.seedGoesFirst
            header.origin = recording.origin
            fleet.recorder = BundleWriter(header)
        }
        try fleet.run(progress: progress)
        fleet.recorder?.end()
        if let bytes = fleet.recorder?.take() { recording?.sink(bytes) }
        var outcome = FleetOutcome(settings, fleet.groups, fleet.part())
        outcome.alone = try alone(settings, fleet.groups)
        let judged = outcome.judged()
        return JudgedRun(
            result: outcome.result(judged: judged), report: judged?.report ?? Grade.report(of: []),
            views: judged?.views ?? [])
    }

    /// Runs one policy and records it.
    ///
    /// - Parameter sink: Gets the bundle piece by piece.
    package static func record(
        _ settings: FleetSettings, policy: RetryPolicy, version: String, scenario: Bundle.Source,
        sink: @escaping ([UInt8]) -> Void
    ) throws(FleetError) -> RunResult {
        let recording = Recording(version: version, scenario: scenario, sink: sink)
        return try judge(settings, policy: policy, recording: recording).result
    }
}

/// A run in numbers, what is said of it, and the journals of the accounts that were graded.
package struct JudgedRun: Sendable {
    package var result: RunResult
    package var report: Report
    /// In the order of the report's accounts.
    package var views: [JournalView]

    /// The journals that show what failed; the first client's when nothing did.
    ///
    /// Of each failure that of the first client who shows it alone, and of one that
    /// only several show together those of all of them.
    package var witnesses: [JournalView] {
        let failing = report.verdicts.filter { $0.outcome == .fail }
        let alone = failing.compactMap { verdict in
            report.accounts.firstIndex { account in
                account.verdicts.contains { $0.title == verdict.title && $0.outcome == .fail }
            }
        }
        guard alone.isEmpty else { return Set(alone).sorted().map { views[$0] } }
        let names = Set(failing.flatMap(\.evidence).map(\.account))
        let together = zip(views, report.accounts).filter { names.contains($0.1.name) }.map(\.0)
        return together.isEmpty ? Array(views.prefix(1)) : together
    }
}
