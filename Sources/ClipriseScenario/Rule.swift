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
        var (fault, phase): (WrittenFault?, Fault.Phase?)
        var (plan, repeats): ([Fault?]?, Bool?)
        var chance: (probability: Double, fault: Fault)?
        if fields.isWriting {
            switch act {
            case .fault(let known): (fault, phase) = apart(known)
            case .plan(let steps, let again): (plan, repeats) = (steps, again ? true : nil)
            case .chance(let probability, let fault): chance = (probability, fault)
            }
        }
        fields.optional("fault", &fault, Forms.fault, "Strikes each time the rule matches.")
        fields.optional("phase", &phase, Forms.phase, "When the fault strikes.")
        fields.optional(
            "plan", &plan, .list(step, count: 1...1000),
            "One entry for each match, in order; pass lets the request pass.")
        fields.optional("repeat", &repeats, boolean, "Whether the plan starts again at its end.")
        fields.optional("chance", &chance, Forms.chance, "The fault with a probability.")
        fields.exactlyOne(of: ["fault", "plan", "chance"])
        fields.companions([("phase", ["fault"]), ("repeat", ["plan"])])
        if let chance { act = .chance(chance.probability, chance.fault) }
        if let fault = joined(fault, phase, &fields) { act = .fault(fault) }
        if let plan { act = .plan(plan, repeats: repeats ?? false) }
    }

    static let window = Form<Window>.record("a window of time", Window(from: .zero, length: .zero)) { window, fields in
        fields.optional(
            "from", &window.from, span, "When it starts, counted from the account's start; 0s by default.",
            unless: .zero)
        fields.required("for", &window.length, positiveSpan, "How long it lasts.")
    }.named("window")

    /// One entry of a plan; nil lets the request pass.
    private static let step = Choice<Fault?>(
        what: "an entry of a plan",
        words: [.init("pass", nil)],
        keyed: [.init("fault", faultAndPhase.map({ .some($0) }, back: { $0 }))],
        object: fault.map({ $0.fault }, back: { $0?.written }),
        scalar: fault.map({ $0.fault }, back: { $0?.written })
    ).form.named("step")

    /// A fault under the key `fault`, with its phase beside it.
    private static let faultAndPhase = Form<Fault>.record("a fault with its phase", Fault(.empty), visit)

    /// A fault that stands alone: as in a rule, or with its phase beside it.
    static let wholeFault = Choice<Fault>(
        what: "a fault",
        keyed: [.init("fault", faultAndPhase)],
        object: fault.map({ $0.fault }, back: { $0.written }),
        scalar: fault.map({ $0.fault }, back: { $0.written })
    ).form

    private static let chance = Form<(probability: Double, fault: Fault)>.record("a chance", (0, Fault(.empty))) {
        chance, fields in
        fields.required("p", &chance.probability, Forms.probability, "The probability for each request that matches.")
        visit(&chance.fault, &fields)
    }

    private static func visit(_ whole: inout Fault, _ fields: inout Fields) {
        var (fault, phase) = fields.isWriting ? apart(whole) : (nil, nil)
        fields.required("fault", &fault, Forms.fault, "The fault.")
        fields.optional("phase", &phase, Forms.phase, "When the fault strikes.")
        if let joined = joined(fault, phase, &fields) { whole = joined }
    }

    private static func apart(_ fault: Fault) -> (WrittenFault?, Fault.Phase?) {
        (WrittenFault(kind: fault.kind), fault.written.phase)
    }

    /// The fault with the phase that stands beside it, which must make sense and be given once.
    private static func joined(_ fault: WrittenFault?, _ phase: Fault.Phase?, _ fields: inout Fields) -> Fault? {
        guard let fault, let phase else { return fault?.fault }
        if fault.phase != nil {
            fields.fail("the phase is given twice", atValueOf: "phase")
            return nil
        }
        guard fault.kind.word.phases.contains(phase) else {
            fields.fail(senseless(phase, for: fault.kind.word), atValueOf: "phase")
            return nil
        }
        return Fault(fault.kind, phase: phase)
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

extension Rule {
    /// The rule as one line of JSON that reads back to the same rule, but for its place.
    public var json: String { Forms.rule.json(self) }
}
