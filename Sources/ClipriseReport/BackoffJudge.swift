internal import ClipriseScenario

/// Judges the waits before retries, of one account or of several together, each kind of call by itself.
///
/// Waits of several accounts may be judged as one: clients of one kind are the samples of one habit.
struct BackoffJudge {
    private let kinds: [(kind: ClientCall.Kind, waits: KindWaits)]

    /// - Parameter accounts: Of how many accounts, each judged by itself, these are one: the more there are, the more
    ///   certain a failure must be, so that one by chance stays as rare in the whole report.
    init(_ all: [AccountFacts], of accounts: Int = 1) {
        let samples = all.flatMap(\.errorWaits)
        let used = Set(samples.map(\.kind)).count
        kinds = ClientCall.Kind.allCases.map { kind in
            (
                kind,
                KindWaits(
                    samples: samples.filter { $0.kind == kind },
                    unknown: all.reduce(0) { $0 + ($1.unknownErrorWaits[kind] ?? 0) }, judged: accounts * used)
            )
        }
    }

    func backoff(_ expected: ClientProperty.Backoff) -> Judgement {
        merge("retry", "retries", needed: BackoffFit.fewest) { $0.backoff(expected) }
    }

    func jitterPresent(samples needed: Int) -> Judgement {
        merge("wait", "waits", needed: needed) { $0.jitterPresent(samples: needed) }
    }

    /// The first kind that fails speaks for all, else the first that passes, else the one with the most waits.
    private func merge(_ one: String, _ many: String, needed: Int, _ judge: (KindWaits) -> Judgement) -> Judgement {
        let judgements = kinds.map { judge($0.waits) }
        let count = kinds.reduce(0) { $0 + $1.waits.samples.count }
        let used = kinds.indices.filter { !kinds[$0].waits.samples.isEmpty }
        var merged: Judgement
        if let index = judgements.firstIndex(where: { $0.outcome == .fail }) {
            merged = judgements[index]
            merged.sequences = judgements.filter { $0.outcome == .fail }.flatMap(\.sequences).sorted()
            if used.count > 1 { merged.seen = "\(kinds[index].kind.rawValue): \(merged.seen)" }
        } else if let index = judgements.firstIndex(where: { $0.outcome == .pass }) {
            merged = judgements[index]
            if used.count > 1 { merged.seen = "\(kinds[index].kind.rawValue): \(merged.seen)" }
        } else if used.count > 1, kinds.allSatisfy({ $0.waits.samples.count < needed }) {
            let each = used.map { "\(kinds[$0].waits.samples.count) of \(kinds[$0].kind.rawValue)" }
            merged = .notExercised(
                "too few: \(each.joined(separator: ", ")); \(needed) \(many) of one kind are needed")
        } else if let index = used.max(by: { kinds[$0].waits.samples.count < kinds[$1].waits.samples.count }) {
            merged = judgements[index]
        } else {
            let unknown = kinds.reduce(0) { $0 + $1.waits.unknown }
            merged = .notExercised(
                unknown > 0 ? Waits.unknownText(unknown) : "no \(one) that the client timed by itself")
        }
        merged.samples = count
        merged.parts = zip(kinds, judgements).map { kind, judgement in
            let number = kind.waits.samples.count
            return Verdict.Part(
                name: kind.kind.rawValue, outcome: judgement.outcome,
                seen: number == 0
                    ? "no \(one)"
                    : judgement.outcome == .notExercised ? "not exercised: \(judgement.seen)" : judgement.seen,
                samples: number)
        }
        return merged
    }
}

extension ClientProperty.Backoff {
    /// The demand in words: `1 s × 2 each time up to 30 s, full jitter`.
    var description: String {
        var parts: [String] = []
        if let base { parts.append("\(NumberText.span(base))") }
        if let factor { parts.append("× \(NumberText.ratio(factor)) each time") }
        if let cap { parts.append("up to \(NumberText.span(cap))") }
        let text = parts.joined(separator: " ")
        let jitterText = jitter == .any ? "" : jitter == .none ? "no jitter" : "\(jitter.rawValue) jitter"
        if text.isEmpty { return jitterText.isEmpty ? "longer after each failure" : jitterText }
        return jitterText.isEmpty ? text : "\(text), \(jitterText)"
    }
}
