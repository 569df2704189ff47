internal import ClipriseWire

extension BackoffFit {
    /// The best candidate, or nil when none allows all waits.
    static func best(_ all: [WaitSample], _ limits: Limits = Limits()) -> BackoffFit? {
        guard !all.isEmpty else { return nil }
        if limits.isPublished, let later = WaitSample.withoutImmediate(all), var found = bestOf(later, limits) {
            (found.isFirstAtOnce, found.samples) = (true, all.count)
            return found
        }
        return bestOf(all, limits)
    }

    private static func bestOf(_ samples: [WaitSample], _ limits: Limits) -> BackoffFit? {
        let groups = WaitGroup.groups(samples)
        var (best, all): (BackoffFit?, [BackoffFit]) = (nil, [])
        func offer(_ fit: BackoffFit?) {
            guard let fit else { return }
            all.append(fit)
            if best.map({ fit.score > $0.score }) ?? true { best = fit }
        }
        if limits.jitters.contains(.decorrelated) {
            for fit in DecorrelatedFit.fits(samples, limits) { offer(fit) }
        }
        let last = groups[groups.count - 1].index
        for growth in limits.growths + (limits.areFactorsOpen ? factors(groups) : []) {
            let jitters = limits.jitters.filter {
                $0 != .decorrelated && (!limits.isPublished || $0.isPublished(with: growth))
            }
            guard !jitters.isEmpty else { continue }
            let multiples = growth.multiples(to: last + 1)
            for capFrom in growth.isGrowing ? Array(1...(last + 1)) : [last + 1] {
                let ladder = WaitLadder(groups: groups, growth: growth, multiples: multiples, capFrom: capFrom)
                for jitter in jitters {
                    switch jitter {
                    case .added: offer(ladder.added(limits))
                    case .around: for fit in ladder.around(limits) { offer(fit) }
                    default: offer(ladder.drawn(jitter, jitter.range, limits))
                    }
                }
            }
        }
        guard var found = best else { return nil }
        func complete(_ fit: BackoffFit) -> BackoffFit {
            var fit = fit
            fit.spread = spread(around: fit, all)
            if limits.isPublished, fit.jitter == .full, fit.growth.isGrowing, let factor = fit.factor {
                FullJitterFit(groups, only: limits.areFactorsOpen ? nil : factor).refine(&fit)
            }
            return fit
        }
        guard limits.isPublished, let other = rival(of: found, all).map(complete) else { return complete(found) }
        // Heights that hardly rise say the same as those that do not.
        let isAnother =
            found.growth.isGrowing || other.cap.map { $0.nanoseconds / 7 * 5 >= other.base.nanoseconds } ?? true
        if isAnother { found.rival = [other] }
        return complete(found)
    }

    /// How much likelier, in natural logarithms, the best explanation may be than one that counts still: the bound of a
    /// likelihood ratio test of one number in 19 of 20 cases.
    private static let lead = 1.92
    /// The same for an explanation of another kind, how usual it is counted in.
    private static let rivalLead = 3.0

    /// What all explanations of the same kind allow that are nearly as good as the best; nil without chance.
    private static func spread(around best: BackoffFit, _ all: [BackoffFit]) -> FitSpread? {
        guard var joined = best.spread else { return nil }
        for fit in all where fit.isLike(best) && fit.likelihood >= best.likelihood - lead {
            if let spread = fit.spread { joined.join(spread) }
        }
        return joined
    }

    /// The best explanation of another kind, where it is nearly as good: its numbers mean something else.
    private static func rival(of best: BackoffFit, _ all: [BackoffFit]) -> BackoffFit? {
        var (found, score) = (BackoffFit?.none, best.score - rivalLead)
        for fit in all where !fit.isLike(best) && fit.likelihood >= best.likelihood - rivalLead && fit.score > score {
            // Of waits that do not grow all kinds of jitter say the same.
            if best.growth.isGrowing || fit.growth.isGrowing { (found, score) = (fit, fit.score) }
        }
        return found
    }

    /// Whether the numbers of both mean the same.
    private func isLike(_ other: Self) -> Bool { jitter == other.jitter && growth.word == other.growth.word }

    /// The likelihood, less half of the logarithm of the count for each number beside the base: a growth, a cap or a
    /// share of chance must explain more than chance would.
    private var score: Double {
        let number = Logarithm.natural(Double(samples)) / 2
        var cost = growth.isGrowing ? jitter == .full ? number / 2 : number : 0
        if cap != nil { cost += jitter == .full ? 1.5 * number : part != nil || added != nil ? number + 1.5 : number }
        return likelihood - cost - oddity(number)
    }

    /// How much rarer than waits that double and have a jitter of no number it is, in natural logarithms.
    private func oddity(_ number: Double) -> Double {
        // The wider the chance, the less do the waits say of the factor, and the more does custom.
        let custom = jitter == .full ? 5 : 1.5
        let ofGrowth: Double =
            switch (growth, jitter) {
            case (.exponential(2), _), (.exponential(1), _): 0
            case (.exponential(1.6), .around), (.exponential(1.5), .around): 0
            case (.linear, .equal), (.linear, .scaled): 5
            default: growth.isUsual ? custom : custom + number
            }
        switch jitter {
        case .added:
            // Google's second, and less often a part of the base.
            let seconds = Double((added ?? .zero).nanoseconds) / 1e9
            let isKnown = seconds > 0.75 && seconds < 1.1
            let isUsual = seconds < 3e-9 * Double(base.nanoseconds)
            return ofGrowth + number + (isUsual ? isKnown ? 1.5 : 4 : 6)
        case .around:
            // gRPC's, and that of Google's HTTP clients.
            let isKnown =
                growth == .exponential(factor: 1.6) && part == 0.2 || growth == .exponential(factor: 1.5) && part == 0.5
            return ofGrowth + (isKnown ? 1.5 : isPartUsual ? 3.5 : number + 4)
        default: return ofGrowth
        }
    }

    /// Factors that the waits themselves suggest, from the longest, the shortest and the ends of two numbers of failures,
    /// and some between the usual ones.
    private static func factors(_ groups: [WaitGroup]) -> [Growth] {
        var factors = [1.2, 1.3, 1.4, 1.6, 1.75, 1.9, 2.2, 2.5, 3.5]
        func add(_ from: Double, _ to: Double, _ steps: Int) {
            guard from > 0.001, to > 1.05 * from else { return }
            factors.append(Logarithm.exponential(Logarithm.natural(to / from) / Double(steps)))
        }
        let shown = groups.prefix(8)
        for (one, next) in zip(shown, shown.dropFirst()) {
            add(one.most, next.most, next.index - one.index)
            add(one.least, next.least, next.index - one.index)
        }
        if let first = shown.first {
            for group in shown.dropFirst(2) { add(first.most, group.most, group.index - first.index) }
        }
        return factors.filter { $0 <= 6 }.map { .exponential(factor: $0) }
    }
}
