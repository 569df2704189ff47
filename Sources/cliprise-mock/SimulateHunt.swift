internal import ArgumentParser
internal import ClipriseSimulator
internal import Glibc

extension SimulateCommand {
    func runHunt(_ limit: HuntLimit, _ settings: FleetSettings) throws {
        guard seeds == nil, sweep.isEmpty, record == nil, plot == nil, !json, !csv else {
            throw Failure.usage(
                "--hunt prints the scenario that it finds: no --seeds, --sweep, --record, --plot, --json, --csv")
        }
        guard policy.count <= 1 else {
            throw Failure.usage("--hunt tries one policy: give --policy once")
        }
        let name = policy.first ?? "full-jitter"
        let reports = try OpenReport.all(report)
        let progress = ProgressBar()
        let outcome = try Hunt.fleet(
            settings, policy: try PolicyInput.load(name), isOver: limit.isOver
        ) { progress.show(limit.part($0)) }
        progress.clear()
        try HuntOutput.show(
            outcome, reports, again: "cliprise-mock simulate FILE --clients \(clientCount) --policy \(name) --strict")
    }
}

enum HuntOutput {
    /// Prints what was found, or that nothing was; ends with 1 when something was.
    static func show(_ outcome: Hunt.Outcome, _ reports: [OpenReport], again: String) throws {
        let trial = outcome.finding?.trial ?? outcome.base
        for open in reports { try open.write(trial.report, trial.views) }
        write(outcome.text(again: again), to: STDOUT_FILENO)
        if outcome.finding != nil { throw ExitCode(1) }
    }
}
