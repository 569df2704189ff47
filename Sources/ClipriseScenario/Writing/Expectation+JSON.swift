internal import ClipriseWire

extension Expectation {
    /// The expectation as one line of JSON that reads back to the same one, but for its place.
    package var json: String {
        switch kind {
        case .count(let count): JSONFragment.object(count.subject.rawValue, count.json)
        case .inOrder(let filters): JSONFragment.object("in_order", JSONFragment.list(filters.map(\.json)))
        case .within(let from, let to, let time):
            JSONFragment.object(
                "within",
                JSONFragment.object([("from", from.json), ("to", to.json), ("time", JSONFragment.span(time))]))
        case .gap(let of, let atLeast, let atMost):
            JSONFragment.object(
                "gap",
                JSONFragment.object([
                    ("of", of.json), ("at_least", atLeast.map(JSONFragment.span)),
                    ("at_most", atMost.map(JSONFragment.span)),
                ]))
        case .property(let property):
            property.value.map { JSONFragment.object(property.word, $0) } ?? JSONFragment.text(property.word)
        }
    }
}

extension CountExpectation {
    fileprivate var json: String {
        let bound: (key: String, value: String?) =
            switch bound {
            case .exactly(let count): ("exactly", "\(count)")
            case .atMost(let count): ("at_most", "\(count)")
            case .atLeast(let count): ("at_least", "\(count)")
            case .between(let from, let to): ("between", JSONFragment.list(["\(from)", "\(to)"]))
            // As a word it takes no filter.
            case .never: filter.members.contains { $0.value != nil } ? ("exactly", "0") : ("never", nil)
            }
        guard bound.key != "never" else { return JSONFragment.text("never") }
        return JSONFragment.object([bound] + filter.members)
    }
}

extension Filter {
    fileprivate var members: [(key: String, value: String?)] {
        [
            ("operation", operation.map { JSONFragment.text($0.rawValue) }),
            ("model", model.map { JSONFragment.text($0.pattern) }), ("status", status.map { "\($0)" }),
            ("clause", clause.map { JSONFragment.text($0.rawValue) }), ("rule", rule.map(JSONFragment.text)),
        ]
    }

    fileprivate var json: String { JSONFragment.object(members) }
}

extension ClientProperty {
    /// The numbers of a property; nil where there are none.
    fileprivate var value: String? {
        switch self {
        case .honoursRetryAfter(let tolerance): JSONFragment.object("tolerance", JSONFragment.span(tolerance))
        case .backoff(let backoff):
            JSONFragment.object([
                ("base", backoff.base.map(JSONFragment.span)), ("factor", backoff.factor.map(JSONFragment.number)),
                ("cap", backoff.cap.map(JSONFragment.span)),
                ("jitter", backoff.jitter == .any ? nil : JSONFragment.text(backoff.jitter.rawValue)),
            ])
        case .jitterPresent(let samples): JSONFragment.object("samples", "\(samples)")
        case .retryBudget(let ratio, let minimum):
            JSONFragment.object([("ratio", JSONFragment.number(ratio)), ("minimum", "\(minimum)")])
        case .pollRate(let atMost, let per):
            JSONFragment.object([("at_most", "\(atMost)"), ("per", JSONFragment.span(per))])
        case .noDoubleCharge, .noBlindResend, .noWaste, .retriesOnlyRetryable, .stopsOnTerminal, .acceptsBothShapes,
            .downloadsOnce, .keyNotLeaked:
            nil
        }
    }
}
