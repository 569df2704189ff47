internal import ClipriseJournal
internal import ClipriseScenario

/// One line of a report: an expectation, or a property that is judged for information.
struct ReportLine {
    let kind: Expectation.Kind
    let place: Place?
    let isDemanded: Bool
    /// Whether an expectation asks for it.
    var isExpected = false

    /// The expectations in their order, then the properties that none of them names.
    static func lines(_ expectations: [Expectation]) -> [ReportLine] {
        var named: Set<String> = []
        for case .property(let property) in expectations.map(\.kind) { named.insert(property.word) }
        let demanded = expectations.map { expectation in
            ReportLine(
                kind: expectation.kind, place: expectation.place.line > 0 ? expectation.place : nil, isDemanded: true,
                isExpected: true)
        }
        return demanded
            + ClientProperty.all.filter { !named.contains($0.word) }
            .map { ReportLine(kind: .property($0), place: nil, isDemanded: expectations.isEmpty || $0.isCostly) }
    }

    /// - Parameter accounts: How many accounts are judged each by itself.
    func judge(_ facts: AccountFacts, of accounts: Int) -> Judgement {
        withoutLost(facts.view.lost, judgeKept(facts, of: accounts))
    }

    /// What is left of a judgement on the events that are kept when others were evicted: only what those cannot change.
    private func withoutLost(_ lost: Int, _ judgement: Judgement) -> Judgement {
        guard lost > 0 else { return judgement }
        let holds =
            switch kind {
            case .count: true  // It has seen to that itself.
            case .inOrder: judgement.outcome == .pass
            // The first of the two may be among those that were evicted, and so may what a budget is measured by.
            case .within, .property(.retryBudget): false
            case .gap, .property: judgement.outcome == .fail
            }
        return holds ? judgement : .cut(lost)
    }

    private func judgeKept(_ facts: AccountFacts, of accounts: Int) -> Judgement {
        switch kind {
        case .count(let expected): facts.count(expected)
        case .inOrder(let filters): facts.inOrder(filters)
        case .within(let from, let to, let limit): facts.within(from: from, to: to, limit)
        case .gap(let filter, let atLeast, let atMost): facts.gap(of: filter, atLeast: atLeast, atMost: atMost)
        case .property(let property): facts.judge(property, of: accounts)
        }
    }

    /// The verdict on several accounts as one; nil for what is judged on each by itself.
    private func pooled(_ all: [AccountFacts]) -> Judgement? {
        let lost = all.reduce(0) { $0 + $1.view.lost }
        return switch kind {
        case .property(.backoff(let expected)): withoutLost(lost, BackoffJudge(all).backoff(expected))
        case .property(.jitterPresent(let samples)):
            withoutLost(lost, BackoffJudge(all).jitterPresent(samples: samples))
        default: nil
        }
    }

    /// - Parameter view: Whose events prove it; nil for a verdict on several accounts.
    func verdict(_ judgement: Judgement, _ view: JournalView?) -> Verdict {
        var verdict = Verdict(
            name: name, expected: expected, outcome: judgement.outcome, seen: judgement.seen, change: judgement.change,
            evidence: [], samples: judgement.samples, parts: judgement.parts, isDemanded: isDemanded,
            isProperty: isProperty, place: place)
        verdict.isUnclear = judgement.isUnclear
        verdict.isExpected = isExpected
        if let view, !judgement.sequences.isEmpty {
            verdict.evidence = [Verdict.Evidence(view, judgement.sequences)]
        }
        return verdict
    }

    /// The verdict on all accounts together.
    ///
    /// An account alone fails waits only when it is certain in view of how many accounts there are. Of several accounts
    /// the first that failed speaks for all, else all waits as one, else the first of which too little is kept, else the
    /// first that passed.
    func merge(_ judgements: [Judgement], _ all: [AccountFacts]) -> Verdict {
        guard judgements.count > 1 else {
            return judgements.first.map { verdict($0, all[0].view) }
                ?? verdict(.notExercised("there is no account"), nil)
        }
        let failing = judgements.indices.filter { judgements[$0].outcome == .fail }
        if let pooled = pooled(all), pooled.outcome == .fail, failing.isEmpty {
            var merged = verdict(pooled, nil)
            merged.evidence = all.compactMap { facts in
                let own = Set(facts.errorWaits.map(\.sequence))
                return own.isEmpty ? nil : Verdict.Evidence(facts.view, own.sorted())
            }
            return merged
        }
        var together: Judgement
        if let first = failing.first {
            together = judgements[first]
            together.seen =
                "\(failing.count) of \(NumberText.count(judgements.count, "account")); \(all[first].view.account): \(together.seen)"
        } else if var pooled = pooled(all) {
            pooled.sequences = []
            return verdict(pooled, nil)
        } else if let cut = judgements.firstIndex(where: \.isCut) {
            together = judgements[cut]
            together.seen = "\(all[cut].view.account): \(together.seen)"
        } else {
            together = judgements.first { $0.outcome == .pass } ?? judgements[0]
            let passing = judgements.count { $0.outcome == .pass }
            if passing > 1 { together.seen = "\(passing) accounts; the first: \(together.seen)" }
            if judgements.contains(where: { $0.samples != nil }) {
                together.samples = judgements.reduce(0) { $0 + ($1.samples ?? 0) }
            }
        }
        together.parts = Self.merge(judgements.map(\.parts))
        together.sequences = []
        var merged = verdict(together, nil)
        merged.evidence = failing.filter { !judgements[$0].sequences.isEmpty }.map {
            Verdict.Evidence(all[$0].view, judgements[$0].sequences)
        }
        return merged
    }

    private static func merge(_ every: [[Verdict.Part]]) -> [Verdict.Part] {
        let all = every.filter { !$0.isEmpty }
        guard var merged = all.first else { return [] }
        for parts in all.dropFirst() {
            for (index, part) in parts.enumerated() where merged.indices.contains(index) {
                let samples = merged[index].samples + part.samples
                let isWorse = part.outcome == .fail && merged[index].outcome != .fail
                if isWorse || merged[index].outcome == .notExercised { merged[index] = part }
                merged[index].samples = samples
            }
        }
        return merged
    }

    private var isProperty: Bool {
        if case .property = kind { true } else { false }
    }

    private var name: String {
        switch kind {
        case .count(let expected): expected.subject.rawValue
        case .inOrder: "in_order"
        case .within: "within"
        case .gap: "gap"
        case .property(let property): property.word
        }
    }

    /// The numbers of the line in words.
    private var expected: String {
        switch kind {
        case .count(let expected):
            let filter = expected.filter.description
            return expected.bound.description + (filter.isEmpty ? "" : " (\(filter))")
        case .inOrder(let filters): return filters.map(\.name).joined(separator: " → ")
        case .within(let from, let to, let limit): return "\(NumberText.span(limit)) from \(from.name) to \(to.name)"
        case .gap(let filter, let atLeast, let atMost):
            let bounds = [
                atLeast.map { "at least \(NumberText.span($0))" }, atMost.map { "at most \(NumberText.span($0))" },
            ]
            return "of \(filter.name) \(bounds.compactMap(\.self).joined(separator: ", "))"
        case .property(let property): return property.numbers
        }
    }
}
