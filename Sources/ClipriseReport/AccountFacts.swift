internal import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

/// What the judges of one account look at, worked out once.
struct AccountFacts {
    let view: JournalView
    let calls: ClientCalls
    let waits: Waits
    /// Settlements by task.
    let settles: [Int: (sequence: Int, event: SettledEvent)]
    /// Positions of the polls and downloads of each known task, in order of arrival; tasks in order of first being asked for.
    let tasks: [(task: Int, attempts: [Int])]
    private(set) var errorWaits: [WaitSample] = []
    private(set) var pollWaits: [WaitSample] = []
    /// The tasks that were made, in the order of their generates.
    private(set) var purchases: [Purchase] = []
    private var purchaseOfTask: [Int: Int] = [:]
    private(set) var jobs: [Errand: Jobs] = [:]
    /// Retries after errors whose wait is not known, of each kind of call.
    private(set) var unknownErrorWaits: [ClientCall.Kind: Int] = [:]

    init(_ view: JournalView) {
        self.view = view
        calls = ClientCalls(view)
        waits = Waits(calls, view)
        var settles: [Int: (sequence: Int, event: SettledEvent)] = [:]
        for event in view.events {
            if case .settled(let settled) = event.kind { settles[settled.task] = (event.sequence, settled) }
        }
        self.settles = settles
        tasks = Self.tasks(calls)
        purchases = findPurchases()
        for (index, purchase) in purchases.enumerated() { purchaseOfTask[purchase.task] = index }
        jobs = findJobs()
        (errorWaits, pollWaits, unknownErrorWaits) = WaitSample.samples(of: calls, waits, isCut: view.lost > 0) {
            $0.kind == .generate && mayBeAnother($0, $1, $2, isPaceAsked: true)
        }
    }

    var attempts: [Attempt] { calls.attempts }

    func purchase(of task: Int) -> Purchase? { purchaseOfTask[task].map { purchases[$0] } }

    private static func tasks(_ calls: ClientCalls) -> [(task: Int, attempts: [Int])] {
        var places: [Int: Int] = [:]
        var tasks: [(task: Int, attempts: [Int])] = []
        for (index, attempt) in calls.attempts.enumerated() {
            guard let task = attempt.exchange.task,
                attempt.exchange.operation == .status || attempt.exchange.operation == .download
            else { continue }
            if let place = places[task] {
                tasks[place].attempts.append(index)
            } else {
                places[task] = tasks.count
                tasks.append((task, [index]))
            }
        }
        return tasks
    }

    private func findPurchases() -> [Purchase] {
        let asks = Dictionary(tasks.map { ($0.task, $0.attempts) }, uniquingKeysWith: { first, _ in first })
        var purchases: [Purchase] = []
        for (index, attempt) in attempts.enumerated() {
            let exchange = attempt.exchange
            guard exchange.operation == .generate, let task = exchange.task,
                exchange.fate == .accepted || exchange.fate == .answerLost
            else { continue }
            var purchase = Purchase(
                task: task, generate: index, price: exchange.held, asks: asks[task] ?? [], end: .open)
            purchase.end = Purchase.end(of: purchase, self)
            purchases.append(purchase)
        }
        return purchases
    }

    /// Whether the client knew the answer of one attempt when it sent another.
    func isAfter(_ next: Int, _ one: Int) -> Bool {
        let (first, second) = (attempts[one], attempts[next])
        guard let ended = first.exchange.endedAt, let endedReal = first.exchange.endedRealTime else { return false }
        return second.at >= ended && second.realTime >= endedReal
    }

    func sequences(_ indices: [Int]) -> [Int] { indices.map { attempts[$0].sequence } }
}

/// One wait of a client, and which of its kind it was.
struct WaitSample: Hashable {
    var kind: ClientCall.Kind
    /// How many failures, or polls, in a row came before the one that it follows; 0 for the first.
    var index: Int
    var seconds: Double
    /// The wait before it in the same row, in seconds; nil for the first.
    var previous: Double?
    /// Whether the answer before it was 429.
    var isThrottled = false
    /// False where clients differ in how they count: a download that got on before it broke is a success to one, which
    /// begins its waits anew, and one more failure to another.
    var isPlaceKnown = true
    /// The event that it led to.
    var sequence: Int

