internal import ClipriseScenario
internal import ClipriseWire

/// Judges the waits before retries, of one account or of several together.
///
/// Waits of several accounts may be judged as one: clients of one kind are the samples of one habit.
struct BackoffJudge {
    let samples: [WaitSample]
    /// Retries whose wait is not known.
    let unknown: Int

    init(_ all: [Facts]) {
        samples = all.flatMap(\.errorWaits)
        unknown = all.reduce(0) { $0 + $1.unknownErrorWaits }
    }

    /// Below this a wait is no wait, in seconds.
    private static let shortest = 0.05
    /// How much likelier constant waits must be, in natural logarithms, to say that they do not grow.
    private static let certainty = 3.0

    private var tooFew: Judgement {
        samples.isEmpty && unknown > 0
            ? .notExercised(Waits.unknownText(unknown), samples: 0)
            : .notExercised(
                samples.isEmpty
                    ? "no retry whose wait the client chose itself"
                    : "too few: \(NumberText.count(samples.count, "retry", "retries")), \(BackoffFit.fewest) are needed",
                samples: samples.count)
    }

    func backoff(_ expected: ClientProperty.Backoff) -> Judgement {
        guard samples.count >= BackoffFit.fewest else { return tooFew }
        let isOpen = expected == ClientProperty.Backoff()
        let longest = samples.reduce(0) { max($0, $1.seconds) }
        if isOpen, longest < Self.shortest {
            return .fail(
                "retries after at most \(NumberText.span(TimeSpan(seconds: longest)))",
                change: "Wait before a retry, longer after each failure: min(cap, base × 2^n), such as 0.5 s, 1 s, 2 s",
                samples: samples.count, evidence(samples))
        }
        return isOpen ? growth() : compare(expected)
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
        let (flat, rising) = (BackoffFit.best(samples, constant), BackoffFit.best(samples, growing))
        if let flat, rising.map({ flat.likelihood > $0.likelihood + Self.certainty }) ?? true {
            return .fail(
                "waits do not grow: \(flat)",
                change: "Wait longer after each failure: min(cap, base × 2^n), with jitter",
                samples: samples.count, evidence(samples))
        }
        if let flat, let rising, flat.likelihood > rising.likelihood {
            return .notExercised(
                "\(NumberText.count(samples.count, "wait")) do not tell whether they grow", samples: samples.count)
        }
        return .pass(rising?.description ?? "waits grow, in no known way", samples: samples.count)
    }

    private func compare(_ expected: ClientProperty.Backoff) -> Judgement {
        let text = expected.description
        let fitted = BackoffFit.best(samples).map { ": they look like \($0)" } ?? ""
        func fail(_ what: String, _ samples: [WaitSample]) -> Judgement {
            .fail(
                "\(what)\(fitted)", change: "Wait \(text) before a retry, or correct what is expected",
                samples: self.samples.count, evidence(samples))
        }
        guard let fit = BackoffFit.best(samples, BackoffFit.Limits(expected)) else {
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
        guard samples.count >= needed else {
            return samples.isEmpty
                ? tooFew
                : .notExercised(
                    "too few: \(NumberText.count(samples.count, "wait")), \(needed) are needed", samples: samples.count)
        }
        let (judged, alike) = sameWaits()
        var noJitter = BackoffFit.Limits()
        noJitter.jitters = [.none]
        let isRegular: Bool
        if judged * 2 >= samples.count {
            // Up to a fifth may be off: a machine that was busy is no jitter.
            isRegular = alike * 5 >= judged * 4
        } else {
            isRegular = BackoffFit.best(samples, noJitter) != nil
        }
        if isRegular {
            return .fail(
                "\(NumberText.count(samples.count, "wait")) without chance in them"
                    + (BackoffFit.best(samples, noJitter).map { ": \($0)" } ?? ""),
                change:
                    "Draw each wait by chance, from 0 to its full length: clients that failed together must not come "
                    + "back together",
                samples: samples.count, evidence(samples))
        }
        return .pass("\(NumberText.count(samples.count, "wait")) differ by chance", samples: samples.count)
    }

    /// Of the waits after equally many failures: how many there are, and how many are as good as equal.
    private func sameWaits() -> (judged: Int, alike: Int) {
        var byIndex: [Int: [Double]] = [:]
        for sample in samples { byIndex[sample.index, default: []].append(sample.seconds) }
        var (judged, alike) = (0, 0)
        for index in byIndex.keys.sorted() {
            guard let sorted = byIndex[index]?.sorted(), sorted.count > 1 else { continue }
            let middle = sorted[(sorted.count - 1) / 2]
            let tolerance = max(0.005, 0.03 * middle)
            judged += sorted.count
            alike += sorted.filter { abs($0 - middle) <= tolerance }.count
        }
        return (judged, alike)
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
