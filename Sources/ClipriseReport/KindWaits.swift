internal import ClipriseScenario
internal import ClipriseWire

/// The waits before the retries of one kind of call.
struct KindWaits {
    let samples: [WaitSample]
    /// Waits whose place in a row is not known: they show only whether there was a wait at all.
    private let placeless: [WaitSample]
    /// Retries whose wait is not known.
    let unknown: Int
    let chance: Chance
    private let growth: GrowthTest
    /// How many samples are judged, these counted: accounts, and the kinds of calls of each.
    var judged: Int

    init(samples all: [WaitSample], unknown: Int, judged: Int) {
        self.judged = max(1, judged)
        let samples = all.filter(\.isPlaceKnown)
        self.samples = samples
        placeless = all.filter { !$0.isPlaceKnown }
        self.unknown = unknown
        chance = Chance(samples)
        growth = GrowthTest(chance.telling)
    }

    /// Below this a wait is none, in seconds: a fifth of 50 ms, the shortest height that is published.
    private static let shortest = 0.01
    /// How much likelier other waits must be than those that are demanded, in natural logarithms: more where few waits
    /// leave much open, and where many allow more shapes.
    private var certainty: Double { 8 + 24 / Double(samples.count) + min(3, Double(samples.count) / 30) }
    /// From this on, in natural logarithms, another jitter is so much likelier that what is demanded does not pass.
    private static let doubt = 3.5
    /// Beyond this, in seconds, waits that still grow have no cap; what is published ends at 600 s at the latest.
    private static let endless = 660.0

    private var caution: Double { GrowthTest.caution(of: judged) }

    private func tooFew(_ one: String, _ many: String, _ needed: Int) -> Judgement {
        .notExercised(
            samples.isEmpty && unknown > 0
                ? Waits.unknownText(unknown)
                : "too few: \(NumberText.count(samples.count, one, many)), \(needed) are needed",
            samples: samples.count)
    }

    func backoff(_ expected: ClientProperty.Backoff) -> Judgement {
        guard samples.count + placeless.count >= BackoffFit.fewest else {
            return tooFew("retry", "retries", BackoffFit.fewest)
        }
        let isShortAsked = expected.base.map { Double($0.nanoseconds) / 1e9 < 5 * Self.shortest } ?? false
        if !isShortAsked, let none = noWait() { return none }
        guard samples.count >= BackoffFit.fewest else { return tooFew("retry", "retries", BackoffFit.fewest) }
        if expected == ClientProperty.Backoff() { return grows() }
        let compared = compare(expected)
        guard expected.factor != 1, compared.outcome != .fail else { return compared }
        // Whoever asks for more asks for growth too.
        let growth = grows(isCapAsked: expected.cap != nil)
        return growth.outcome == .pass ? compared : growth
    }

    private func evidence(_ samples: [WaitSample]) -> [Int] { samples.map(\.sequence).sorted() }

    /// Fails a client that comes back at once, time after time.
    ///
    /// The first retry may: urllib3's does. Of waits that are drawn at most one in five is so short; that so many are has
    /// the probability of a binomial tail.
    func noWait() -> Judgement? {
        let later = samples.filter { $0.index > 0 } + placeless
        let short = later.count { $0.seconds < Self.shortest }
        guard short * 5 >= later.count * 4,
            Binomial.tail(of: later.count, atLeast: short, 0.2) * Double(judged) <= Chance.falseAlarm
        else { return nil }
        let longest = later.reduce(0) { max($0, $1.seconds) }
        let count = short == later.count ? "" : "most "
        return .fail(
            "\(count)retries after at most "
                + NumberText.span(TimeSpan(seconds: short == later.count ? longest : Self.shortest)),
            change: "Wait before a retry, longer after each failure: min(cap, base × 2^n), such as 0.5 s, 1 s, 2 s",
            samples: samples.count + placeless.count, evidence(samples + placeless))
    }

    enum GrowthFinding {
        case none, flat, unclear, growing
        /// These are longer than any cap.
        case endless([WaitSample])
    }

    func growthFinding(isCapAsked: Bool) -> GrowthFinding {
        guard growth.telling > 0 else { return .none }
        if growth.isFlat(caution: caution) { return .flat }
        guard growth.isGrowing else { return .unclear }
        let endless = samples.filter { $0.seconds > Self.endless }
        if !isCapAsked, endless.count > 2, Set(endless.map(\.index)).count > 2,
            growingFit(.demandable).map({ $0.cap == nil }) ?? true
        {
            return .endless(endless)
        }
        return .growing
    }

    private func growingFit(_ limits: BackoffFit.Limits) -> BackoffFit? {
        var growing = limits
        growing.growths.removeAll { !$0.isGrowing }
        growing.leastRise = 1.4
        return chance.fit(growing)
    }

    /// With nothing demanded: waits grow with each failure, and not for ever.
    private func grows(isCapAsked: Bool = false) -> Judgement {
        switch growthFinding(isCapAsked: isCapAsked) {
        case .none:
            return .notExercised(
                "\(NumberText.count(samples.count, "retry", "retries")), none of them after a second failure in a row",
                samples: samples.count)
        case .flat:
            var constant = BackoffFit.Limits()
            (constant.growths, constant.areFactorsOpen) = ([.exponential(factor: 1)], false)
            constant.jitters.removeAll { $0 == .decorrelated }
            return .fail(
                "waits do not grow" + (chance.fit(constant).map { ": \($0)" } ?? ""),
                change: "Wait longer after each failure: min(cap, base × 2^n), with jitter",
                samples: samples.count, evidence(samples))
        case .endless(let endless):
            let longest = endless.reduce(0) { max($0, $1.seconds) }
            return .fail(
                "waits grow without a cap, to \(NumberText.span(TimeSpan(seconds: longest)))",
                change: "Put a cap on the waits: min(cap, base × 2^n), such as 30 s, and give up at a deadline",
                samples: samples.count, evidence(endless))
        case .unclear:
            return .notExercised(
                "\(NumberText.count(samples.count, "wait")) do not show whether they grow", samples: samples.count)
        case .growing:
            return .pass(
                growingFit(BackoffFit.Limits())?.description ?? "waits grow, in no known way", samples: samples.count)
        }
    }