    /// The waits of all calls: those before a retry and those before the next poll apart.
    ///
    /// A wait that `Retry-After` asked for is neither, for the client did not choose it; nor is one that led from a
    /// status request to a download.
    ///
    /// A 300 that did not come whole is an answer to one client, which reads the status alone, and an error to another:
    /// the wait after it is neither, and until a poll is answered whole nobody knows how many failures in a row came before.
    ///
    /// A download that brought a part of the file makes the places of the waits behind it unknown as well.
    ///
    /// - Parameters:
    ///   - isCut: Whether events were evicted: a call whose first attempt is among them has no known place in its row.
    ///   - isAnother: Whether the second of two attempts may be another job that asks for the same, which waited for nothing.
    static func samples(
        of calls: ClientCalls, _ waits: Waits, isCut: Bool, isAnother: (ClientCall, Int, Int) -> Bool
    ) -> (errors: [Self], polls: [Self], unknownErrors: [ClientCall.Kind: Int]) {
        var (errors, polls): ([Self], [Self]) = ([], [])
        var unknown: [ClientCall.Kind: Int] = [:]
        for call in calls.all where !isCut || calls.attempts[call.attempts[0]].exchange.attempt == 1 {
            var (errorIndex, pollIndex) = (0, 0)
            var (errorBefore, pollBefore): (Double?, Double?) = (nil, nil)
            var (isPlaceKnown, hasProgressed) = (true, false)
            for (one, next) in zip(call.attempts, call.attempts.dropFirst()) {
                let (from, to) = (calls.attempts[one], calls.attempts[next])
                let answer = from.answer
                if from.isHalfAnswered || isAnother(call, one, next) {
                    (errorIndex, errorBefore, pollBefore) = (0, nil, nil)
                    isPlaceKnown = false
                    continue
                }
                if !answer.isError { (isPlaceKnown, hasProgressed) = (true, false) }
                if from.isPartOfFile { hasProgressed = true }
                guard answer.isError || answer == .processing else {
                    (errorIndex, errorBefore) = (0, nil)
                    continue
                }
                guard from.exchange.operation != .status || to.exchange.operation == .status else { continue }
                let wait = waits.wait(from: one, to: next).map { Double($0.nanoseconds) / 1e9 }
                if answer == .processing {
                    (errorIndex, errorBefore) = (0, nil)
                    // Some clients saw the status before the connection ended, others an error: the wait is of neither kind.
                    let isCut = from.exchange.outcome != .completed
                    let wait = isCut ? nil : wait
                    if let wait {
                        polls.append(
                            Self(
                                kind: call.kind, index: pollIndex, seconds: wait, previous: pollBefore,
                                sequence: to.sequence))
                    }
                    pollIndex += 1
                    pollBefore = wait
                } else {
                    let isAsked = from.exchange.retryAfter != nil
                    if let wait, !isAsked, isPlaceKnown {
                        errors.append(
                            Self(
                                kind: call.kind, index: errorIndex, seconds: wait, previous: errorBefore,
                                isThrottled: from.exchange.status == 429, isPlaceKnown: !hasProgressed,
                                sequence: to.sequence))
                    }
                    if wait == nil { unknown[call.kind, default: 0] += 1 }
                    errorIndex += 1
                    errorBefore = isAsked ? nil : wait
                }
            }
        }
        return (errors, polls, unknown)
    }
}

extension Attempt {
    /// Whether this is a download whose head came, and the file behind it not whole.
    var isPartOfFile: Bool {
        exchange.operation == .download && answer.isError && (exchange.status == 200 || exchange.status == 206)
    }

    /// Whether this is a poll whose status says "not yet" and whose body was lost on the way.
    var isHalfAnswered: Bool {
        exchange.isCutProcessing
            || (exchange.operation != .generate && exchange.status == 300 && exchange.fault?.spoilsAnswer == true)
    }
}
