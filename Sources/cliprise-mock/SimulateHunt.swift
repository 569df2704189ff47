internal import ArgumentParser
internal import ClipriseReport
internal import ClipriseScenario
internal import ClipriseSimulator
internal import ClipriseWire
internal import Glibc
internal import Synchronization

/// How long a hunt goes on: a length of time, or a number of rounds, which gives the same result on every machine.
struct HuntLimit {
    private enum Kind {
        case rounds(Int)
        case time(Duration)
    }

    private let kind: Kind
    private let start = ContinuousClock.now

    init(_ text: String) throws {
        if let rounds = Int(text), Hunt.roundRange.contains(rounds) {
            kind = .rounds(rounds)
        } else if let span = TimeSpan(text: text), span > .zero {
            kind = .time(.nanoseconds(span.nanoseconds))
        } else {
            throw Failure(
                code: .usage,
                message:
                    "--hunt \(text.printable): write a length of time, such as 5m, or a number of rounds from 1 to "
                    + "\(Hunt.roundRange.upperBound)")
        }
    }

    func isOver(_ rounds: Int) -> Bool {
        switch kind {
        case .rounds(let limit): rounds >= limit
        case .time(let limit): ContinuousClock.now - start >= limit
        }
    }

    /// The part that is done, 0 to 1.
    func part(_ rounds: Int) -> Double {
        switch kind {
        case .rounds(let limit): min(1, Double(rounds) / Double(limit))
        case .time(let limit): min(1, (ContinuousClock.now - start) / limit)
        }
    }
}

extension SimulateCommand {
    func runHunt(_ limit: HuntLimit, _ settings: FleetSettings) throws {
        guard seeds == nil, sweep.isEmpty, record == nil, plot == nil, !json, !csv else {
            throw Failure(
                code: .usage,
                message:
                    "--hunt prints the scenario that it finds: no --seeds, --sweep, --record, --plot, --json, --csv")
        }
        guard policy.count <= 1 else {
            throw Failure(code: .usage, message: "--hunt tries one policy: give --policy once")
        }
        let name = policy.first ?? "full-jitter"
        let reports = try report.map { try OpenReport($0) }
        let progress = ProgressBar()
        let outcome = try Hunt.fleet(
            settings, policy: try PolicyInput.load(name), isOver: limit.isOver
        ) { progress.show(limit.part($0)) }
        progress.clear()
        try HuntOutput.show(
            outcome, reports, again: "cliprise-mock simulate FILE --clients \(clients) --policy \(name) --strict")
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
