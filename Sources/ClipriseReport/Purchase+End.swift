internal import ClipriseJournal
internal import ClipriseWire

extension Purchase {
    /// So many bad answers in a row are enough to give up after.
    private static let patientFailures = 10
    /// Fewer are enough when they take so long.
    private static let patientTime = TimeSpan.seconds(60)
    /// So many polls of a task that never ends are enough.
    private static let patientPolls = 5
    /// Of one that would have ended, so long is, and on a clock that stands still so many are.
    private static let longPolls = 200
    private static let longTime = TimeSpan.seconds(1_800)
    /// A client that was silent for so long has given up, even while the run goes on.
    private static let silence: Int64 = 300_000_000_000

    static func end(of purchase: Purchase, _ facts: AccountFacts) -> End {
        let attempts = facts.attempts
        if let settle = facts.settles[purchase.task], !settle.event.succeeded { return .refunded }
        var delivery = Delivery()
        for index in purchase.asks {
            delivery.add(attempts[index].exchange)
            if delivery.isComplete { return .delivered }
        }
        // Whoever asks for a task knows of it, wherever from.
        if attempts[purchase.generate].answer != .accepted, purchase.asks.isEmpty { return .unknown }
        let lastIndex = purchase.asks.last ?? purchase.generate
        let last = attempts[lastIndex]
        if !facts.view.isOver {
            let until = facts.view.events.last?.realTime ?? last.realTime
            guard until - (last.exchange.endedRealTime ?? until) > silence else { return .open }
        }
        guard !purchase.asks.isEmpty else { return .wasted(.neverAsked) }
        switch last.answer {
        case .processing: return whileRunning(purchase, facts)
        case .success, .noted: return .wasted(.notFetched)
        case .failed: return .withdrawn
        case .refused: return last.exchange.clause == .sta5 ? .wasted(.expired) : .withdrawn
        case .file, .accepted: return .wasted(.spoilt)
        case .unknown, .retryable, .pending: return afterFailures(purchase, facts)
        }
    }

    private static func whileRunning(_ purchase: Purchase, _ facts: AccountFacts) -> End {
        let polls = purchase.asks.count { facts.attempts[$0].answer == .processing }
        let span = span(purchase.generate, purchase.asks[purchase.asks.count - 1], facts)
        let isEndless = facts.settles[purchase.task] == nil && facts.view.endless?.contains(purchase.task) ?? true
        if span >= longTime || (facts.view.isClockVirtual && polls >= longPolls) { return .hopeless }
        return isEndless && (polls >= patientPolls || span >= patientTime) ? .hopeless : .wasted(.running)
    }

    private static func afterFailures(_ purchase: Purchase, _ facts: AccountFacts) -> End {
        var first = purchase.asks.count - 1
        while first > 0, facts.attempts[purchase.asks[first - 1]].answer.isError { first -= 1 }
        let count = purchase.asks.count - first
        let last = purchase.asks[purchase.asks.count - 1]
        let isPatient =
            count >= patientFailures || (count > 2 && span(purchase.asks[first], last, facts) >= patientTime)
        if isPatient { return .hopeless }
        let isFile = facts.attempts[last].exchange.operation == .download && facts.attempts[last].exchange.file != nil
        return .wasted(isFile ? .spoilt : .failedPoll)
    }

    /// From one arrival to another, on the clock on which it is longer.
    private static func span(_ one: Int, _ next: Int, _ facts: AccountFacts) -> TimeSpan {
        let (first, last) = (facts.attempts[one], facts.attempts[next])
        return max(last.at.since(first.at), TimeSpan(nanoseconds: last.realTime &- first.realTime))
    }
}
