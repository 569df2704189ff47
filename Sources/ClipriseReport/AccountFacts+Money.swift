internal import ClipriseJournal
internal import ClipriseWire

// The properties that cost money when they are broken.

extension AccountFacts {
    private var generates: [ClientCall] { calls.all.filter { $0.kind == .generate } }

    // MARK: Bought again

    /// One generate after another that asks for the same, of which the first may have been enough.
    private struct Again {
        /// Positions in the attempts.
        let first: Int
        let second: Int
        /// The task whose price bought nothing by it.
        let task: Int?
        /// Whether the first was still being answered when the second was sent.
        var isHedge = false
    }

    /// Judged by what the server knows: one job must not be paid twice, whatever the client was told.
    func noDoubleCharge() -> Judgement {
        let (again, unclear, lost) = boughtAgain
        if !again.isEmpty {
            let credits = again.reduce(0) { $0 + attempts[$1.second].exchange.held }
            let isBlind = again.contains { attempts[$0.first].answer != .accepted }
            let isHedged = again.contains(where: \.isHedge)
            let evidence = again.flatMap { pair in
                [pair.first, problem(before: pair), pair.second].compactMap(\.self).map { attempts[$0].sequence }
            }
            return .fail(
                "\(NumberText.count(again.count, "job")) bought again: \(NumberText.credits(credits)) twice",
                change: isBlind
                    ? "When the answer to a generate is lost, do not send it again on your own: note the request, tell "
                        + "the user that its fate is not known, and let them decide; and see that your HTTP library does not "
                        + "send it again by itself when a reused connection breaks (libcurl: CURLOPT_FRESH_CONNECT; "
                        + "OkHttp: retryOnConnectionFailure(false); HttpURLConnection: -Dsun.net.http.retryPost=false; "
                        + "wget: --tries=1)"
                    : isHedged
                        ? "Send a generate once and wait for its answer: one that is sent beside it, and left when the first "
                            + "is answered, is charged all the same"
                        : "Retry the step that failed, not the whole job: keep the taskId, and poll or download it again; a new "
                            + "generate is a new price",
                samples: lost + again.count, unique(evidence))
        }
        if !unclear.isEmpty { return .unclear(Self.couldBeResend, samples: unclear.count, pairs(unclear)) }
        return lost == 0
            ? .notExercised("no answer to an accepted generate was lost, and nothing was bought twice", samples: 0)
            : .pass("\(NumberText.count(lost, "answer")) lost, nothing paid twice", samples: lost)
    }

    static let couldBeResend = """
        could be a resend, or another job that asks for the same: give each test an account, or mark jobs with \
        X-Cliprise-Mock-Job: NAME
        """

    private func pairs(_ again: [Again]) -> [Int] {
        unique(again.flatMap { [attempts[$0.first].sequence, attempts[$0.second].sequence] })
    }

    /// Each once, in the order of their first being named.
    func unique(_ sequences: [Int]) -> [Int] {
        var seen: Set<Int> = []
        return sequences.filter { seen.insert($0).inserted }
    }

    /// The last request of the first task before it was bought again; nil when there was none.
    private func problem(before again: Again) -> Int? {
        guard let task = again.task, let purchase = purchase(of: task) else { return nil }
        return purchase.asks.last { $0 < again.second }
    }

    /// The tasks of which another one was bought.
    private var boughtTwice: Set<Int> { Set(boughtAgain.again.compactMap(\.task)) }

    /// What was accepted twice, what may have been, and how many answers to accepted generates were lost.
    private var boughtAgain: (again: [Again], unclear: [Again], lost: Int) {
        var (again, unclear): ([Again], [Again]) = ([], [])
        var lost = 0
        for call in generates {
            var standing: [Int] = []
            for index in call.attempts {
                let exchange = attempts[index].exchange
                guard exchange.fate == .accepted || exchange.fate == .answerLost else { continue }
                if exchange.fate == .answerLost { lost += 1 }
                // A task that failed before was given back: the next one is not a second charge.
                standing.removeAll { wasGivenBack(attempts[$0].exchange.task, before: attempts[index].sequence) }
                if let before = standing.last {
                    let pair = Again(first: before, second: index, task: attempts[before].exchange.task)
                    if mayBeAnother(call, before, index) { unclear.append(pair) } else { again.append(pair) }
                }
                standing.append(index)
            }
        }
        for (pair, isUnclear) in repeated + hedged {
            if isUnclear { unclear.append(pair) } else { again.append(pair) }
        }
        again.sort { $0.second < $1.second }
        return (again, unclear, lost)
    }

