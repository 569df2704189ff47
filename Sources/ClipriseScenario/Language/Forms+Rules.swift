internal import ClipriseWire

extension Forms {
    static let operation = Choice<Operation>(
        what: "an operation",
        words: [.init("generate", .generate), .init("status", .status), .init("download", .download)]
    ).form.named("operation")

    private static let operations = Choice<Set<Operation>>(
        what: "an operation",
        words: [.init("generate", [.generate]), .init("status", [.status]), .init("download", [.download])],
        list: Form<[Operation]>.list(operation, count: 1...3).map { Set($0) }
    ).form

    static let when = Form<When>.object("when") { fields in
        let operations = fields.optional("operation", Forms.operations, "One operation or a list; any by default.")
        let model = fields.optional("model", glob, "A pattern for the model's id.")
        let account = fields.optional("account", glob, "A pattern for the account's key.")
        let task = fields.optional("task", range, "The position of the task in its account, counted from 1.")
        let attempt = fields.optional("attempt", range, "How often this body was sent, or this task asked for.")
        let prompt = fields.optional("prompt", Forms.prompt, "A part of the prompt, compared without case.")
        let headers = fields.optional("header", headerPatterns, "Header fields that the request must have.")
        let connection = fields.optional(
            "connection", word("the use of a connection", ConnectionUse.self),
            "Whether the request is the first on its connection (fresh), or the connection was kept alive (reused).")
        let count = fields.optional("count", range, "Of the requests that match all else, only those with this number.")
        return When(
            operations: operations ?? [], model: model, account: account, task: task, attempt: attempt,
            prompt: prompt, headers: headers ?? [], connection: connection, count: count)
    }.named("when")

    private static let headerPatterns = map(to: glob) { name in
        isToken(name) ? nil : "\"\(name)\" is no name of a header field"
    }.map { pairs in
        pairs.map { When.Header(name: $0.key.lowercased(), value: $0.value.pattern == "*" ? nil : $0.value) }
    }

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

    /// A rule whose name is empty when it has none.
    static let rule = Form<Rule>.object("a rule") { fields in
        let name = fields.optional("name", Forms.name, "For the journal; \"rule N\" by default.")
        let when = fields.optional("when", Forms.when, "Which requests it is for; all by default.")
        let fault = fields.optional("fault", Forms.fault, "Strikes each time the rule matches.")
        let phase = fields.optional("phase", Forms.phase, "When the fault strikes.")
        let plan = fields.optional(
            "plan", Form<[WrittenFault?]>.list(step, count: 1...1000),
            "One entry for each match, in order; pass lets the request pass.")
        let repeats = fields.optional("repeat", boolean, "Whether the plan starts again at its end.")
        let chance = fields.optional("chance", Forms.chance, "The fault with a probability.")
        let during = fields.optional("during", window, "The rule acts only in this window of its account's clock.")
        let ttl = fields.optional("ttl", positiveSpan, "The rule ends this long after it was added.")
        let times = fields.optional("times", ordinal, "The most times that the rule acts for one account.")
        fields.exactlyOne(of: ["fault", "plan", "chance"])
        fields.companions([("phase", ["fault"]), ("repeat", ["plan"])])

        var act: Rule.Act? = chance
        if let fault, let fault = joined(fault, phase, &fields) {
            act = .fault(Fault(fault.kind, phase: fault.phase))
        }
        if let plan {
            act = .plan(plan.map { $0.map { Fault($0.kind, phase: $0.phase) } }, repeats: repeats ?? false)
        }
        guard let act else { return nil }
        if let problem = act.problem(for: when?.operations ?? []) { fields.fail(problem, atValueOf: "when") }
        return Rule(
            name: name ?? "", when: when ?? When(), act: act, during: during, ttl: ttl, times: times,
            place: fields.place)
    }.named("rule")
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
                return "running_limit acts when a task is to be made; the operation must be generate"
            default: break
            }
        }
        return nil
    }
}
