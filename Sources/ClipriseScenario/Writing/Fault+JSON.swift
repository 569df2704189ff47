internal import ClipriseWire

extension Fault {
    /// The fault as one line of JSON that reads back to the same fault; the phase is left out where it is the usual one.
    package var json: String {
        guard phase != kind.usualPhase else { return kind.json([]) }
        return kind.json([("phase", JSONFragment.text(phase.rawValue))])
    }

    /// The members of an object that holds this fault under the key `fault`.
    var members: [(key: String, value: String?)] {
        let phase = phase == kind.usualPhase ? nil : JSONFragment.text(phase.rawValue)
        return [("fault", kind.json([])), ("phase", phase)]
    }
}

extension Fault.Kind {
    /// The kind as a word or an object; with something beside a word, the word stands under the key `fault`.
    fileprivate func json(_ beside: [(key: String, value: String?)]) -> String {
        guard let value = value else {
            let text = JSONFragment.text(word)
            return beside.isEmpty ? text : JSONFragment.object([("fault", text)] + beside)
        }
        return JSONFragment.object([(word, value)] + companions + beside)
    }

    /// What stands at the fault's key; nil for a fault that is only a word.
    private var value: String? {
        switch self {
        case .status(let status): "\(status.code)"
        case .empty, .close, .reset, .hang(nil), .account(.revoke): nil
        case .latency(let distribution): distribution.json
        case .hang(let limit?): JSONFragment.object("limit", JSONFragment.span(limit))
        case .throttle(let bytes): JSONFragment.text("\(bytes)B/s")
        case .slice(let bytes, let every):
            JSONFragment.object([("bytes", "\(bytes)"), ("every", JSONFragment.span(every))])
        case .truncate(let truncation): truncation.json
        case .corrupt(let corruption): JSONFragment.text(corruption.rawValue)
        case .shape(let shape): JSONFragment.text(shape.rawValue)
        case .rateLimit(let limit): limit.json
        case .runningLimit(let limit):
            JSONFragment.object([
                ("limit", "\(limit.limit)"), ("status", limit.code == 429 ? nil : "\(limit.code)"),
                ("retry_after", limit.retryAfter?.json),
                (
                    "others",
                    limit.others.map {
                        JSONFragment.object([("tasks", "\($0.tasks)"), ("for", JSONFragment.span($0.length))])
                    }
                ),
            ])
        case .task(let fault): fault.value
        case .account(.drain(let credits)): "\(credits)"
        case .callback(let fault): fault.json
        }
    }

    private var companions: [(key: String, value: String?)] {
        guard case .status(let status) = self else { return [] }
        return status.companions
    }
}

extension StatusFault {
    fileprivate var companions: [(key: String, value: String?)] {
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
    fileprivate var json: String {
        switch self {
        case .seconds(let span): JSONFragment.span(span)
        case .date(let span): JSONFragment.object("date", JSONFragment.span(span))
        case .text(let text): JSONFragment.object("text", JSONFragment.text(text))
        }
    }
}

extension StatusFault.Body {
    fileprivate var json: String? {
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
    fileprivate var json: String {
        let point =
            switch at {
            case .bytes(let bytes): "\(bytes)"
            case .fraction(let part): JSONFragment.text(Units.percentText(part))
            }
        return isHonest ? JSONFragment.object([("at", point), ("honest", "true")]) : point
    }
}

extension RateLimit {
    fileprivate var json: String {
        JSONFragment.object([
            ("limit", "\(limit)"), ("window", JSONFragment.span(window)),
            ("kind", kind == .fixed ? nil : JSONFragment.text(kind.rawValue)),
            ("retry_after", retryAfter == .seconds ? nil : JSONFragment.text(retryAfter.rawValue)),
            ("status", code == 429 ? nil : "\(code)"), ("others", others == 0 ? nil : "\(others)"),
        ])
    }
}

extension TaskFault {
    fileprivate var value: String? {
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
    fileprivate var json: String {
        switch self {
        case .drop: JSONFragment.text("drop")
        case .reorder: JSONFragment.text("reorder")
        case .wrongSignature: JSONFragment.text("wrong_signature")
        case .delay(let distribution): JSONFragment.object("delay", distribution.json)
        case .duplicate(let times): JSONFragment.object("duplicate", "\(times)")
        case .fail(let times): JSONFragment.object("fail", "\(times)")
        }
    }
}
