public import ClipriseWire

/// An answer of another status in place of the true one.
public struct StatusFault: Sendable, Hashable {
    /// 200–599.
    public var code: Int
    public var body: Body
    public var headers: [ResponsePlan.Field]
    public var retryAfter: RetryAfter?

    public init(
        code: Int, body: Body = .usual, headers: [ResponsePlan.Field] = [], retryAfter: RetryAfter? = nil
    ) {
        self.code = code
        self.body = body
        self.headers = headers
        self.retryAfter = retryAfter
    }

    public enum Body: Sendable, Hashable {
        /// What is usual for the code: a gateway's HTML page for 502, 503 and 504, JSON for 429, else nothing.
        case usual
        case empty
        /// A gateway's HTML page.
        case html
        /// `{"code":…,"message":…}`.
        case json
        /// Exactly this text, as `type`; nil for plain text.
        case text(String, type: String? = nil)
    }
}

/// The `Retry-After` of an answer (RFC 9110 §10.2.3).
public enum RetryAfter: Sendable, Hashable {
    /// As delay-seconds, rounded up.
    case seconds(TimeSpan)
    /// As an HTTP date this far from now on the account's clock.
    case date(TimeSpan)
    /// Exactly this text, for values that no client should trust.
    case text(String)
}

// MARK: As written

extension Forms {
    /// A status without a phase, for requests that are rejected before any work.
    static let refusal = Form<StatusFault>.record("a refusal", StatusFault(code: 503), visit)

    static func visit(_ status: inout StatusFault, _ fields: inout Fields) {
        fields.required("status", &status.code, integer(200...599, "a status"), "The status of the answer.")
        fields.optional("retry_after", &status.retryAfter, retryAfter, "Sent as Retry-After.")
        fields.optional(
            "body", &status.body, statusBody, "The body; by default what is usual for the status.", unless: .usual)
        fields.optional("headers", &status.headers, headers, "Further header fields.", unless: [])
    }

    static let retryAfter = Choice<RetryAfter>(
        what: "a Retry-After",
        keyed: [
            .init("date", in: "retry_after", span, "As an HTTP date this far from now.", RetryAfter.date) {
                if case .date(let span) = $0 { span } else { nil }
            },
            .init(
                "text", in: "retry_after", text("a field value", limit: 1000).checked(fieldValueProblem),
                "Exactly this text.", RetryAfter.text
            ) { if case .text(let text) = $0 { text } else { nil } },
        ],
        scalar: span.map(RetryAfter.seconds) { if case .seconds(let span) = $0 { span } else { nil } }
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
                }.writing {
                    guard case .text(let text, let type) = $0 else { return nil }
                    return JSONFragment.object([
                        ("text", JSONFragment.text(text)), ("type", type.map(JSONFragment.text)),
                    ])
                })
        ]
    ).form.named("body")

    /// Fields that the mock sends by itself.
    private static let ownFields: Set<String> = ["content-type", "content-length", "transfer-encoding", "connection"]

    /// Field names to texts, in the order of the file.
    static let headers = map(to: text("a field value", limit: 8000).checked(fieldValueProblem)) { name in
        if !isToken(name) { return "\"\(name)\" is no name of a header field" }
        return ownFields.contains(name.lowercased()) ? "\"\(name)\" is sent by the mock itself" : nil
    }.map(
        { pairs in pairs.map { ResponsePlan.Field($0.key, $0.value) } },
        back: { fields in fields.map { Pair(key: $0.name, value: $0.value) } })

    private static let fieldValueProblem: @Sendable (String) -> String? = { value in
        value.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F } ? "a field value has no control characters" : nil
    }
}
