internal import ClipriseScenario
internal import ClipriseWire

/// Judges the waits before retries, of one account or of several together, each kind of call by itself.
///
/// Waits of several accounts may be judged as one: clients of one kind are the samples of one habit.
struct BackoffJudge {
    private let kinds: [(kind: Call.Kind, waits: KindWaits)]

    /// - Parameter accounts: Of how many accounts, each judged by itself, these are one: the more there are, the more
    ///   certain a failure must be, so that one by chance stays as rare in the whole report.
    init(_ all: [Facts], of accounts: Int = 1) {
        kinds = Call.Kind.allCases.map { kind in
            (
                kind,
                KindWaits(
                    samples: all.flatMap(\.errorWaits).filter { $0.kind == kind },
                    unknown: all.reduce(0) { $0 + ($1.unknownErrorWaits[kind] ?? 0) }, accounts: accounts)
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
            if used.count > 1 { merged.seen = "\(kinds[index].kind.word): \(merged.seen)" }
        } else if let index = judgements.firstIndex(where: { $0.outcome == .pass }) {
            merged = judgements[index]
            if used.count > 1 { merged.seen = "\(kinds[index].kind.word): \(merged.seen)" }
        } else if used.count > 1, kinds.allSatisfy({ $0.waits.samples.count < needed }) {
            let each = used.map { "\(kinds[$0].waits.samples.count) of \(kinds[$0].kind.word)" }
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
                name: kind.kind.word, outcome: judgement.outcome,
                seen: number == 0
                    ? "no \(one)"
                    : judgement.outcome == .notExercised ? "not exercised: \(judgement.seen)" : judgement.seen,
                samples: number)
        }
        return merged
    }
}

/// The waits before the retries of one kind of call.
struct KindWaits {
    let samples: [WaitSample]
    /// Retries whose wait is not known.
    let unknown: Int
    private let chance: Chance
    /// The natural logarithm of the number of accounts that are judged each by itself.
    private let caution: Double

    init(samples: [WaitSample], unknown: Int, accounts: Int) {
        caution = Logarithm.natural(Double(max(1, accounts)))
        self.samples = samples
        self.unknown = unknown
        chance = Chance(samples)
    }

    /// Below this a wait is no wait, in seconds.
    private static let shortest = 0.05
    /// How much likelier constant waits must be, in natural logarithms, to say that they do not grow.
    private static let certainty = 3.0

    private func tooFew(_ one: String, _ many: String, _ needed: Int) -> Judgement {
        .notExercised(
            samples.isEmpty && unknown > 0
                ? Waits.unknownText(unknown)
                : "too few: \(NumberText.count(samples.count, one, many)), \(needed) are needed",
            samples: samples.count)
    }

    func backoff(_ expected: ClientProperty.Backoff) -> Judgement {
        guard samples.count >= BackoffFit.fewest else { return tooFew("retry", "retries", BackoffFit.fewest) }
        let isOpen = expected == ClientProperty.Backoff()
        let longest = samples.reduce(0) { max($0, $1.seconds) }
        let isShortAsked = expected.base.map { Double($0.nanoseconds) / 1e9 < Self.shortest } ?? false
        if !isShortAsked, longest < Self.shortest {
            return .fail(
                "retries after at most \(NumberText.span(TimeSpan(seconds: longest)))",
                change: "Wait before a retry, longer after each failure: min(cap, base × 2^n), such as 0.5 s, 1 s, 2 s",
                samples: samples.count, evidence(samples))
        }
        if isOpen { return growth() }
        let compared = compare(expected)
        guard expected.factor != 1, compared.outcome == .pass else { return compared }
        // Whoever asks for more asks for growth too.
        let growth = growth()
        return growth.outcome == .pass ? compared : growth
    }

    private func evidence(_ samples: [WaitSample]) -> [Int] { samples.map(\.sequence).sorted() }

