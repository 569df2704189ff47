public import ClipriseWire

/// One line of `expect`.
public struct Expectation: Sendable, Hashable {
    public var kind: Kind
    public var place: Place

    public init(_ kind: Kind, place: Place = Place(line: 0, column: 0)) {
        self.kind = kind
        self.place = place
    }

    public enum Kind: Sendable, Hashable {
        case count(CountExpectation)
        /// These operations (with what they must match) were seen in this order; others may stand between.
        case inOrder([Filter])
        /// From the arrival of the first match of `from` to that of the next match of `to` at most this long, on the
        /// account's clock.
        case within(from: Filter, to: Filter, TimeSpan)
        /// Between neighbouring matches of one call at least, and at most, this long: from the end of one answer to the
        /// arrival of the next request.
        case gap(of: Filter, atLeast: TimeSpan?, atMost: TimeSpan?)
        case property(ClientProperty)
    }
}

/// Which events an expectation speaks of; all that is given must hold.
public struct Filter: Sendable, Hashable {
    public var operation: Operation?
    public var model: Glob?
    public var status: Int?
    public var clause: Clause?
    /// The name of the rule that injected a fault.
    public var rule: String?

    public static let any = Filter()
}

public struct CountExpectation: Sendable, Hashable {
    public enum Subject: String, Sendable, Hashable, CaseIterable {
        /// Exchanges.
        case requests
        /// Generate requests.
        case attempts
        /// Status polls, those with `download=true` included that are not answered with the file.
        case polls
        /// Status polls of each task.
        case pollsPerTask = "polls_per_task"
        /// Requests for the file of a task that has one, whatever the answer.
        case downloads
        case downloadsPerTask = "downloads_per_task"
        /// Captures.
        case charges
        /// Credits captured.
        case creditsCaptured = "credits_captured"
        /// Credits captured, or held at the end, for tasks whose id the client was given and whose file was not delivered; and
        /// those for what was bought again.
        case creditsWasted = "credits_wasted"
        case callbacks
        /// Tasks that were made.
        case tasks
        case tasksSucceeded = "tasks_succeeded"
        case tasksFailed = "tasks_failed"
    }

    public enum Bound: Sendable, Hashable {
        case exactly(Int64)
        case atMost(Int64)
        case atLeast(Int64)
        case between(Int64, Int64)
        case never
    }

    public var subject: Subject
    public var bound: Bound
    public var filter: Filter

    public init(_ subject: Subject, _ bound: Bound, filter: Filter = .any) {
        self.subject = subject
        self.bound = bound
        self.filter = filter
    }
}

// MARK: As written

extension Forms {
    /// A line of `expect`, with its place.
    static let expectation: Form<Expectation> = {
        let form = Choice<Expectation.Kind>(
            what: "an expectation",
            words: ClientProperty.all.map { .init($0.word, .property($0)) },
            keyed: CountExpectation.Subject.allCases.map(count) + orders
                + numberedProperties.map { property in
                    let form = property.form.map({ Expectation.Kind.property($0) }) {
                        if case .property(let property) = $0 { property } else { nil }
                    }
                    return .init(property.key, form)
                }
        ).form.named("expectation")
        return Form(
            schema: form.schema,
            read: { node, findings in form.read(node, findings).map { Expectation($0, place: node.place) } },
            write: { form.write($0.kind) })
    }()

    private static let amount = integer(0...1_000_000_000_000 as ClosedRange<Int64>)

    private static func count(of subject: CountExpectation.Subject) -> Choice<Expectation.Kind>.Keyed {
        .init(
            subject.rawValue, in: "an expectation", bound(of: subject),
            "How many \(subject.rawValue.replacing("_", with: " ")).", { .count($0) }
        ) { if case .count(let count) = $0, count.subject == subject { count } else { nil } }
    }

