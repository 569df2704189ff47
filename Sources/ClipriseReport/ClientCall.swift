internal import ClipriseJournal
internal import ClipriseWire

/// What a client meant once, and all the attempts that it took.
struct ClientCall {
    /// The words of reports.
    enum Kind: String, CaseIterable { case generate, polling, download }

    let kind: Kind
    /// 1-based; nil for a generate, and for polls of a task that is not known.
    let task: Int?
    /// Positions in `ClientCalls.attempts`, in order of arrival.
    var attempts: [Int]
}

/// The attempts of one account, grouped into calls.
struct ClientCalls {
    /// How attempts are grouped, for people.
    static let rule = """
        A generate belongs to the call of the last generate that asked for the same (model, input and options, whatever the order \
        of keys, white space, seed and callBackUrl) for the same job (X-Cliprise-Mock-Job), until that one was accepted and its \
        answer delivered, or credits were added (or given back, where it was refused for want of them), or more than 5 min (and what Retry-After asked for) went by where neither \
        the job nor the account has a name (on a virtual clock that nobody moved by hand, of the machine's); one that arrives \
        while the other is still being answered is a call of its own, unless the client left that one. All polls of a task are one call, \
        and all its downloads another; polls of an id that is not known are one \
        call for each id, as far as the numbers of their attempts show; a download that is answered "processing" is a poll.
        """
    private static let patience = TimeSpan.seconds(300)
    /// How much earlier, in nanoseconds on the machine's clock, shows that two requests were under way at once.
    private static let overlap: Int64 = 2_000_000

    private(set) var attempts: [Attempt] = []
    private(set) var all: [ClientCall] = []
    private(set) var handMoves = ClockMoves()

    private var openGenerates: [Errand: Int] = [:]
    private var pollings: [Int: Int] = [:]
    private var downloads: [Int: Int] = [:]
    /// Calls of polls without a task, by the number of their last attempt; those that wait longest first.
    private var lonelyPolls: [Int: ArraySlice<Int>] = [:]
    /// The last event that added credits, and the last that gave some back.
    private var (toppedUp, gaveBack) = (0, 0)
    /// Whether the account is one test's: then what asks for the same is the same, however late.
    private let isLabelled: Bool
    private let isVirtual: Bool

    init(_ view: JournalView) {
        isLabelled = view.label != nil
        isVirtual = view.isClockVirtual
        attempts.reserveCapacity(view.events.count)
        for event in view.events {
            switch event.kind {
            case .exchange(let exchange):
                attempts.append(
                    Attempt(sequence: event.sequence, at: event.at, realTime: event.realTime, exchange: exchange))
                place(attempts.count - 1)
            case .money(let movement): if movement.credits > 0 { toppedUp = event.sequence }
            case .clock: handMoves.note(event.sequence)
            case .settled(let settled): if settled.released > 0 { gaveBack = event.sequence }
            case .callback: break
            }
        }
    }

    private mutating func place(_ index: Int) {
        let exchange = attempts[index].exchange
        switch exchange.operation {
        case .generate: placeGenerate(index)
        case .status: placePoll(index)
        case .download:
            if attempts[index].answer == .processing {
                placePoll(index)
            } else if let task = exchange.task {
                downloads[task] = join(downloads[task], .download, task: task, index)
            } else {
                placePoll(index)
            }
        case .admin, .other: break
        }
    }

    /// Adds an attempt to a call, or to a new one.
    ///
    /// - Returns: The call.
    private mutating func join(_ call: Int?, _ kind: ClientCall.Kind, task: Int?, _ index: Int) -> Int {
        guard let call else {
            all.append(ClientCall(kind: kind, task: task, attempts: [index]))
            return all.count - 1
        }
        all[call].attempts.append(index)
        return call
    }

    private mutating func placeGenerate(_ index: Int) {
        guard let errand = Errand(attempts[index].exchange) else {
            _ = join(nil, .generate, task: nil, index)
            return
        }
        let open = openGenerates[errand].flatMap { call in
            isOpen(after: all[call].attempts[all[call].attempts.count - 1], for: index) ? call : nil
        }
        openGenerates[errand] = join(open, .generate, task: nil, index)
    }

    private func isOpen(after lastIndex: Int, for index: Int) -> Bool {
        let (last, next) = (attempts[lastIndex], attempts[index])
        guard last.answer != .accepted, last.answer != .pending, toppedUp < last.sequence else { return false }
        if last.exchange.clause == .gen10, gaveBack > last.sequence { return false }
        if let ended = last.exchange.endedAt, next.at < ended, last.exchange.outcome == .completed { return false }
        // Nobody knows that a connection will be lost: what arrives well before it is, is another call.
        if let ended = last.exchange.endedRealTime, last.exchange.outcome == .aborted,
            next.realTime < ended - Self.overlap
        {
            return false
        }
        return isSoon(index, after: lastIndex)
    }

    /// Whether one request may still be about the job of one before it: a name shows it, or it came soon enough.
    ///
    /// Polls that move a virtual clock make minutes of it in which no client waited.
    func isSoon(_ index: Int, after lastIndex: Int) -> Bool {
        let (last, next) = (attempts[lastIndex], attempts[index])
        if isLabelled || next.exchange.job != nil { return true }
        let asked = max(.zero, last.exchange.retryAfter ?? .zero)
        let limit = TimeSpan(nanoseconds: Self.patience.nanoseconds &+ asked.nanoseconds)
        guard isVirtual, !handMoves.isMoved(from: last.sequence, to: next.sequence) else {
            return next.at.since(last.exchange.endedAt ?? last.at) <= limit
        }
        return next.realTime &- (last.exchange.endedRealTime ?? last.realTime) <= limit.nanoseconds
    }

    private mutating func placePoll(_ index: Int) {
        let exchange = attempts[index].exchange
        if let task = exchange.task {
            pollings[task] = join(pollings[task], .polling, task: task, index)
        } else {
            // Only the number of the attempt shows whether two polls without a task ask for the same. Of several calls
            // that came as far, it is that of the one that waits longest: clients take turns.
            let earlier = lonelyPolls[exchange.attempt - 1]?.popFirst()
            lonelyPolls[exchange.attempt, default: []].append(join(earlier, .polling, task: nil, index))
        }
    }
}
