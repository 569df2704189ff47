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
    ///
    /// - Parameter isPaceAsked: Whether it is about how long a client waited: of jobs that are under way together nobody knows
    ///   which one came back.
    func mayBeAnother(_ call: ClientCall, _ one: Int, _ next: Int, isPaceAsked: Bool = false) -> Bool {
        let exchange = attempts[one].exchange
        let own = end(of: call)
        guard own != .leftBehind, let jobs = jobs(like: exchange, beside: own == .done ? 1 : 0) else { return false }
        if isPaceAsked, jobs.areTogether { return true }
        return isAtPace(next, after: one, jobs)
    }

    /// The same of a job that was bought after the client had given up the task of one before it.
    func mayBeAnother(_ next: Purchase, after first: Purchase) -> Bool {
        let exchange = attempts[first.generate].exchange
        // Of a row of such jobs one may have come to its end.
        guard let last = first.asks.last, let jobs = jobs(like: exchange, beside: 1) else { return false }
        return isAtPace(next.generate, after: last, jobs)
    }

    /// The same of a generate that was sent while that of another job was being answered.
    func mayBeAnother(beside first: Purchase) -> Bool {
        jobs(like: attempts[first.generate].exchange, beside: first.isDone ? 1 : 0) != nil
    }

    /// The jobs that ask for the same; nil where they have a name, or where no others than these went to their end.
    private func jobs(like exchange: ExchangeEvent, beside own: Int) -> Jobs? {
        guard exchange.job == nil, view.label == nil, let errand = Errand(exchange), let jobs = jobs[errand],
            jobs.done > own
        else { return nil }
        return jobs
    }

    private func isAtPace(_ next: Int, after one: Int, _ jobs: Jobs) -> Bool {
        let ended = attempts[one].exchange.endedRealTime ?? attempts[one].realTime
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
            all[errand, default: Jobs()].note(pause: pause(before: call.attempts[0]))
        }
        for (errand, pause) in pausesOfWorkers {
            all[errand]?.note(pause: pause)
            all[errand]?.areTogether = true
        }
        return all
    }

    /// The longest between the generates of two jobs that follow each other, of those that ask for the same and of which some
    /// were under way together: then a request of one says nothing of when another wants to come.
    private var pausesOfWorkers: [Errand: Int64] {
        var workers: [Errand: (last: Int, until: Int, areTogether: Bool, pause: Int64)] = [:]
        for purchase in purchases where purchase.isDone {
            guard let errand = Errand(attempts[purchase.generate].exchange) else { continue }
            let until = purchase.asks.last ?? purchase.generate
            var own = workers[errand] ?? (purchase.generate, until, false, 0)
            own.areTogether = own.areTogether || (purchase.generate > own.last && purchase.generate < own.until)
            own.pause = max(own.pause, attempts[purchase.generate].realTime - attempts[own.last].realTime)
            (own.last, own.until) = (purchase.generate, max(own.until, until))
            workers[errand] = own
        }
        return workers.filter(\.value.areTogether).mapValues(\.pause)
    }

    /// Nanoseconds of the machine's clock from the end of the request before one to it; 0 for the first.
    private func pause(before index: Int) -> Int64 {
        guard index > 0 else { return 0 }
        let before = attempts[index - 1]
        return max(0, attempts[index].realTime - (before.exchange.endedRealTime ?? before.realTime))
    }
}