    private func compare(_ expected: ClientProperty.Backoff) -> Judgement {
        let text = expected.description
        let fitted = chance.fit().map { ": they look like \($0)" } ?? ""
        func fail(_ what: String, _ samples: [WaitSample]) -> Judgement {
            .fail(
                "\(what)\(fitted)", change: "Wait \(text) before a retry, or correct what is expected",
                samples: self.samples.count, evidence(samples))
        }
        let isChanceAsked = expected.jitter != .any && expected.jitter != .none
        if isChanceAsked, chance.isAbsent {
            guard chance.finding(of: judged) == .absent else { return incomparable }
            return fail("the waits are without chance, not \(text)", samples)
        }
        guard let fit = chance.fit(BackoffFit.Limits(expected)) else {
            guard isAllowed(expected) else { return fail("the waits are not \(text)", outliers(expected)) }
            return .pass("nothing longer than \(text) allows", samples: samples.count)
        }
        // Two-sided: what is demanded must not only allow the waits but be about as likely as what else does.
        var limits = BackoffFit.Limits.demandable
        if expected.jitter == .any {
            // Kinds of jitter are not told apart, only lengths.
            limits = BackoffFit.Limits(expected)
            (limits.base, limits.cap) = (nil, nil)
        } else if expected.jitter == .equal {
            // It is too like equal jitter.
            limits.jitters.removeAll { $0 == .scaled }
        }
        func lead(_ limits: BackoffFit.Limits) -> Double {
            chance.fit(limits).map { $0.likelihood - fit.likelihood } ?? 0
        }
        if lead(limits) > certainty + caution { return fail("the waits are not \(text)", samples) }
        var sameLengths = BackoffFit.Limits(expected)
        sameLengths.jitters = limits.jitters
        if lead(sameLengths) > Self.doubt {
            return .notExercised(
                "\(NumberText.count(samples.count, "wait")) do not show whether they are \(text)",
                samples: samples.count)
        }
        // What is demanded names no shape: the one that fits best is reported.
        let told = expected.jitter == .any ? chance.fit(BackoffFit.Limits(growthOf: expected)) : nil
        return .pass("\(told ?? fit)", samples: samples.count)
    }

    /// Whether waits of no known growth are what is demanded: as Fibonacci's, where no factor is named.
    private func isAllowed(_ expected: ClientProperty.Backoff) -> Bool {
        guard expected.factor == nil, expected.jitter == .any || (expected.jitter == .none && chance.isAbsent) else {
            return false
        }
        let waits = chance.telling
        if let cap = expected.cap.map({ Double($0.nanoseconds) / 1e9 }),
            waits.contains(where: { $0.seconds > cap * 1.05 + 0.015 })
        {
            return false
        }
        guard let base = expected.base.map({ Double($0.nanoseconds) / 1e9 }) else { return true }
        return chance.isAbsent
            && waits.allSatisfy {
                $0.index > 0 || ($0.seconds >= base * 0.95 - 0.002 && $0.seconds <= base * 1.05 + 0.015)
            }
    }

    /// The waits that no choice of what is left open explains; all when each alone can be explained.
    private func outliers(_ expected: ClientProperty.Backoff) -> [WaitSample] {
        guard let base = expected.base, let factor = expected.factor else { return samples }
        let most = expected.jitter == .any ? 1.5 : 1.0
        let multiples = BackoffFit.Growth.exponential(factor: factor).multiples(to: WaitGroup.lastIndex)
        let wrong = samples.filter { sample in
            let cap = expected.cap.map { Double($0.nanoseconds) / 1e9 } ?? .infinity
            let multiple = multiples[min(sample.index, WaitGroup.lastIndex)]
            let height = min(cap, Double(base.nanoseconds) / 1e9 * multiple)
            return sample.seconds > height * most * 1.05 + 0.015
                || (expected.jitter == .equal && sample.seconds < height * 0.45)
                || (expected.jitter == .none && sample.seconds < height * 0.95)
        }
        return wrong.isEmpty ? samples : wrong
    }

    private var incomparable: Judgement {
        .notExercised(
            "\(NumberText.count(samples.count, "wait")), too few of them after equally many failures to tell whether "
                + "chance has a part in them",
            samples: samples.count)
    }

    func jitterPresent(samples needed: Int) -> Judgement {
        guard samples.count >= needed else { return tooFew("wait", "waits", needed) }
        switch chance.finding(of: judged) {
        case .untold: return incomparable
        case .present:
            return .pass("\(NumberText.count(samples.count, "wait")) differ by chance", samples: samples.count)
        case .absent:
            return .fail(
                "\(NumberText.count(samples.count, "wait")) without chance in them"
                    + (chance.fit().map { ": \($0)" } ?? ""),
                change:
                    "Draw each wait by chance, from 0 to its full length: clients that failed together must not come "
                    + "back together",
                samples: samples.count, evidence(samples))
        }
    }
}