    private static func bound(of subject: CountExpectation.Subject) -> Form<CountExpectation> {
        let object = Form<CountExpectation>.record("a count", CountExpectation(subject, .never)) { count, fields in
            var (exactly, atMost, atLeast): (Int64?, Int64?, Int64?)
            var between: [Int64]?
            if fields.isWriting {
                switch count.bound {
                case .exactly(let number): exactly = number
                case .atMost(let number): atMost = number
                case .atLeast(let number): atLeast = number
                case .between(let from, let to): between = [from, to]
                case .never: exactly = 0
                }
            }
            fields.optional("exactly", &exactly, amount, "This many.")
            fields.optional("at_most", &atMost, amount, "Not more than this.")
            fields.optional("at_least", &atLeast, amount, "Not fewer than this.")
            fields.optional("between", &between, .list(amount, count: 2...2), "From the first to the second.")
            visit(&count.filter, &fields)
            fields.exactlyOne(of: ["exactly", "at_most", "at_least", "between"])
            if let exactly { count.bound = .exactly(exactly) }
            if let atMost { count.bound = .atMost(atMost) }
            if let atLeast { count.bound = .atLeast(atLeast) }
            if let between, between.count == 2 {
                if between[0] > between[1] {
                    fields.fail("the first number must not exceed the second", atValueOf: "between")
                }
                count.bound = .between(between[0], between[1])
            }
        }
        return Choice<CountExpectation>(
            what: "a count", words: [.init("never", CountExpectation(subject, .never))], object: object
        ).form.named("count").writing { count in
            // As a word it takes no filter.
            count == CountExpectation(subject, .never) ? JSONFragment.text("never") : object.json(count)
        }
    }

    private static func visit(_ filter: inout Filter, _ fields: inout Fields) {
        fields.optional("operation", &filter.operation, operation, "Only this operation.")
        fields.optional("model", &filter.model, glob, "Only models of this pattern.")
        fields.optional("status", &filter.status, integer(100...599, "a status"), "Only answers of this status.")
        fields.optional(
            "clause", &filter.clause, word("a clause", Clause.self).named("clause"), "Only this clause.")
        fields.optional("rule", &filter.rule, name, "Only what the rule of this name did.")
    }

    private static let event = Choice<Filter>(
        what: "an event",
        words: [Operation.generate, .status, .download].map { .init($0.rawValue, Filter(operation: $0)) },
        object: .record("an event", .any) { filter, fields in
            visit(&filter, &fields)
            fields.atLeastOne(of: ["operation", "model", "status", "clause", "rule"])
        }
    ).form.named("event")

    private static let orders: [Choice<Expectation.Kind>.Keyed] = [
        .init(
            "in_order", in: "an expectation", .list(event, count: 2...100), "These were seen in this order.",
            { .inOrder($0) }
        ) { if case .inOrder(let filters) = $0 { filters } else { nil } },
        .init(
            "within", in: "an expectation", within, "How soon one event follows another.",
            { .within(from: $0.from, to: $0.to, $0.time) }
        ) { if case .within(let from, let to, let time) = $0 { (from, to, time) } else { nil } },
        .init(
            "gap", in: "an expectation", gap, "The pause between neighbouring events.",
            { .gap(of: $0.of, atLeast: $0.atLeast, atMost: $0.atMost) }
        ) { if case .gap(let of, let atLeast, let atMost) = $0 { (of, atLeast, atMost) } else { nil } },
    ]

    private static let within = Form<(from: Filter, to: Filter, time: TimeSpan)>.record(
        "within", (.any, .any, .zero)
    ) { within, fields in
        fields.required("from", &within.from, event, "The first event.")
        fields.required("to", &within.to, event, "The next match of this one.")
        fields.required("time", &within.time, span, "At most this long after it.")
    }

    private static let gap = Form<(of: Filter, atLeast: TimeSpan?, atMost: TimeSpan?)>.record(
        "gap", (.any, nil, nil)
    ) { gap, fields in
        fields.required("of", &gap.of, event, "The event.")
        fields.optional("at_least", &gap.atLeast, span, "The shortest pause between two.")
        fields.optional("at_most", &gap.atMost, span, "The longest pause between two.")
        fields.atLeastOne(of: ["at_least", "at_most"])
        if let atLeast = gap.atLeast, let atMost = gap.atMost, atMost < atLeast {
            fields.fail("at_most must not be below at_least", atValueOf: "at_most")
        }
    }
}

extension Expectation {
    /// The expectation as one line of JSON that reads back to the same one, but for its place.
    public var json: String { Forms.expectation.json(self) }
}