    /// Generates after one that asks for the same, was accepted and answered so, and whose task the client had given up.
    ///
    /// To give up may be no mistake; to buy the same again is one, as long as nobody said that the first task had ended.
    private var repeated: [(pair: Again, isUnclear: Bool)] {
        var abandoned: [Errand: [Purchase]] = [:]
        var again: [(pair: Again, isUnclear: Bool)] = []
        for purchase in purchases {
            guard let errand = Errand(attempts[purchase.generate].exchange) else { continue }
            if let before = abandoned[errand]?.firstIndex(where: { isGivenUp($0, before: purchase.generate) }),
                let first = abandoned[errand]?.remove(at: before)
            {
                let pair = Again(first: first.generate, second: purchase.generate, task: first.task)
                again.append((pair, first.wasted == nil && mayBeAnother(purchase, after: first)))
            }
            let isKnown = attempts[purchase.generate].answer == .accepted
            if isKnown, purchase.wasted != nil || purchase.end == .hopeless, !purchase.asks.isEmpty {
                abandoned[errand, default: []].append(purchase)
            }
        }
        return again
    }

    private func isGivenUp(_ purchase: Purchase, before index: Int) -> Bool {
        guard let last = purchase.asks.last, last < index, isAfter(index, purchase.generate) else { return false }
        return purchase.wasted != nil || calls.isSoon(index, after: last)
    }

    /// Generates beside one that asks for the same and was being answered, which the client left when it had that answer.
    private var hedged: [(pair: Again, isUnclear: Bool)] {
        var running: [Errand: Purchase] = [:]
        var again: [(pair: Again, isUnclear: Bool)] = []
        for purchase in purchases {
            let attempt = attempts[purchase.generate]
            guard let errand = Errand(attempt.exchange) else { continue }
            if purchase.end == .unknown, attempt.exchange.outcome == .clientLeft, let first = running[errand],
                !isAfter(purchase.generate, first.generate)
            {
                let pair = Again(
                    first: first.generate, second: purchase.generate, task: purchase.task, isHedge: true)
                again.append((pair, mayBeAnother(beside: first)))
            }
            if attempt.answer == .accepted { running[errand] = purchase }
        }
        return again
    }

    private func wasGivenBack(_ task: Int?, before sequence: Int) -> Bool {
        guard let task, let settle = settles[task] else { return false }
        return settle.sequence < sequence && !settle.event.succeeded
    }

    // MARK: Sent again

    /// Judged by what the client could know.
    func noBlindResend() -> Judgement {
        var chances = 0
        var (blind, unclear): ([Again], [Again]) = ([], [])
        for call in generates {
            for (offset, index) in call.attempts.enumerated() where attempts[index].answer == .unknown {
                chances += 1
                guard offset + 1 < call.attempts.count else { continue }
                let next = call.attempts[offset + 1]
                let pair = Again(first: index, second: next, task: attempts[index].exchange.task)
                if mayBeAnother(call, index, next) { unclear.append(pair) } else { blind.append(pair) }
            }
        }
        if !blind.isEmpty {
            return .fail(
                "\(NumberText.count(blind.count, "generate")) sent again although the fate of the one before was unknown",
                change:
                    "Retry a generate only when it was refused for now (429, or 503 with Retry-After); after a lost "
                    + "connection, a timeout, an empty or broken answer, or any other 5xx a task may exist",
                samples: chances, pairs(blind))
        }
        if !unclear.isEmpty { return .unclear(Self.couldBeResend, samples: unclear.count, pairs(unclear)) }
        return chances == 0
            ? .notExercised("every generate had a clear answer", samples: 0)
            : .pass("\(NumberText.count(chances, "generate")) of unknown fate, none sent again", samples: chances)
    }

    // MARK: Wasted

