internal import ClipriseWire

/// When the clock of an account was moved by hand: the numbers of these events, in order.
struct ClockMoves {
    private var sequences: [Int] = []

    mutating func note(_ sequence: Int) { sequences.append(sequence) }

    /// Whether it was moved between two events.
    func isMoved(from: Int, to: Int) -> Bool {
        let next = sequences.startOfSuffix { $0 > from }
        return next < sequences.count && sequences[next] < to
    }
}
