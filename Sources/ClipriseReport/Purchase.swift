internal import ClipriseJournal
internal import ClipriseWire

/// A task that was made for a client, and what became of its price.
struct Purchase {
    /// What the client got for the price.
    enum End: Hashable {
        /// The whole file.
        case delivered
        /// The task failed; nothing was taken.
        case refunded
        /// The client never learnt that there is a task.
        case unknown
        /// The service withdrew it: an id or key that is no longer known, or another refusal that no retry changes.
        case withdrawn
        /// The client did all that can be asked, and the service never gave the file.
        case hopeless
        /// It is too early to say.
        case open
        /// Nothing, though there was something to have.
        case wasted(Waste)
    }

    /// Why a price bought nothing, in the order in which reports tell.
    enum Waste: Int, CaseIterable {
        case neverAsked, failedPoll, running, notFetched, spoilt, expired

        var words: String {
            switch self {
            case .neverAsked: "never asked for"
            case .failedPoll: "given up after a failed request"
            case .running: "given up while running"
            case .notFetched: "succeeded and never fetched"
            case .spoilt: "fetched cut or damaged only"
            case .expired: "fetched after its link had expired"
            }
        }

        var change: String {
            switch self {
            case .neverAsked:
                "Read the taskId of every accepted generate, poll it to its end, and fetch the file: a task that nobody asks "
                    + "for costs the same"
            case .failedPoll:
                "Poll again, after a growing pause, when a poll or a download fails (5xx, a lost connection, an answer that "
                    + "cannot be read): the task is paid for and goes on, and asking costs nothing"
            case .running:
                "Take 300 for \"not yet\", whatever its body says, and poll on until success or failed; what comes with 300 is "
                    + "never the file, even with download=true"
            case .notFetched: "When status says success, GET its fileURL and keep the bytes"
            case .spoilt:
                "Check what was downloaded (its length against Content-Length, a zip's sums, the end of a picture), and fetch "
                    + "it again when it is cut or damaged"
            case .expired: "Fetch a file as soon as its task has succeeded: links stop working"
            }
        }
    }

    let task: Int
    /// The generate that made it, as a position in the attempts.
    let generate: Int
    let price: Int64
    /// The polls and downloads of it, in order.
    let asks: [Int]
    var end: End

    var wasted: Waste? { if case .wasted(let waste) = end { waste } else { nil } }
    /// Whether the client has, or was told, all that there is of it.
    var isDone: Bool { end == .delivered || end == .refunded || end == .withdrawn }
}

extension Purchase {
    /// So many bad answers in a row are enough to give up after.
    private static let patientFailures = 10
    /// Fewer are enough when they take so long.
    private static let patientTime = TimeSpan.seconds(60)
    /// So many polls of a task that never ends are enough.
    private static let patientPolls = 5
    /// Of one that would have ended, so many are, or so long.
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
        if polls >= longPolls || span >= longTime { return .hopeless }
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

/// What the client meant by a generate: its job, if it names it, and what it asks for.
struct Errand: Hashable {
    let job: String?
    let meaning: UInt64

    /// Nil when there is nothing to tell generates apart by.
    init?(_ exchange: ExchangeEvent) {
        meaning = exchange.meaning != 0 ? exchange.meaning : exchange.bodyHash
        guard meaning != 0 else { return nil }
        job = exchange.job
    }
}
