public import ClipriseWire

/// One line of the fault script.
public struct Rule: Sendable, Hashable {
    /// As written, or `rule N` (1-based).
    public var name: String
    public var when: When
    public var act: Act
    /// The rule acts only in this window of its account's clock, counted from when the rule was added.
    public var during: Window?
    /// The rule ends this long after it was added.
    public var ttl: TimeSpan?
    /// The most times that the rule acts for one account.
    public var times: Int?
    /// Where the rule stands in its file.
    public var place: Place

    public init(
        name: String, when: When = When(), act: Act, during: Window? = nil, ttl: TimeSpan? = nil, times: Int? = nil,
        place: Place = Place(line: 0, column: 0)
    ) {
        self.name = name
        self.when = when
        self.act = act
        self.during = during
        self.ttl = ttl
        self.times = times
        self.place = place
    }

    public enum Act: Sendable, Hashable {
        case fault(Fault)
        /// One entry for each match, in order; nil lets the request pass. A plan that is used up no longer matches, unless
        /// it repeats.
        case plan([Fault?], repeats: Bool)
        /// The fault with a probability from 0 to 1. A match that draws no fault passes the request on to later rules.
        case chance(Double, Fault)
    }
}

/// A window of time: from, inclusive, for a length.
public struct Window: Sendable, Hashable {
    public var from: TimeSpan
    public var length: TimeSpan

    public init(from: TimeSpan, length: TimeSpan) {
        self.from = from
        self.length = length
    }
}

// MARK: As written

extension Forms {
    /// A rule whose name is empty when it has none.
    static let rule = Form<Rule>.record("a rule", Rule(name: "", act: .plan([], repeats: false))) { rule, fields in
        fields.optional("name", &rule.name, name, "For the journal; \"rule N\" by default.")
        fields.optional("when", &rule.when, when, "Which requests it is for; all by default.", unless: When())
        visit(&rule.act, &fields)
        fields.optional("during", &rule.during, window, "The rule acts only in this window of its account's clock.")
        fields.optional("ttl", &rule.ttl, positiveSpan, "The rule ends this long after it was added.")
        fields.optional("times", &rule.times, ordinal, "The most times that the rule acts for one account.")
        if let problem = rule.act.problem(for: rule.when.operations) { fields.fail(problem, atValueOf: "when") }
        rule.place = fields.place
    }.named("rule")

    private static func visit(_ act: inout Rule.Act, _ fields: inout Fields) {
        guard !fields.isWriting else { return fields.write(act.members) }
        let fault = fields.optional("fault", Forms.fault, "Strikes each time the rule matches.")
        let phase = fields.optional("phase", Forms.phase, "When the fault strikes.")
        let plan = fields.optional(
            "plan", Form<[WrittenFault?]>.list(step, count: 1...1000),
            "One entry for each match, in order; pass lets the request pass.")
        let repeats = fields.optional("repeat", boolean, "Whether the plan starts again at its end.")
        let chance = fields.optional("chance", Forms.chance, "The fault with a probability.")
        fields.exactlyOne(of: ["fault", "plan", "chance"])
        fields.companions([("phase", ["fault"]), ("repeat", ["plan"])])
        if let chance { act = chance }
        if let fault, let fault = joined(fault, phase, &fields) {
            act = .fault(Fault(fault.kind, phase: fault.phase))
        }
        if let plan {
            act = .plan(plan.map { $0.map { Fault($0.kind, phase: $0.phase) } }, repeats: repeats ?? false)
        }
    }

    static let window = Form<Window>.record("a window of time", Window(from: .zero, length: .zero)) { window, fields in
        fields.optional(
            "from", &window.from, span, "When it starts, counted from the account's start; 0s by default.",
            unless: .zero)
        fields.required("for", &window.length, positiveSpan, "How long it lasts.")
    }.named("window")

    /// One entry of a plan; nil lets the request pass.
    private static let step = Choice<WrittenFault?>(
        what: "an entry of a plan",
        words: [.init("pass", nil)],
        keyed: [.init("fault", faultAndPhase.map { .some($0) })],
        object: fault.map { .some($0) },
        scalar: fault.map { .some($0) }
    ).form.named("step")

    /// A fault under the key `fault`, with its phase beside it.
    private static let faultAndPhase = Form<WrittenFault>.object("a fault with its phase") { fields in
        let fault = fields.required("fault", Forms.fault, "The fault.")
        let phase = fields.optional("phase", Forms.phase, "When the fault strikes.")
        return fault.flatMap { joined($0, phase, &fields) }
    }

    /// A fault that stands alone: as in a rule, or with its phase beside it.
    static let wholeFault = Choice<Fault>(
        what: "a fault",
        keyed: [.init("fault", faultAndPhase.map { Fault($0.kind, phase: $0.phase) })],
        object: fault.map { Fault($0.kind, phase: $0.phase) },
        scalar: fault.map { Fault($0.kind, phase: $0.phase) }
    ).form

    private static let chance = Form<Rule.Act>.object("a chance") { fields in
        let probability = fields.required("p", Forms.probability, "The probability for each request that matches.")
        let fault = fields.required("fault", Forms.fault, "The fault.")
        let phase = fields.optional("phase", Forms.phase, "When the fault strikes.")
        guard let probability, let fault, let fault = joined(fault, phase, &fields) else { return nil }
        return .chance(probability, Fault(fault.kind, phase: fault.phase))
    }

    /// The fault with the phase that stands beside it, which must make sense and be given once.
    private static func joined(
        _ fault: WrittenFault, _ phase: Fault.Phase?, _ fields: inout Fields
    ) -> WrittenFault? {
        guard let phase else { return fault }
        if fault.phase != nil {
            fields.fail("the phase is given twice", atValueOf: "phase")
            return nil
        }
        guard fault.kind.word.phases.contains(phase) else {
            fields.fail(senseless(phase, for: fault.kind.word), atValueOf: "phase")
            return nil
        }
        return WrittenFault(kind: fault.kind, phase: phase)
    }
}

extension Rule.Act {
    /// The faults in the order of the file.
    var faults: [Fault] {
        switch self {
        case .fault(let fault), .chance(_, let fault): [fault]
        case .plan(let steps, _): steps.compactMap { $0 }
        }
    }

    /// Why a fault cannot strike any of these operations; empty stands for all.
    fileprivate func problem(for operations: Set<Operation>) -> String? {
        guard !operations.isEmpty, !operations.contains(.generate) else { return nil }
        for fault in faults {
            switch fault.kind {
            case .task, .callback:
                return "\(fault.kind.word) is decided when a task is made; the operation must be generate"
            case .runningLimit:
                return "running_limit acts before a task is made; the operation must be generate"
            default: break
            }
        }
        return nil
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

extension Rule {
    /// The rule as one line of JSON that reads back to the same rule, but for its place.
    public var json: String { Forms.rule.json(self) }
}
