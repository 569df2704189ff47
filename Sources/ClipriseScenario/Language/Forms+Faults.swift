internal import ClipriseWire

/// A fault as written: the phase may still come from beside it.
struct WrittenFault: Sendable {
    var kind: Fault.Kind
    var phase: Fault.Phase?
}

extension Forms {
    static let phase = word("a phase", Fault.Phase.self).named("phase")

    /// Any fault, as a word or as an object.
    static let fault = Choice<WrittenFault>(
        what: "a fault",
        words: faultWords.map { .init($0.word, WrittenFault(kind: $0.kind)) },
        keyed: [.init("status", status)] + answerFaults + taskFaults + [
            keyed("drain", credits, [.before], "Leaves this many credits that can be spent.") {
                .account(.drain(to: $0))
            },
            keyed("callback", callbackFault, [.after], "What goes wrong with the callbacks of the task.") {
                .callback($0)
            },
        ]
    ).form.named("fault")

    private static let faultWords: [(word: String, kind: Fault.Kind)] =
        [
            ("empty", .empty), ("hang", .hang(limit: nil)), ("close", .close), ("reset", .reset),
            ("drain", .account(.drain(to: 0))), ("revoke", .account(.revoke)),
        ] + taskFaultWords.map { ($0.word, .task($0.value)) }

    private static let answerFaults: [Choice<WrittenFault>.Keyed] = [
        keyed("latency", distribution, [.after, .body], "A late answer.") { .latency($0) },
        keyed("hang", hang, [.before, .after, .body], "Silence, then a close.") { .hang(limit: $0) },
        keyed("throttle", speed, [.body], "A body at this many bytes a second.") { .throttle(bytesPerSecond: $0) },
        keyed("slice", slice, [.body], "A body in pieces, with a pause between.") { $0 },
        keyed("truncate", truncation, [.body], "Fewer bytes than promised.") { .truncate($0) },
        keyed("corrupt", word("what is corrupt", Corruption.self), [.body], "What is broken in the answer.") {
            .corrupt($0)
        },
        keyed("shape", word("a shape", Shape.self), [.after], "The other documented shape of the answer.") {
            .shape($0)
        },
        keyed("rate_limit", rateLimit, [.before], "A quota; 429 beyond it.") { .rateLimit($0) },
        keyed("running_limit", runningLimit, [.before], "So many tasks may run at once; 429 beyond it.") {
            .runningLimit($0)
        },
    ]

    private static let taskFaults: [Choice<WrittenFault>.Keyed] = [
        keyed("fail", failMessage, [.after], "The task ends as failed with this failMsg.") {
            .task(.fail(message: $0))
        },
        keyed("slow", slowness, [.after], "The task takes this many times as long.") { .task(.slow($0)) },
        keyed("flap", flaps, [.after], "Success, then processing for this many polls, then success.") {
            .task(.flap(polls: $0))
        },
        keyed("lost", lost, [.after], "The task is accepted, later unknown.") { .task(.lost(after: $0)) },
        keyed("expired_url", span, [.after], "The download stops working this long after the end.") {
            .task(.expiredURL(after: $0))
        },
    ]

    /// A fault whose key holds all its numbers.
    private static func keyed<Value: Sendable>(
        _ key: String, _ form: Form<Value>, _ phases: Set<Fault.Phase>, _ about: String,
        _ make: @escaping @Sendable (Value) -> Fault.Kind
    ) -> Choice<WrittenFault>.Keyed {
        .init(
            key,
            .object("the fault \(key)") { fields in
                let value = fields.required(key, form, about)
                let phase = readPhase(&fields, of: key, phases)
                return value.map { WrittenFault(kind: make($0), phase: phase) }
            })
    }

    /// The phase beside a fault, which must be one that makes sense for it.
    private static func readPhase(_ fields: inout Fields, of key: String, _ phases: Set<Fault.Phase>) -> Fault.Phase? {
        let allowed = Fault.Phase.allCases.filter(phases.contains)
        let form = Form<Fault.Phase>(schema: .words(allowed.map(\.rawValue)), read: Forms.phase.read)
            .checked { phases.contains($0) ? nil : senseless($0, for: key, allowed) }
        return fields.optional("phase", form, "When the fault strikes.")
    }

    static func senseless(_ phase: Fault.Phase, for word: String, _ allowed: [Fault.Phase]) -> String {
        "phase \(phase.rawValue) makes no sense for \(word); allowed: "
            + allowed.map(\.rawValue).joined(separator: ", ")
    }

    private static let status = Form<WrittenFault>.object("the fault status") { fields in
        let status = readStatus(&fields)
        let phase = readPhase(&fields, of: "status", [.before, .after])
        return status.map { WrittenFault(kind: .status($0), phase: phase) }
    }

    /// A status without a phase, for requests that are turned away before any work.
    static let refusal = Form<StatusFault>.object("a refusal") { fields in readStatus(&fields) }

    private static func readStatus(_ fields: inout Fields) -> StatusFault? {
        let code = fields.required("status", integer(200...599, "a status"), "The status of the answer.")
        let retryAfter = fields.optional("retry_after", Forms.retryAfter, "Sent as Retry-After.")
        let body = fields.optional("body", statusBody, "The body; by default what is usual for the status.")
        let headers = fields.optional("headers", Forms.headers, "Further header fields.")
        return code.map {
            StatusFault(code: $0, body: body ?? .usual, headers: headers ?? [], retryAfter: retryAfter)
        }
    }

    private static let hang = Form<TimeSpan?>.object("hang") { fields in
        fields.required("limit", positiveSpan, "After this long the connection is closed.").map(TimeSpan?.some)
    }

    private static let slice = Form<Fault.Kind>.object("slice") { fields in
        let bytes = fields.required(
            "bytes", size.checked { $0 > 0 ? nil : "a piece has at least 1 byte" }, "The size of each piece.")
        let every = fields.required("every", span, "The pause between two pieces.")
        guard let bytes, let every else { return nil }
        return .slice(bytes: bytes, every: every)
    }
}
