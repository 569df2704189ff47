internal import ClipriseJournal
internal import ClipriseWire

// What a client does with Retry-After.

extension AccountFacts {
    func honoursRetryAfter(tolerance: TimeSpan) -> Judgement {
        enum Form: String, CaseIterable { case seconds, date, zero, past }
        var kept: [Form: Int] = [:]
        var (total, short): ([Form: Int], [Form: Int]) = ([:], [:])
        var unknown = 0
        var (evidence, unclear): ([Int], [Int]) = ([], [])
        var worst: (asked: TimeSpan, waited: TimeSpan)?
        for call in calls.all {
            for (one, next) in zip(call.attempts, call.attempts.dropFirst()) {
                let exchange = attempts[one].exchange
                guard exchange.outcome == .completed, let asked = exchange.retryAfter else { continue }
                let form: Form =
                    if asked > .zero { exchange.retryAfterIsDate ? .date : .seconds } else if exchange.retryAfterIsDate
                    {
                        .past
                    } else { .zero }
                guard let waited = waits.wait(from: one, to: next) else {
                    unknown += 1
                    continue
                }
                // A date has whole seconds: it may have told up to one less.
                let slack = tolerance.nanoseconds + (form == .date ? 1_000_000_000 : 0)
                let isKept = waited.nanoseconds >= max(0, asked.nanoseconds) - slack
                if !isKept, call.kind == .generate, mayBeAnother(call, one, next, isPaceAsked: true) {
                    unclear += [attempts[one].sequence, attempts[next].sequence]
                    continue
                }
                total[form, default: 0] += 1
                if isKept {
                    kept[form, default: 0] += 1
                    continue
                }
                short[form, default: 0] += 1
                evidence += [attempts[one].sequence, attempts[next].sequence]
                if worst.map({ asked.since(waited) > $0.asked.since($0.waited) }) ?? true { worst = (asked, waited) }
            }
        }
        let parts = Form.allCases.map { form in
            let count = total[form] ?? 0
            let isEasy = form == .zero || form == .past
            return Verdict.Part(
                name: form.rawValue,
                outcome: count == 0 ? .notExercised : short[form] ?? 0 > 0 ? .fail : .pass,
                seen: count == 0
                    ? "not seen"
                    : isEasy
                        ? "\(count) seen, nothing to wait for"
                        : "\(kept[form] ?? 0) of \(NumberText.count(count, "wait")) long enough",
                samples: count)
        }
        let samples = (total[.seconds] ?? 0) + (total[.date] ?? 0)
        var judgement: Judgement
        if let worst {
            judgement = .fail(
                "told to wait \(NumberText.span(worst.asked)), came back after \(NumberText.span(worst.waited))",
                change:
                    "Read Retry-After, as seconds and as a date, and wait at least that long before the next attempt; "
                    + "give up when it is longer than you can wait",
                samples: samples, unique(evidence))
        } else if samples > 0 {
            judgement = .pass("\(NumberText.count(samples, "wait")) as long as told, or longer", samples: samples)
        } else if !unclear.isEmpty {
            judgement = .unclear(Self.couldBeResend, samples: unclear.count / 2, unique(unclear))
        } else if unknown > 0 {
            judgement = .notExercised(Waits.unknownText(unknown), samples: 0)
        } else {
            judgement = .notExercised("no request followed an answer that said how long to wait", samples: 0)
        }
        judgement.parts = parts
        return withKey(judgement, tolerance)
    }

    /// Whether the next call of a client that makes one after another came too early after a 429 to the one before.
    ///
    /// A 429 is of the key, not of the job.
    ///
    /// Where calls overlap or take turns there may be several workers, and nobody knows what each was told. Even of one
    /// by one the first two may be tests of their own, so three of them make a habit.
    private func withKey(_ judgement: Judgement, _ tolerance: TimeSpan) -> Judgement {
        var (total, evidence): (Int, [Int]) = (0, [])
        var worst: (asked: TimeSpan, waited: TimeSpan)?
        for (call, next) in zip(calls.all, calls.all.dropFirst()) {
            let (last, first) = (call.attempts[call.attempts.count - 1], next.attempts[0])
            guard isAfter(first, last) else { return judgement }
            let exchange = attempts[last].exchange
            guard call.kind == next.kind, exchange.status == 429, exchange.outcome == .completed,
                let asked = exchange.retryAfter, asked > .zero, let waited = waits.wait(from: last, to: first)
            else { continue }
            total += 1
            let slack = tolerance.nanoseconds + (exchange.retryAfterIsDate ? 1_000_000_000 : 0)
            guard waited.nanoseconds < asked.nanoseconds - slack else { continue }
            evidence += [attempts[last].sequence, attempts[first].sequence]
            if worst.map({ asked.since(waited) > $0.asked.since($0.waited) }) ?? true { worst = (asked, waited) }
        }
        guard total > 0 else { return judgement }
        let short = evidence.count / 2
        let isHabit = short > 2 && short * 2 > total
        var part = Verdict.Part(
            name: "key", outcome: short == 0 ? .pass : isHabit ? .fail : .notExercised,
            seen: "\(total - short) of \(NumberText.count(total, "other call")) late enough", samples: total)
        var judged = judgement
        if let worst {
            let seen =
                "the key was told to wait \(NumberText.span(worst.asked)), another call came after "
                + NumberText.span(worst.waited)
            if isHabit, judgement.outcome != .fail {
                judged = .fail(
                    "\(seen), \(NumberText.count(short, "time")) of \(total)",
                    change: "A 429 is of the key: let all jobs and workers that share it wait for Retry-After",
                    samples: (judgement.samples ?? 0) + total, unique(evidence))
            } else if judgement.outcome == .notExercised {
                judged = .unclear(
                    "\(seen): the same program, or a test of its own? Give each test an account", samples: total,
                    unique(evidence))
            }
            if !isHabit { part.seen += "; others may be tests of their own" }
        } else if judgement.outcome == .notExercised {
            judged = .pass(
                "\(NumberText.count(total, "other call")) as late as the key was told, or later", samples: total)
        }
        judged.parts = judgement.parts + [part]
        return judged
    }
}
