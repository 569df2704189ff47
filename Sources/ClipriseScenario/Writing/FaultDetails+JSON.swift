internal import ClipriseWire

extension StatusFault {
    var companions: [(key: String, value: String?)] {
        let headers = headers.map { ($0.name, JSONFragment.text($0.value) as String?) }
        return [
            ("retry_after", retryAfter?.json), ("body", body.json),
            ("headers", headers.isEmpty ? nil : JSONFragment.object(headers)),
        ]
    }

    /// As a refusal, which has no phase.
    var json: String { JSONFragment.object([("status", "\(code)")] + companions) }
}

extension RetryAfter {
    var json: String {
        switch self {
        case .seconds(let span): JSONFragment.span(span)
        case .date(let span): JSONFragment.object("date", JSONFragment.span(span))
        case .text(let text): JSONFragment.object("text", JSONFragment.text(text))
        }
    }
}

extension StatusFault.Body {
    var json: String? {
        switch self {
        case .usual: nil
        case .empty: JSONFragment.text("empty")
        case .html: JSONFragment.text("html")
        case .json: JSONFragment.text("json")
        case .text(let text, let type):
            JSONFragment.object([("text", JSONFragment.text(text)), ("type", type.map(JSONFragment.text))])
        }
    }
}

extension Truncation {
    var json: String {
        let point =
            switch at {
            case .bytes(let bytes): "\(bytes)"
            case .fraction(let part): JSONFragment.text(Units.percentText(part))
            }
        return isHonest ? JSONFragment.object([("at", point), ("honest", "true")]) : point
    }
}

extension RateLimit {
    var json: String {
        JSONFragment.object([
            ("limit", "\(limit)"), ("window", JSONFragment.span(window)),
            ("kind", kind == .fixed ? nil : JSONFragment.text(kind.rawValue)),
            ("retry_after", retryAfter == .seconds ? nil : JSONFragment.text(retryAfter.rawValue)),
            ("status", code == 429 ? nil : "\(code)"), ("others", others == 0 ? nil : "\(others)"),
        ])
    }
}

extension RunningLimit {
    var json: String {
        JSONFragment.object([
            ("limit", "\(limit)"), ("status", code == 429 ? nil : "\(code)"), ("retry_after", retryAfter?.json),
            (
                "others",
                others.map {
                    JSONFragment.object([("tasks", "\($0.tasks)"), ("for", JSONFragment.span($0.length))])
                }
            ),
        ])
    }
}

extension TaskFault {
    var value: String? {
        switch self {
        case .fail(nil), .stuck, .lost(after: .zero): nil
        case .fail(let message?): JSONFragment.text(message)
        case .slow(let factor): JSONFragment.number(factor)
        case .flap(let polls): "\(polls)"
        case .lost(let after): JSONFragment.object("after", JSONFragment.span(after))
        case .expiredURL(let after): JSONFragment.span(after)
        }
    }
}

extension CallbackFault {
    var json: String {
        switch self {
        case .drop, .reorder, .wrongSignature: JSONFragment.text(word.rawValue)
        case .delay(let distribution): JSONFragment.object(word.rawValue, distribution.json)
        case .duplicate(let times), .fail(let times): JSONFragment.object(word.rawValue, "\(times)")
        }
    }
}