    /// With nothing demanded: waits grow with each failure.
    private func growth() -> Judgement {
        guard Set(samples.map(\.index)).count > 1 else {
            return .notExercised(
                "\(NumberText.count(samples.count, "retry", "retries")), none of them after a second failure in a row",
                samples: samples.count)
        }
        var (constant, growing) = (BackoffFit.Limits(), BackoffFit.Limits())
        constant.growths = [.exponential(factor: 1)]
        constant.jitters.removeAll { $0 == .decorrelated }
        growing.growths.removeAll { !$0.isGrowing }
        // Less than this is found in constant waits too, by chance.
        growing.leastRise = 1.4
        let waits = chance.telling
        let (flat, rising) = (BackoffFit.best(waits, constant), BackoffFit.best(waits, growing))
        if let flat, rising.map({ flat.likelihood > $0.likelihood + Self.certainty + caution }) ?? true {
            return .fail(
                "waits do not grow" + (chance.fit(constant).map { ": \($0)" } ?? ""),
                change: "Wait longer after each failure: min(cap, base × 2^n), with jitter",
                samples: samples.count, evidence(samples))
        }
        if let flat, let rising, flat.likelihood > rising.likelihood {
            return .notExercised(
                "\(NumberText.count(samples.count, "wait")) do not tell whether they grow", samples: samples.count)
        }
        return .pass(chance.fit(growing)?.description ?? "waits grow, in no known way", samples: samples.count)
    }

    private func compare(_ expected: ClientProperty.Backoff) -> Judgement {
        let text = expected.description
        let fitted = chance.fit().map { ": they look like \($0)" } ?? ""
        func fail(_ what: String, _ samples: [WaitSample]) -> Judgement {
            .fail(
                "\(what)\(fitted)", change: "Wait \(text) before a retry, or correct what is expected",
                samples: self.samples.count, evidence(samples))
        }
        if chance.isAbsent, expected.jitter != .any, expected.jitter != .none {
            return fail("the waits are without chance, not \(text)", samples)
        }
        guard let fit = chance.fit(BackoffFit.Limits(expected)) else {
            return fail("the waits are not \(text)", outliers(expected))
        }
        // Draws that fill their range lie in its middle in the mean; how far off is chance shrinks with the root.
        let range = fit.jitter.range
        let (from, to) = (range.low, range.high)
        if to > from, fit.jitter != .decorrelated, expected.base != nil || expected.cap != nil {
            let base = Double(fit.base.nanoseconds) / 1e9
            let cap = fit.cap.map { Double($0.nanoseconds) / 1e9 } ?? .infinity
            let mean =
                samples.reduce(0.0) { sum, sample in
                    let height = min(cap, base * fit.growth.multiple(min(sample.index, 40)))
                    return sum + (sample.seconds / height - from) / (to - from)
                } / Double(samples.count)
            let deviation = 0.288_7 / Double(samples.count).squareRoot()
            if mean < 0.5 - 4 * deviation { return fail("the waits are shorter than \(text)", samples) }
        }
        return .pass("\(fit)", samples: samples.count)
    }

    /// The waits that no choice of what is left open explains; all when each alone can be explained.
    private func outliers(_ expected: ClientProperty.Backoff) -> [WaitSample] {
        guard let base = expected.base, let factor = expected.factor else { return samples }
        let most = expected.jitter == .any ? 1.5 : 1.0
        let wrong = samples.filter { sample in
            let cap = expected.cap.map { Double($0.nanoseconds) / 1e9 } ?? .infinity
            let multiple = BackoffFit.Growth.exponential(factor: factor).multiple(min(sample.index, 40))
            let height = min(cap, Double(base.nanoseconds) / 1e9 * multiple)
            return sample.seconds > height * most * 1.05 + 0.015
                || (expected.jitter == .equal && sample.seconds < height * 0.45)
                || (expected.jitter == .none && sample.seconds < height * 0.95)
        }
        return wrong.isEmpty ? samples : wrong
    }

    func jitterPresent(samples needed: Int) -> Judgement {
        // An account alone needs the more waits the more accounts there are.
        let needed = needed + Int((2 * caution).rounded(.up))
        guard samples.count >= needed else { return tooFew("wait", "waits", needed) }
        guard chance.isAbsent else {
            return .pass("\(NumberText.count(samples.count, "wait")) differ by chance", samples: samples.count)
        }
        return .fail(
            "\(NumberText.count(samples.count, "wait")) without chance in them"
                + (chance.fit().map { ": \($0)" } ?? ""),
            change:
                "Draw each wait by chance, from 0 to its full length: clients that failed together must not come "
                + "back together",
            samples: samples.count, evidence(samples))
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