    /// Judged by what the client was given: every task whose id it has must be followed to its file, or its failure.
    func noWaste() -> Judgement {
        let wasted = purchases.filter { $0.wasted != nil }
        let unread = unreadIDs
        if wasted.isEmpty, !unread.isEmpty {
            return .fail(
                "\(NumberText.count(unread.count, "poll")) without an id (empty, absent, or a word such as undefined), after a "
                    + "generate that had brought none",
                change:
                    "Read the taskId before polling: HTTP 200 with code 400 is a refusal, and an answer that is lost, empty or "
                    + "broken is an error of its own, behind which a task may exist",
                samples: purchases.count, sequences(unread))
        }
        guard !wasted.isEmpty else { return withoutWaste }
        let credits = wasted.reduce(0) { $0 + $1.price }
        var kinds: [Purchase.Waste: Int] = [:]
        for purchase in wasted { if let waste = purchase.wasted { kinds[waste, default: 0] += 1 } }
        let told = Purchase.Waste.allCases.filter { kinds[$0] != nil }
        let words = told.map { kinds.count == 1 ? $0.words : "\(kinds[$0] ?? 0) \($0.words)" }
        let worst = told.max { kinds[$0] ?? 0 < kinds[$1] ?? 0 } ?? .neverAsked
        let evidence = wasted.sorted { $0.wasted == worst && $1.wasted != worst }.flatMap { purchase in
            [attempts[purchase.generate].sequence] + (purchase.asks.last.map { [attempts[$0].sequence] } ?? [])
                + (settles[purchase.task].map { [$0.sequence] } ?? [])
        }
        return .fail(
            "\(wasted.count) of \(NumberText.count(purchases.count, "task")) paid for and never delivered, "
                + "\(NumberText.credits(credits)): \(words.joined(separator: ", "))",
            change: worst.change, samples: purchases.count, evidence)
    }

    private var withoutWaste: Judgement {
        let delivered = purchases.count { $0.end == .delivered }
        let open = purchases.count { $0.end == .open }
        let hopeless = purchases.filter { $0.end == .hopeless || $0.end == .withdrawn }
        var parts: [String] = []
        if delivered > 0 { parts.append("\(NumberText.count(delivered, "task")) delivered") }
        if open > 0 { parts.append("\(open) still open") }
        if !hopeless.isEmpty {
            let credits = hopeless.reduce(0) { $0 + $1.price }
            parts.append("\(hopeless.count) that the service never delivered (\(NumberText.credits(credits)))")
        }
        guard !parts.isEmpty else { return .notExercised("no task was to be delivered", samples: 0) }
        let seen = parts.joined(separator: ", ")
        return delivered + hopeless.count == 0
            ? .notExercised(seen, samples: 0) : .pass(seen, samples: delivered + hopeless.count)
    }

    /// Polls with what programs write where there is no id, while the last generate before them had brought none.
    ///
    /// An id that is merely unknown may be one that the client kept, or a test's.
    private var unreadIDs: [Int] {
        var unread: [Int] = []
        var isUnread = false
        for (index, attempt) in attempts.enumerated() {
            switch attempt.exchange.operation {
            case .generate: isUnread = attempt.answer != .accepted && attempt.answer != .pending
            case .status, .download:
                if isUnread, attempt.exchange.hint == MissingTaskID.hint { unread.append(index) }
            case .admin, .other: continue
            }
        }
        return unread
    }

    /// The credits that bought nothing, and all that were spent.
    var spending: Report.Spending {
        var spending = Report.Spending()
        let twice = boughtTwice
        for purchase in purchases where purchase.end != .refunded {
            spending.spent += purchase.price
            let isTwice = twice.contains(purchase.task) && purchase.end != .delivered
            if purchase.wasted != nil || isTwice {
                spending.lost += purchase.price
            } else if purchase.end == .hopeless || purchase.end == .withdrawn || purchase.end == .unknown {
                spending.undelivered += purchase.price
            }
            if purchase.wasted != nil { spending.neverFetched += 1 }
            if purchase.end == .delivered { spending.delivered += 1 }
        }
        spending.boughtAgain = twice.count
        return spending
    }

    /// Whether a price bought nothing, whoever is to blame.
    func isLost(_ purchase: Purchase) -> Bool {
        switch purchase.end {
        case .wasted, .withdrawn, .hopeless: true
        case .delivered, .refunded, .open: false
        case .unknown: boughtTwice.contains(purchase.task)
        }
    }

    func keyNotLeaked() -> Judgement {
        let leaking = attempts.indices.filter { !attempts[$0].exchange.leaks.isEmpty }
        guard !leaking.isEmpty else {
            return attempts.isEmpty
                ? .notExercised("no request", samples: 0)
                : .pass("no request had the key where it does not belong", samples: attempts.count)
        }
        let leaks = leaking.reduce(into: ExchangeEvent.Leak()) { $0.formUnion(attempts[$1].exchange.leaks) }
        let places = [
            (ExchangeEvent.Leak.target, "the URL of a generate"), (.body, "a body"),
            (.field, "a header field other than Authorization"),
        ].filter { leaks.contains($0.0) }.map(\.1)
        return .fail(
            "the key stood in \(places.joined(separator: " and in ")) (\(NumberText.count(leaking.count, "request")))",
            change: "Send the key only as Authorization: Bearer for a generate, and as apiKey in the query of a status "
                + "request; URLs and bodies end up in logs",
            samples: attempts.count, sequences(leaking))
    }
}
