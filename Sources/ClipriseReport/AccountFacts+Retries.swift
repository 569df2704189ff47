internal import ClipriseJournal
internal import ClipriseWire

// The properties of retries, but for the length of waits that nobody asked for.

extension AccountFacts {
    func retriesOnlyRetryable() -> Judgement {
        var refusals = 0
        var evidence: [Int] = []
        var wrong = 0
        for call in calls.all {
            for (offset, index) in call.attempts.enumerated() where attempts[index].answer == .refused {
                refusals += 1
                guard offset + 1 < call.attempts.count else { continue }
                let next = call.attempts[offset + 1]
                guard isAfter(next, index), !isHeadOnly(index, before: next),
                    !hasFreshStatus(call, between: index, next)
                else { continue }
                if call.kind == .generate, mayBeAnother(call, index, next) { continue }
                wrong += 1
                if evidence.last != attempts[index].sequence { evidence.append(attempts[index].sequence) }
                evidence.append(attempts[next].sequence)
            }
        }
        let (failures, repeated) = failedTasks
        refusals += failures
        wrong += repeated.count
        evidence += sequences(repeated.flatMap { [$0.told, $0.generate] })
        if wrong > 0 {
            return .fail(
                "\(NumberText.count(wrong, "request")) sent again although the answer was final",
                change:
                    "Retry 429, 5xx and lost connections of status and download; a refusal such as 400, 401, 404 or "
                    + "code 400 stays one, however often it is asked for, and so does a prompt whose task failed",
                samples: refusals, evidence)
        }
        return refusals == 0
            ? .notExercised("nothing was refused for good", samples: 0)
            : .pass("\(NumberText.count(refusals, "refusal")), none sent again", samples: refusals)
    }

    /// So many failed tasks of one errand may be chance, or jobs that ask for the same; fewer where jobs have names.
    private static let patience = (unnamed: 5, named: 2)

    /// How many tasks the client saw fail, and the generates that asked for the same after it had seen that too often.
    private var failedTasks: (count: Int, repeated: [(told: Int, generate: Int)]) {
        var count = 0
        var waits: [Errand: [Int]] = [:]
        for purchase in purchases {
            guard let told = purchase.asks.first(where: { attempts[$0].answer == .failed }) else { continue }
            count += 1
            if let errand = Errand(attempts[purchase.generate].exchange) { waits[errand, default: []].append(told) }
        }
        guard !waits.isEmpty else { return (count, []) }
        var repeated: [(told: Int, generate: Int)] = []
        for (index, attempt) in attempts.enumerated() where attempt.exchange.operation == .generate {
            guard let errand = Errand(attempt.exchange), let told = waits[errand] else { continue }
            let isNamed = errand.job != nil || view.label != nil
            let before = told.filter { $0 < index && isAfter(index, $0) }
            if before.count >= (isNamed ? Self.patience.named : Self.patience.unnamed), let last = before.max() {
                repeated.append((last, index))
            }
        }
        return (count, repeated)
    }

    /// Whether an answer had no body to read, and the request after it asks for one.
    private func isHeadOnly(_ one: Int, before next: Int) -> Bool {
        attempts[one].exchange.method == .head && attempts[next].exchange.method != .head
    }

    /// A download may be tried again with a link that was fetched anew.
    private func hasFreshStatus(_ call: ClientCall, between one: Int, _ next: Int) -> Bool {
        guard call.kind == .download else { return false }
        return attempts[(one + 1)..<next].contains {
            $0.exchange.operation == .status && $0.exchange.task == call.task
        }
    }

    func stopsOnTerminal() -> Judgement {
        var ends = Ends()
        for (_, indices) in tasks { judgeEnd(of: indices, &ends) }
        for call in calls.all where call.kind == .polling && call.task == nil { judgeEnd(of: call.attempts, &ends) }
        if ends.asked > 0 {
            return .fail(
                "\(ends.asked) of \(NumberText.count(ends.ended, "task")) \(ends.asked == 1 ? "was" : "were") asked for "
                    + "again after the end was known",
                change: "Stop polling at the first answer that says success, failed or invalid_taskId, and keep the "
                    + "result",
                samples: ends.ended, ends.evidence)
        }
        return ends.ended == 0
            ? .notExercised("no task was seen to end", samples: 0)
            : .pass("\(NumberText.count(ends.ended, "task")) ended, none asked for again", samples: ends.ended)
    }

    private struct Ends {
        /// Tasks whose end the client was told.
        var ended = 0
        /// Those of them that it asked for again.
        var asked = 0
        var evidence: [Int] = []
    }

    private func judgeEnd(of indices: [Int], _ ends: inout Ends) {
        var last: (index: Int, answer: ObservedAnswer)?
        var (hasEnded, isAsked) = (false, false)
        for index in indices {
            let attempt = attempts[index]
            // After success the file may be fetched; after the others nothing is left to ask for.
            if let last, isAfter(index, last.index), !isHeadOnly(last.index, before: index),
                last.answer == .failed || last.answer == .refused
                    || (attempt.exchange.operation == .status && !attempt.exchange.asksForFile)
            {
                if !isAsked { ends.evidence.append(attempts[last.index].sequence) }
                ends.evidence.append(attempt.sequence)
                isAsked = true
            }
            switch attempt.answer {
            case .success, .failed, .file:
                hasEnded = true
                last = (index, attempt.answer)
            case .processing: last = nil
            // Neither does an id that is not known become known (STA-2).
            case .refused where attempt.exchange.clause == .sta2:
                hasEnded = true
                last = (index, attempt.answer)
            // A download that did not work is a reason to ask for the state once more.
            case .unknown, .retryable, .refused:
                if attempt.exchange.operation == .download || attempt.exchange.asksForFile { last = nil }
            case .pending, .accepted, .noted: break
            }
        }
        if hasEnded { ends.ended += 1 }
        if isAsked { ends.asked += 1 }
    }

    /// Attempts of a call that followed one that went wrong.
    var retries: [Int] {
        var retries: [Int] = []
        for call in calls.all {
            for (one, next) in zip(call.attempts, call.attempts.dropFirst()) where attempts[one].answer.isError {
                retries.append(next)
            }
        }
        return retries
    }

    func retryBudget(ratio: Double, minimum: Int) -> Judgement {
        let retries = retries
        let first = calls.all.reduce(0) { $0 + $1.attempts.count } - retries.count
        guard !retries.isEmpty else { return .notExercised("nothing was retried", samples: 0) }
        let allowed = ratio * Double(first) + Double(minimum)
        let seen = "\(NumberText.count(retries.count, "retry", "retries")) for \(NumberText.count(first, "request"))"
        if Double(retries.count) > allowed {
            return .fail(
                "\(seen), allowed \(NumberText.ratio(allowed))",
                change: "Keep a budget over all calls, so that retries stop when most of what is sent is retries; "
                    + "a service that is down needs fewer requests, not more",
                samples: retries.count, sequences(retries.sorted()))
        }
        return .pass("\(seen), allowed \(NumberText.ratio(allowed))", samples: retries.count)
    }
}

extension TimeSpan {
    func since(_ other: TimeSpan) -> TimeSpan { TimeSpan(nanoseconds: nanoseconds &- other.nanoseconds) }
}

extension Waits {
    /// Why waits could not be judged.
    static func unknownText(_ count: Int) -> String {
        "\(NumberText.count(count, "wait")) on a virtual clock that was not moved by hand: use clock: real, or move the "
            + "clock when the client sleeps"
    }
}
