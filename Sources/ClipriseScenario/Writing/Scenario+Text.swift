internal import ClipriseWire

extension Scenario {
    /// The scenario as a file that reads back to the same scenario, but for places and hash: one line for each account,
    /// task rule, rule and expectation.
    package var text: String {
        var text = "schema: \(Forms.edition)\nname: \(JSONFragment.text(name))\n"
        if !about.isEmpty { text += "about: \(JSONFragment.text(about))\n" }
        if let seed { text += "seed: \(seed)\n" }
        if let clock = clock.json { text += "clock: \(clock)\n" }
        if let profile { text += "profile: \(JSONFragment.text(profile.rawValue))\n" }
        text += Self.list("accounts", accounts.map(\.json))
        if charge != .onSuccess { text += "charge: \(charge.rawValue)\n" }
        text += Self.list("tasks", tasks.map(\.json))
        text += Self.list("rules", rules.map(\.json))
        if let callbacks { text += "callbacks: \(callbacks.json)\n" }
        if let capacity { text += "capacity: \(capacity.json)\n" }
        text += Self.list("expect", expectations.map(\.json))
        return text
    }

    private static func list(_ key: String, _ lines: [String]) -> String {
        lines.isEmpty ? "" : "\(key):\n" + lines.map { "  - \($0)\n" }.joined()
    }
}

extension ClockRule {
    fileprivate var json: String? {
        guard case .virtual(let tick, let delays) = self else { return nil }
        return JSONFragment.object([
            ("mode", JSONFragment.text("virtual")), ("tick_per_poll", tick == .zero ? nil : JSONFragment.span(tick)),
            ("delays", JSONFragment.text(delays.rawValue)),
        ])
    }
}

extension AccountRule {
    fileprivate var json: String {
        JSONFragment.object([
            (count == nil ? "key" : "prefix", JSONFragment.text(key)), ("count", count.map { "\($0)" }),
            ("credits", "\(credits)"),
        ])
    }
}

extension Capacity {
    fileprivate var json: String {
        JSONFragment.object([
            ("concurrency", "\(concurrency)"), ("service", service.json), ("queue", "\(queue)"),
            ("refusal", refusal == StatusFault(code: 503) ? nil : refusal.json),
        ])
    }
}

extension CallbackRule {
    fileprivate var json: String {
        JSONFragment.object([
            ("delay", delay.json), ("retries", "\(retries)"), ("timeout", JSONFragment.span(timeout)),
            ("pause", JSONFragment.span(pause)), ("secret", secret.map(JSONFragment.text)),
            ("style", style == .record ? nil : JSONFragment.text(style.rawValue)),
        ])
    }
}

extension TaskRule {
    fileprivate var json: String {
        JSONFragment.object([
            ("name", name.map(JSONFragment.text)), ("model", model.map { JSONFragment.text($0.pattern) }),
            ("account", account.map { JSONFragment.text($0.pattern) }), ("ordinal", ordinals?.json),
            ("prompt", prompt.map(JSONFragment.text)), ("times", times.map { "\($0)" }),
            ("chance", probability == 1 ? nil : JSONFragment.number(probability)), ("life", life?.json),
            ("outcome", outcome.map { Fault.Kind.task($0).outcomeJSON }),
            ("media_seconds", mediaSeconds.map { "\($0)" }),
        ])
    }
}

extension Life {
    fileprivate var json: String {
        switch self {
        case .immediate: JSONFragment.text("immediate")
        case .after(let length): JSONFragment.object("after", length.json)
        case .polls(let count): JSONFragment.object("polls", "\(count)")
        }
    }
}

extension Fault.Kind {
    /// An outcome is written as the fault of a task is.
    fileprivate var outcomeJSON: String { Fault(self).json }
}
