internal import ClipriseJournal

// Whether a generate that asks for what one before it asked for is that one again, or another job.

extension AccountFacts {
    /// Beyond so much more than the account's jobs are apart, and a little, a client has waited as one does before a retry.
    private static let farther: Int64 = 4
    private static let little: Int64 = 20_000_000

    /// Whether the second of two generates of one call may be another job that asks for the same.
    ///
    /// The wire can tell in most cases. Jobs that have a name are what they are called. An account that has a label is one
    /// test's. Where no other job of the account asked for the same, there is one job. Where others did, and each went to its
    /// end, only the time decides: who waits as before a retry, retries.
    func mayBeAnother(_ call: ClientCall, _ one: Int, _ next: Int) -> Bool {
        let exchange = attempts[one].exchange
        guard exchange.job == nil, view.label == nil, let errand = Errand(exchange), let jobs = jobs[errand] else {
            return false
        }
        let own = end(of: call)
        guard own != .leftBehind, jobs.done > (own == .done ? 1 : 0) else { return false }
        let ended = exchange.endedRealTime ?? attempts[one].realTime
        return attempts[next].realTime - ended <= Self.farther * jobs.pause + Self.little
    }

    private enum CallEnd { case done, leftBehind, nothing }

    /// What a generate call came to.
    private func end(of call: ClientCall) -> CallEnd {
        var end = CallEnd.nothing
        for index in call.attempts {
            guard let task = attempts[index].exchange.task, let purchase = purchase(of: task) else { continue }
            if purchase.wasted != nil { return .leftBehind }
            if purchase.isDone { end = .done }
        }
        return end
    }

    /// The jobs by what they ask for, worked out once.
    func findJobs() -> [Errand: Jobs] {
        var all: [Errand: Jobs] = [:]
        for call in calls.all where call.kind == .generate {
            guard let errand = Errand(attempts[call.attempts[0]].exchange) else { continue }
            guard end(of: call) == .done else { continue }
            all[errand, default: Jobs()].done += 1
            let pause = max(all[errand]?.pause ?? 0, pause(before: call.attempts[0]))
            all[errand]?.pause = pause
        }
        return all
    }

    /// Nanoseconds of the machine's clock from the end of the request before one to it; 0 for the first.
    private func pause(before index: Int) -> Int64 {
        guard index > 0 else { return 0 }
        let before = attempts[index - 1]
        return max(0, attempts[index].realTime - (before.exchange.endedRealTime ?? before.realTime))
    }
}
