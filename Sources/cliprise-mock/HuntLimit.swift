internal import ClipriseSimulator
internal import ClipriseWire

/// How long a hunt goes on: a length of time, or a number of rounds, which gives the same result on every machine.
struct HuntLimit {
    private enum Kind {
        case rounds(Int)
        case time(Duration)
    }

    private let kind: Kind
    private let start = ContinuousClock.now

    init(_ text: String) throws {
        if let rounds: Int = DecimalText.whole(text), Hunt.roundRange.contains(rounds) {
            kind = .rounds(rounds)
        } else if let span = TimeSpan(text: text), span > .zero {
            kind = .time(.nanoseconds(span.nanoseconds))
        } else {
            throw Failure.usage(
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
