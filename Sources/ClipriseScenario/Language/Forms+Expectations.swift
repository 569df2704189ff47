internal import ClipriseWire

extension Forms {
    /// A line of `expect`, with its place.
    static let expectation: Form<Expectation> = {
        let form = Choice<Expectation.Kind>(
            what: "an expectation",
            words: ClientProperty.all.map { .init($0.word, .property($0)) },
            keyed: CountExpectation.Subject.allCases.map(count) + orders + properties
        ).form.named("expectation")
        return Form(schema: form.schema) { node, findings in
            form.read(node, findings).map { Expectation($0, place: node.place) }
        }
    }()

    private static let amount = integer(0...1_000_000_000_000 as ClosedRange<Int64>)

    private static func count(of subject: CountExpectation.Subject) -> Choice<Expectation.Kind>.Keyed {
        keyed(subject.rawValue, bound(of: subject), "How many \(subject.rawValue.replacing("_", with: " ")).") {
            .count($0)
        }
    }

    private static func bound(of subject: CountExpectation.Subject) -> Form<CountExpectation> {
        Choice<CountExpectation>(
            what: "a count",
            words: [.init("never", CountExpectation(subject, .never))],
            object: .object("a count") { fields in
                let exactly = fields.optional("exactly", amount, "This many.")
                let atMost = fields.optional("at_most", amount, "Not more than this.")
                let atLeast = fields.optional("at_least", amount, "Not fewer than this.")
                let between = fields.optional("between", .list(amount, count: 2...2), "From the first to the second.")
                let filter = filter(&fields)
                fields.exactlyOne(of: ["exactly", "at_most", "at_least", "between"])
                var bound = exactly.map(CountExpectation.Bound.exactly)
                if let atMost { bound = .atMost(atMost) }
                if let atLeast { bound = .atLeast(atLeast) }
                if let between, between.count == 2 {
                    if between[0] > between[1] {
                        fields.fail("the first number must not exceed the second", atValueOf: "between")
                    }
                    bound = .between(between[0], between[1])
                }
                return bound.map { CountExpectation(subject, $0, filter: filter) }
            }
        ).form.named("count")
    }

    private static func filter(_ fields: inout Fields) -> Filter {
        Filter(
            operation: fields.optional("operation", operation, "Only this operation."),
            model: fields.optional("model", glob, "Only models of this pattern."),
            status: fields.optional("status", integer(100...599, "a status"), "Only answers of this status."),
            clause: fields.optional("clause", word("a clause", Clause.self).named("clause"), "Only this clause."),
            rule: fields.optional("rule", name, "Only what the rule of this name did."))
    }

    private static let event = Choice<Filter>(
        what: "an event",
        words: [Operation.generate, .status, .download].map { .init($0.rawValue, Filter(operation: $0)) },
        object: .object("an event") { fields in
            let filter = filter(&fields)
            fields.atLeastOne(of: ["operation", "model", "status", "clause", "rule"])
            return filter
        }
    ).form.named("event")

    private static let orders: [Choice<Expectation.Kind>.Keyed] = [
        keyed("in_order", .list(event, count: 2...100), "These were seen in this order.") { .inOrder($0) },
        keyed(
            "within",
            .object("within") { fields in
                let from = fields.required("from", event, "The first event.")
                let to = fields.required("to", event, "The next match of this one.")
                let time = fields.required("time", span, "At most this long after it.")
                guard let from, let to, let time else { return nil }
                return .within(from: from, to: to, time)
            }, "How soon one event follows another."
        ) { $0 },
        keyed(
            "gap",
            .object("gap") { fields in
                let of = fields.required("of", event, "The event.")
                let atLeast = fields.optional("at_least", span, "The shortest pause between two.")
                let atMost = fields.optional("at_most", span, "The longest pause between two.")
                fields.atLeastOne(of: ["at_least", "at_most"])
                if let atLeast, let atMost, atMost < atLeast {
                    fields.fail("at_most must not be below at_least", atValueOf: "at_most")
                }
                return of.map { .gap(of: $0, atLeast: atLeast, atMost: atMost) }
            }, "The pause between neighbouring events."
        ) { $0 },
    ]

    private static let properties: [Choice<Expectation.Kind>.Keyed] = [
        property("honours_retry_after", "Waits as long as it was told.") { fields in
            fields.required("tolerance", span, "How much shorter it may wait.").map {
                .honoursRetryAfter(tolerance: $0)
            }
        },
        property("backoff", "Waits longer from failure to failure.") { fields in
            let base = fields.optional("base", positiveSpan, "The first pause.")
            let factor = fields.optional("factor", number(1...100, "a factor"), "From pause to pause.")
            let cap = fields.optional("cap", positiveSpan, "The longest pause.")
            let jitter = fields.optional(
                "jitter", word("a jitter", ClientProperty.Backoff.Jitter.self), "How pauses are spread; any by default."
            )
            return .backoff(ClientProperty.Backoff(base: base, factor: factor, cap: cap, jitter: jitter ?? .any))
        },
        property("jitter_present", "No two clients wait alike.") { fields in
            fields.required("samples", integer(2...100_000), "Pauses that are enough to judge.")
                .map { .jitterPresent(samples: $0) }
        },
        property("retry_budget", "Retries stay few beside first attempts.") { fields in
            let ratio = fields.required("ratio", number(0...1000, "a ratio"), "Retries for each first attempt.")
            let minimum = fields.optional(
                "minimum", integer(0...1_000_000), "Retries that are always free; 10 by default.")
            return ratio.map { .retryBudget(ratio: $0, minimum: minimum ?? 10) }
        },
        property("poll_rate", "Polls of one task.") { fields in
            let atMost = fields.required("at_most", integer(1...1_000_000), "Polls in any window.")
            let per = fields.required("per", positiveSpan, "The length of the window.")
            guard let atMost, let per else { return nil }
            return .pollRate(atMost: atMost, per: per)
        },
    ]

    private static func property(
        _ word: String, _ about: String, _ build: @escaping @Sendable (inout Fields) -> ClientProperty?
    ) -> Choice<Expectation.Kind>.Keyed {
        keyed(word, .object(word, build), about) { .property($0) }
    }

    private static func keyed<Value>(
        _ key: String, _ form: Form<Value>, _ about: String, _ make: @escaping @Sendable (Value) -> Expectation.Kind
    ) -> Choice<Expectation.Kind>.Keyed {
        .init(key, .object("an expectation") { fields in fields.required(key, form, about).map(make) })
    }
}
