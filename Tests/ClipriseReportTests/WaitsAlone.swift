import ClipriseScenario

@testable import ClipriseReport

/// What the judges of waits say of waits alone, without the requests around them.
struct WaitsAlone {
    private var waits: KindWaits

    /// - Parameters:
    ///   - rows: Waits in seconds, each row after failures of one call, the first of them first.
    ///   - judged: Of how many samples of a report this is one.
    init(rows: [[Double]], judged: Int) {
        waits = KindWaits(samples: rows.flatMap { WaitSample.row($0) }, unknown: 0, judged: judged)
    }

    /// The same waits among another number of samples.
    func judged(among count: Int) -> Self {
        var copy = self
        copy.waits.judged = max(1, count)
        return copy
    }

    /// What `backoff` without arguments says.
    var growth: Verdict.Outcome { waits.openOutcome }

    func backoff(_ expected: ClientProperty.Backoff) -> Verdict.Outcome { waits.backoff(expected).outcome }

    func jitterPresent(samples: Int) -> Verdict.Outcome { waits.jitterPresent(samples: samples).outcome }

    var fit: BackoffFit? { waits.fit }
}

extension WaitSample {
    /// The waits of one call of polling that failed all the time.
    fileprivate static func row(_ seconds: [Double]) -> [WaitSample] {
        seconds.indices.map {
            WaitSample(
                kind: .polling, index: $0, seconds: seconds[$0], previous: $0 == 0 ? nil : seconds[$0 - 1],
                isThrottled: false, sequence: 0)
        }
    }
}

extension KindWaits {
    var openOutcome: Verdict.Outcome {
        if samples.count < BackoffFit.fewest { return .notExercised }
        if noWait() != nil { return .fail }
        switch growthFinding(isCapAsked: false) {
        case .none, .unclear: return .notExercised
        case .flat, .endless: return .fail
        case .growing: return .pass
        }
    }

    var fit: BackoffFit? { chance.fit() }
}
