internal import ClipriseWire

extension Expectation.Kind {
    /// The line of `expect` as JSON that reads back to the same expectation.
    var json: String {
        switch self {
        case .count(let count): JSONFragment.object(count.subject.rawValue, count.json)
        case .inOrder(let filters): JSONFragment.object("in_order", JSONFragment.list(filters.map(\.eventJSON)))
        case .within(let from, let to, let time):
            JSONFragment.object(
                "within",
                JSONFragment.object([
                    ("from", from.eventJSON), ("to", to.eventJSON), ("time", JSONFragment.span(time)),
                ]))
        case .gap(let filter, let atLeast, let atMost):
            JSONFragment.object(
                "gap",
                JSONFragment.object([
                    ("of", filter.eventJSON), ("at_least", atLeast.map(JSONFragment.span)),
                    ("at_most", atMost.map(JSONFragment.span)),
                ]))
        case .property(let property): property.json
        }
    }
}

extension CountExpectation {
    fileprivate var json: String {
        let value: (key: String, value: String?)
        switch bound {
        case .never: return JSONFragment.text("never")
        case .exactly(let count): value = ("exactly", "\(count)")
        case .atMost(let count): value = ("at_most", "\(count)")
        case .atLeast(let count): value = ("at_least", "\(count)")
        case .between(let from, let to): value = ("between", "[\(from),\(to)]")
        }
        return JSONFragment.object([value] + filter.members)
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

    fileprivate var eventJSON: String { JSONFragment.object(members) }
}

extension ClientProperty {
    fileprivate var json: String {
        let members: [(key: String, value: String?)]
        switch self {
        case .honoursRetryAfter(let tolerance): members = [("tolerance", JSONFragment.span(tolerance))]
        case .backoff(let backoff):
            members = [
                ("base", backoff.base.map(JSONFragment.span)), ("factor", backoff.factor.map(JSONFragment.number)),
                ("cap", backoff.cap.map(JSONFragment.span)), ("jitter", JSONFragment.text(backoff.jitter.rawValue)),
            ]
        case .jitterPresent(let samples): members = [("samples", "\(samples)")]
        case .retryBudget(let ratio, let minimum):
            members = [("ratio", JSONFragment.number(ratio)), ("minimum", "\(minimum)")]
        case .pollRate(let atMost, let per): members = [("at_most", "\(atMost)"), ("per", JSONFragment.span(per))]
        default: return JSONFragment.text(word)
        }
        return JSONFragment.object(word, JSONFragment.object(members))
    }
}
