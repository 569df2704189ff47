internal import ClipriseWire

extension Rule {
    /// The rule as one line of JSON that reads back to the same rule, but for its place.
    package var json: String {
        let when = when.json
        return JSONFragment.object(
            [("name", JSONFragment.text(name)), ("when", when == "{}" ? nil : when)] + act.members + [
                ("during", during?.json), ("ttl", ttl.map(JSONFragment.span)), ("times", times.map { "\($0)" }),
            ])
    }
}

extension Rule.Act {
    fileprivate var members: [(key: String, value: String?)] {
        switch self {
        case .fault(let fault): fault.members
        case .plan(let steps, let repeats):
            [
                ("plan", JSONFragment.list(steps.map { $0?.json ?? JSONFragment.text("pass") })),
                ("repeat", repeats ? "true" : nil),
            ]
        case .chance(let probability, let fault):
            [("chance", JSONFragment.object([("p", JSONFragment.number(probability))] + fault.members))]
        }
    }
}

extension Window {
    fileprivate var json: String {
        JSONFragment.object([
            ("from", from == .zero ? nil : JSONFragment.span(from)), ("for", JSONFragment.span(length)),
        ])
    }
}

extension When {
    fileprivate var json: String {
        let words = [Operation.generate, .status, .download].filter(operations.contains)
            .map { JSONFragment.text($0.rawValue) }
        let headers = headers.map { ($0.name, JSONFragment.text($0.value?.pattern ?? "*") as String?) }
        return JSONFragment.object([
            ("operation", words.count > 1 ? JSONFragment.list(words) : words.first),
            ("model", model.map { JSONFragment.text($0.pattern) }),
            ("account", account.map { JSONFragment.text($0.pattern) }), ("task", task?.json),
            ("attempt", attempt?.json), ("prompt", prompt.map(JSONFragment.text)),
            ("header", headers.isEmpty ? nil : JSONFragment.object(headers)),
            ("connection", connection.map { JSONFragment.text($0.rawValue) }), ("count", count?.json),
        ])
    }
}

extension ClosedRange<Int> {
    /// As the language writes it, in JSON.
    var json: String {
        if lowerBound == upperBound { return "\(lowerBound)" }
        if upperBound == .max { return JSONFragment.object("at_least", "\(lowerBound)") }
        return JSONFragment.object([("from", "\(lowerBound)"), ("to", "\(upperBound)")])
    }
}
