internal import ClipriseJournal
internal import ClipriseWire

/// Finds how long a client chose to wait between two attempts of a call.
struct Waits {
    /// Which clock counts, for people.
    static let rule = """
        A wait runs from the end of an answer to the arrival of the next request of the same call. A real clock: on the \
        account's clock. A virtual clock: on the account's clock where it was moved by hand in between; else on the machine's, \
        but only of a client that is seen to sleep (half of its waits are 50 ms or longer); else the wait is not known, \
        for a client that was told not to sleep looks like one that never waits.
        """
    private static let sleepNanoseconds: Int64 = 50_000_000

    private let attempts: [Attempt]
    private let handMoves: ClockMoves
    private let isVirtual: Bool
    /// Whether waits on the machine's clock say what the client meant.
    let doesSleep: Bool

    init(_ calls: ClientCalls, _ view: JournalView) {
        attempts = calls.attempts
        handMoves = calls.handMoves
        isVirtual = view.isClockVirtual
        var machine: [Int64] = []
        if view.isClockVirtual {
            for call in calls.all {
                for (one, next) in zip(call.attempts, call.attempts.dropFirst()) {
                    guard let ended = attempts[one].exchange.endedRealTime,
                        !handMoves.isMoved(from: attempts[one].sequence, to: attempts[next].sequence)
                    else { continue }
                    machine.append(attempts[next].realTime - ended)
                }
            }
            machine.sort()
        }
        doesSleep = machine.isEmpty ? false : machine[machine.count / 2] >= Self.sleepNanoseconds
    }

    /// The wait between two attempts, nil when it is not known; never negative.
    func wait(from one: Int, to next: Int) -> TimeSpan? {
        let (first, second) = (attempts[one], attempts[next])
        guard let ended = first.exchange.endedAt, let endedReal = first.exchange.endedRealTime else { return nil }
        let onAccount = second.at.since(ended)
        if !isVirtual || handMoves.isMoved(from: first.sequence, to: second.sequence) {
            return onAccount < .zero ? nil : onAccount
        }
        let onMachine = second.realTime - endedReal
        return doesSleep && onMachine >= 0 ? TimeSpan(nanoseconds: onMachine) : nil
    }

    /// When the attempts of a call arrived, as seconds since the first; after a wait that is not known a new run starts.
    func runs(_ call: ClientCall) -> [[(time: Double, attempt: Int)]] {
        guard let first = call.attempts.first else { return [] }
        var runs: [[(time: Double, attempt: Int)]] = []
        var run = [(time: 0.0, attempt: first)]
        var time = 0.0
        for (one, next) in zip(call.attempts, call.attempts.dropFirst()) {
            if let span = arrival(from: one, to: next) {
                time += Double(span.nanoseconds) / 1e9
            } else {
                runs.append(run)
                run = []
                time = 0
            }
            run.append((time, next))
        }
        return runs + [run]
    }

    /// From arrival to arrival.
    private func arrival(from one: Int, to next: Int) -> TimeSpan? {
        let (first, second) = (attempts[one], attempts[next])
        if !isVirtual { return max(.zero, second.at.since(first.at)) }
        guard let wait = wait(from: one, to: next), let ended = first.exchange.endedRealTime else { return nil }
        return TimeSpan(nanoseconds: max(0, ended - first.realTime) &+ wait.nanoseconds)
    }
}
