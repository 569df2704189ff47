internal import ClipriseWire

extension Forms {
    static let retryAfter = Choice<RetryAfter>(
        what: "a Retry-After",
        keyed: [
            .init(
                "date",
                .object("retry_after") { fields in
                    fields.required("date", span, "As an HTTP date this far from now.").map(RetryAfter.date)
                }),
            .init(
                "text",
                .object("retry_after") { fields in
                    let text = text("a field value", limit: 1000).checked(fieldValueProblem)
                    return fields.required("text", text, "Exactly this text.").map(RetryAfter.text)
                }),
        ],
        scalar: span.map(RetryAfter.seconds)
    ).form.named("retry_after")

    static let statusBody = Choice<StatusFault.Body>(
        what: "a body",
        words: [
            .init("usual", .usual), .init("empty", .empty), .init("html", .html), .init("json", .json),
        ],
        keyed: [
            .init(
                "text",
                .object("a body") { fields in
                    let body = fields.required("text", text("a body", limit: 64 * 1024), "Exactly this text.")
                    let type = fields.optional(
                        "type", text("a media type", limit: 200).checked(fieldValueProblem),
                        "The Content-Type; text/plain by default.")
                    return body.map { StatusFault.Body.text($0, type: type) }
                })
        ]
    ).form.named("body")

    /// Fields that the mock sends by itself.
    private static let ownFields: Set<String> = ["content-type", "content-length", "transfer-encoding", "connection"]

    /// Field names to texts, in the order of the file.
    static let headers = map(to: text("a field value", limit: 8000).checked(fieldValueProblem)) { name in
        if !isToken(name) { return "\"\(name)\" is no name of a header field" }
        return ownFields.contains(name.lowercased()) ? "\"\(name)\" is sent by the mock itself" : nil
    }.map { pairs in pairs.map { ResponsePlan.Field($0.key, $0.value) } }

    /// An object with free keys, at most 32.
    static func map<Value>(
        to form: Form<Value>, keyProblem: @escaping @Sendable (String) -> String?
    ) -> Form<[Pair<Value>]> {
        let schema = Schema.object([
            ("type", .text("object")), ("additionalProperties", form.schema), ("minProperties", .literal("1")),
            ("maxProperties", .literal("32")),
            ("propertyNames", .pattern("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")),
        ])
        return Form(schema: schema) { node, findings in
            guard case .object(let members) = node.content, (1...32).contains(members.count) else {
                findings.unexpected(node, expected: "an object of 1 to 32 header fields")
                return nil
            }
            var pairs: [Pair<Value>] = []
            for member in members {
                if let problem = keyProblem(member.key) { findings.add(.senseless(problem), at: member.keyPlace) }
                if let value = form.read(member.value, findings) { pairs.append(Pair(key: member.key, value: value)) }
            }
            return pairs.count == members.count ? pairs : nil
        }
    }

    struct Pair<Value: Sendable>: Sendable {
        var key: String
        var value: Value
    }

    /// RFC 9110 §5.6.2.
    static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static let fieldValueProblem: @Sendable (String) -> String? = { value in
        value.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F } ? "a field value has no control characters" : nil
    }

    static let truncation = Choice<Truncation>(
        what: "where the body ends",
        object: .object("truncate") { fields in
            let at = fields.required("at", point, "Bytes, or a part of the body such as 50%.")
            let honest = fields.optional("honest", boolean, "Whether Content-Length tells the bytes that are sent.")
            return at.map { Truncation(at: $0, isHonest: honest ?? false) }
        },
        scalar: point.map { Truncation(at: $0) }
    ).form.named("truncation")

    private static let point = Form<Truncation.Point>(
        schema: .any(of: [size.schema, .pattern(Units.percentPattern)])
    ) { node, findings in
        if case .text(let text) = node.content {
            if let part = Units.percent(text) { return .fraction(part) }
            if let size = Units.size(text) { return .bytes(size) }
        }
        if case .number(let digits) = node.content, let bytes = Int(digits), (0...Units.largest).contains(bytes) {
            return .bytes(bytes)
        }
        findings.unexpected(node, expected: "a number of bytes, such as 5 or 64KiB, or a part of the body such as 50%")
        return nil
    }

    static let rateLimit = Form<RateLimit>.object("rate_limit") { fields in
        let limit = fields.required("limit", integer(0...1_000_000), "Requests let through in one window.")
        let window = fields.required("window", positiveSpan, "The length of the window.")
        let kind = fields.optional(
            "kind", word("a kind of window", RateLimit.WindowKind.self), "How the window moves; fixed by default.")
        let form = fields.optional(
            "retry_after", word("a form of Retry-After", RateLimit.Form.self), "How Retry-After is written.")
        let code = fields.optional(
            "status", integer(400...599, "a status"), "The status beyond the limit; 429 by default.")
        let others = fields.optional(
            "others", integer(0...1_000_000),
            "Requests of others that share the account, let through when the rule began; none by default.")
        guard let limit, let window else { return nil }
        return RateLimit(
            limit: limit, window: window, kind: kind ?? .fixed, retryAfter: form ?? .seconds, code: code ?? 429,
            others: others ?? 0)
    }.named("rate_limit")

    static let runningLimit = Form<RunningLimit>.object("running_limit") { fields in
        let limit = fields.required("limit", integer(0...1_000_000), "Tasks of one account that may run at once.")
        let retryAfter = fields.optional("retry_after", Forms.retryAfter, "Sent as Retry-After; by default none is.")
        let code = fields.optional(
            "status", integer(400...599, "a status"), "The status beyond the limit; 429 by default.")
        let others = fields.optional(
            "others", runningOthers, "Tasks of others that share the account, running when the rule begins.")
        return limit.map { RunningLimit(limit: $0, code: code ?? 429, retryAfter: retryAfter, others: others) }
    }.named("running_limit")

    private static let runningOthers = Form<RunningLimit.Others>.object("others") { fields in
        let tasks = fields.required("tasks", integer(0...1_000_000), "How many run.")
        let length = fields.required("for", positiveSpan, "How long after the rule's beginning they end.")
        guard let tasks, let length else { return nil }
        return RunningLimit.Others(tasks: tasks, length: length)
    }.named("running_others")

    static let callbackFault = callbackFaultChoice.form.named("callback")

    static let callbackFaultChoice = Choice<CallbackFault>(
        what: "a fault of callbacks",
        words: [CallbackFault.drop, .reorder, .wrongSignature].map { .init($0.word.rawValue, $0) },
        keyed: [
            callback(.delay, distribution, "Delivered this much later.") { .delay($0) },
            callback(.duplicate, integer(2...100), "Delivered this many times in all.") { .duplicate($0) },
            callback(.fail, integer(1...100), "The first deliveries count as failed.") { .fail(times: $0) },
        ])

    private static func callback<Value>(
        _ word: FaultWord, _ form: Form<Value>, _ about: String, _ make: @escaping @Sendable (Value) -> CallbackFault
    ) -> Choice<CallbackFault>.Keyed {
        .init(
            word.rawValue,
            .object("a fault of callbacks") { fields in fields.required(word.rawValue, form, about).map(make) })
    }
}
