internal import ClipriseWire

/// What a client does around its calls; each may be `none`, for a policy that builds on one that has it.
extension Forms {
    private static let calls = integer(1...1_000_000, "a number of calls")

    static let maxJobs = Choice<PolicyDescription.Limit<Int>>(
        what: "a number of jobs", words: [.init("none", .none)],
        scalar: integer(1...1_000_000, "a number of jobs").map { PolicyDescription.Limit.some($0) }
    ).form

    static let pool = Choice<PolicyDescription.Limit<PolicyDescription.Pool>>(
        what: "a pool", words: [.init("none", .none)],
        object: .object("a pool") { fields in
            let size = fields.required("size", integer(1...1_000_000, "a number of connections"), "Its connections.")
            let wait = fields.optional("wait", span, "How long a call waits for one; as long as its job by default.")
            return size.map { .some(PolicyDescription.Pool(size: $0, wait: wait)) }
        }
    ).form

    static let clientRate = Choice<PolicyDescription.Limit<PolicyDescription.Rate>>(
        what: "a rate limit", words: [.init("none", .none)],
        object: .object("a rate limit") { fields in
            let limit = fields.required("limit", calls, "Calls for each `per` in the long run.")
            let per = fields.required("per", positiveSpan, "The time that the limit is for.")
            let burst = fields.optional("burst", calls, "The most calls at once; as the limit by default.")
            guard let limit, let per else { return nil }
            return .some(PolicyDescription.Rate(limit: limit, per: per, burst: burst))
        }
    ).form

    static let breaker = Choice<PolicyDescription.Limit<PolicyDescription.Breaker>>(
        what: "a circuit breaker", words: [.init("none", .none)],
        object: .object("a circuit breaker") { fields in
            let failures = fields.required("failures", calls, "Failures in a row that open it.")
            let open = fields.required("open", positiveSpan, "How long it stays open.")
            let trials = fields.optional("trials", calls, "The calls that try when it is half open; 1 by default.")
            guard let failures, let open else { return nil }
            return .some(PolicyDescription.Breaker(failures: failures, open: open, trials: trials))
        }
    ).form

    static let hedge = Choice<PolicyDescription.Limit<PolicyDescription.Hedge>>(
        what: "hedging", words: [.init("none", .none)],
        object: .object("hedging") { fields in
            let after = fields.required("after", positiveSpan, "How long there is no answer.")
            let operations = fields.optional(
                "operations",
                Form<[PolicyDescription.Operation]>.list(
                    word("an operation", PolicyDescription.Operation.self), count: 1...3),
                "Which calls; status and download by default. A generate that is hedged is bought twice.")
            return after.map { .some(PolicyDescription.Hedge(after: $0, operations: operations)) }
        }
    ).form
}
