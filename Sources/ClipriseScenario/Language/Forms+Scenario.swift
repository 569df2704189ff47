internal import ClipriseWire

extension Forms {
    /// The first key's value: the edition of the language.
    static let edition = "cliprise-mock/v1"

    /// The most elements of a scenario's lists.
    static let accountLimit = 20_000
    static let ruleLimit = 1000
    static let expectationLimit = 200
    /// The most accounts that exist from the start, all lines together.
    static let accountTotalLimit = 100_000

    static let scenario = Form<Scenario>.object("a scenario") { fields in
        let edition = fields.required(
            "schema", Choice<Bool>(what: "the edition", words: [.init(edition, true)]).form, "Always the first key.")
        let name = fields.optional("name", Forms.name, "A short name; the file's by default.")
        let about = fields.optional("about", text("a description", limit: 2000), "One sentence for people.")
        let seed = fields.optional("seed", integer(0...UInt64.max), "The seed of all draws.")
        let clock = fields.optional("clock", Forms.clock, "Where time comes from; real by default.")
        let profile = fields.optional("profile", Forms.profile, "The edition of the service that is imitated.")
        let accounts = fields.optional(
            "accounts", Form<[AccountRule]>.list(Forms.account, count: 0...accountLimit),
            "Accounts that exist from the start.")
        let charge = fields.optional("charge", word("when to charge", ChargePolicy.self), "When a price is taken.")
        let tasks = fields.optional(
            "tasks", Form<[TaskRule]>.list(Forms.task, count: 0...ruleLimit),
            "Lives and outcomes; the first line that matches decides.")
        let rules = fields.optional(
            "rules", Form<[Rule]>.list(Forms.rule, count: 0...ruleLimit), "Faults; the first rule that matches acts.")
        let callbacks = fields.optional("callbacks", Forms.callbacks, "Delivers callbacks; without it none is.")
        let capacity = fields.optional("capacity", Forms.capacity, "What the service as a whole can take.")
        let expectations = fields.optional(
            "expect", Form<[Expectation]>.list(Forms.expectation, count: 0...expectationLimit),
            "What a good client does.")
        if let problem = ScenarioCheck.accounts(accounts ?? []) { fields.fail(problem, atValueOf: "accounts") }
        guard edition == true else { return nil }
        return Scenario(
            name: name ?? "", about: about ?? "", seed: seed, clock: clock ?? .real, profile: profile,
            accounts: accounts ?? [], charge: charge ?? .onSuccess, tasks: tasks ?? [], rules: rules ?? [],
            callbacks: callbacks, capacity: capacity, expectations: expectations ?? [])
    }

    static let clock = Choice<ClockRule>(
        what: "a clock",
        words: [.init("real", .real), .init("virtual", .virtual(tickPerPoll: .zero, delays: .hold))],
        object: .object("a clock") { fields in
            let mode = fields.required(
                "mode", Choice<Bool>(what: "a mode", words: [.init("real", false), .init("virtual", true)]).form,
                "Whether time runs by itself.")
            let tick = fields.optional("tick_per_poll", span, "How far each status poll moves a virtual clock.")
            let delays = fields.optional(
                "delays", word("delays", ClockRule.Delays.self),
                "What a pause inside an answer does: by default pass with tick_per_poll, hold without.")
            if mode == false, tick != nil || delays != nil {
                fields.fail("tick_per_poll and delays are for a virtual clock", atValueOf: "mode")
            }
            guard mode == true else { return mode.map { _ in .real } }
            return .virtual(tickPerPoll: tick ?? .zero, delays: delays ?? (tick == nil ? .hold : .pass))
        }
    ).form

    private static let profile = Choice<ContractProfile>(
        what: "a profile",
        words: ContractProfile.allCases.map { .init($0.rawValue, $0) } + [.init("snapshot", .snapshot)]
    ).form

    private static let key = Form<String>.scalar(
        "a key of \(AccountKey.rule)",
        schema: .pattern("^[!-~]{1,\(AccountKey.limit)}$")
    ) { content in
        guard case .text(let text) = content, AccountKey.isValid(text.utf8) else { return nil }
        return text
    }

    private static let account = Form<AccountRule>.object("an account") { fields in
        let key = fields.optional("key", Forms.key, "The key of one account.")
        let prefix = fields.optional("prefix", Forms.key, "What the keys of many accounts start with.")
        let count = fields.optional("count", integer(1...accountTotalLimit), "How many: PREFIX1 to PREFIXn.")
        let credits = fields.optional("credits", credits, "What it starts with; 10000 by default.")
        fields.exactlyOne(of: ["key", "prefix"])
        fields.companions([("count", ["prefix"]), ("prefix", ["count"])])
        guard let key = key ?? prefix else { return nil }
        return AccountRule(key: key, count: count, credits: credits ?? 10_000)
    }.named("account")

    private static let callbacks = Form<CallbackRule>.object("callbacks") { fields in
        let usual = CallbackRule()
        let delay = fields.optional("delay", distribution, "From a task's end to its callback; 0s by default.")
        let retries = fields.optional("retries", integer(0...100), "Retries after the first attempt; 3 by default.")
        let timeout = fields.optional("timeout", positiveSpan, "How long one attempt may take; 15s by default.")
        let pause = fields.optional("pause", span, "The pause before a retry; 5s by default.")
        let secret = fields.optional("secret", text("a secret", limit: 200), "Signs each delivery with HMAC-SHA256.")
        let style = fields.optional(
            "style", word("a style", CallbackRule.Style.self),
            "The body: the whole record, as by default, or the short form with data.task_id.")
        return CallbackRule(
            delay: delay ?? usual.delay, retries: retries ?? usual.retries, timeout: timeout ?? usual.timeout,
            pause: pause ?? usual.pause, secret: secret, style: style ?? usual.style)
    }

    private static let capacity = Form<Capacity>.object("capacity") { fields in
        let concurrency = fields.required("concurrency", integer(1...100_000), "Requests worked on at once.")
        let service = fields.required("service", distribution, "How long each takes to be worked on.")
        let queue = fields.required(
            "queue", integer(0...1_000_000), "Requests that may wait; a further one is turned away.")
        let refusal = fields.optional(
            "refusal", Forms.refusal, "The answer to a request that is turned away; by default 503.")
        guard let concurrency, let service, let queue else { return nil }
        return Capacity(
            concurrency: concurrency, service: service, queue: queue, refusal: refusal ?? StatusFault(code: 503))
    }
}
