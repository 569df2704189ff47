public import ClipriseWire

/// One fault and when it strikes.
public struct Fault: Sendable, Hashable {
    public var kind: Kind
    /// `Kind.usualPhase` unless the file says otherwise.
    public var phase: Phase

    public init(_ kind: Kind, phase: Phase? = nil) {
        self.kind = kind
        self.phase = phase ?? kind.usualPhase
    }

    public typealias Phase = FaultPhase

    /// Behind a reference: faults are few and rarely made, and what carries one stays small without it.
    public indirect enum Kind: Sendable, Hashable {
        case status(StatusFault)
        /// HTTP 200 with no body, an oddity of the contract itself.
        case empty
        /// A late answer.
        case latency(Distribution)
        /// Silence until the client gives up or the limit is over, then a close. In phase `body` the head comes first.
        case hang(limit: TimeSpan?)
        /// FIN. In phase `body` after half of the body.
        case close
        /// RST. In phase `body` after half of the body.
        case reset
        /// A body at this many bytes a second.
        case throttle(bytesPerSecond: Int)
        /// A body in pieces of this many bytes, with a pause between.
        case slice(bytes: Int, every: TimeSpan)
        case truncate(Truncation)
        case corrupt(Corruption)
        case shape(Shape)
        case rateLimit(RateLimit)
        case runningLimit(RunningLimit)
        /// Decides the life of the task that this generate makes.
        case task(TaskFault)
        case account(AccountFault)
        /// Decides the callbacks of the task that this generate makes.
        case callback(CallbackFault)
    }
}

/// What is broken in an answer.
///
/// A body of another kind than `json`, `utf8` and `zip` are for gets a wrong first byte.
public enum Corruption: String, Sendable, Hashable, CaseIterable {
    /// JSON that does not parse.
    case json
    /// A byte that no UTF-8 has.
    case utf8
    /// A zip whose entry has a wrong CRC.
    case zip
    /// A `Content-Type` without a value that means anything, and a field with odd bytes.
    case header
    /// A wrong `Content-Type`.
    case type
}

/// The documented variants of an answer.
public enum Shape: String, Sendable, Hashable, CaseIterable {
    /// A bare object where an array is usual.
    case object
    /// An array where a bare object is usual.
    case array
}

public enum AccountFault: Sendable, Hashable {
    /// Leaves this many credits that can be spent, at once and for good.
    case drain(to: Int64)
    /// The key is refused from now on.
    case revoke
}

// MARK: Words

/// The words of faults, in scenarios, journals, reports, filters and metrics.
public enum FaultWord: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    // Of answers.
    case status, empty, latency, hang, close, reset, throttle, slice, truncate, corrupt, shape
    case rateLimit = "rate_limit"
    case runningLimit = "running_limit"
    // Of tasks; `fail` stands for callbacks too.
    case fail, stuck, slow, flap, lost
    case expiredURL = "expired_url"
    // Of accounts.
    case drain, revoke
    // Of callbacks: the word of the generate that decides them, then those of the attempts.
    case callback
    case drop, delay, duplicate, reorder
    case wrongSignature = "wrong_signature"

    public var description: String { rawValue }
}

/// When a fault strikes a request.
public enum FaultPhase: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// Instead of the work: no task is created, nothing is held.
    case before
    /// After the work: the task is created and its price held, then the answer suffers.
    case after
    /// While the body of the answer is on its way; the work is done.
    case body

    public var description: String { rawValue }
}

extension FaultWord {
    /// The phases that make sense; none for what only callbacks have.
    ///
    /// The first is the one that a file need not name.
    public var phases: [FaultPhase] {
        switch self {
        case .hang, .close, .reset: [.before, .after, .body]
        case .status, .empty: [.before, .after]
        case .latency: [.after, .body]
        case .rateLimit, .runningLimit, .drain, .revoke: [.before]
        case .shape, .fail, .stuck, .slow, .flap, .lost, .expiredURL, .callback: [.after]
        case .throttle, .slice, .truncate, .corrupt: [.body]
        case .drop, .delay, .duplicate, .reorder, .wrongSignature: []
        }
    }

    /// Whether an answer that went out whole may have lost or spoilt what it had to say.
    public var spoilsAnswer: Bool { [.truncate, .empty, .corrupt].contains(self) }
}

extension Fault.Kind {
    /// The phase that a file need not name.
    public var usualPhase: Fault.Phase { word.phases[0] }

    /// The word that names the fault in files, journals and metrics.
    public var word: FaultWord {
        switch self {
        case .status: .status
        case .empty: .empty
        case .latency: .latency
        case .hang: .hang
        case .close: .close
        case .reset: .reset
        case .throttle: .throttle
        case .slice: .slice
        case .truncate: .truncate
        case .corrupt: .corrupt
        case .shape: .shape
        case .rateLimit: .rateLimit
        case .runningLimit: .runningLimit
        case .task(let fault): fault.word
        case .account(.drain): .drain
        case .account(.revoke): .revoke
        case .callback: .callback
        }
    }
}

extension TaskFault {
    var word: FaultWord {
        switch self {
        case .fail: .fail
        case .stuck: .stuck
        case .slow: .slow
        case .flap: .flap
        case .lost: .lost
        case .expiredURL: .expiredURL
        }
    }
}

extension CallbackFault {
    /// The word in files and journals.
    public var word: FaultWord {
        switch self {
        case .drop: .drop
        case .delay: .delay
        case .duplicate: .duplicate
        case .reorder: .reorder
        case .fail: .fail
        case .wrongSignature: .wrongSignature
        }
    }
}

// MARK: As written

/// A fault as written: the phase may still come from beside it, and is none where it is the usual one.
struct WrittenFault: Sendable, Hashable {
    var kind: Fault.Kind
    var phase: Fault.Phase?

    var fault: Fault { Fault(kind, phase: phase) }
}

extension Fault {
    var written: WrittenFault { WrittenFault(kind: kind, phase: phase == kind.usualPhase ? nil : phase) }

    /// The fault as one line of JSON that reads back to the same fault; the phase is left out where it is the usual one.
    public var json: String { Forms.wholeFault.json(self) }
}

extension Forms {
    static let phase = word("a phase", Fault.Phase.self).named("phase")

    /// Any fault, as a word or as an object.
    static let fault = faultChoice.form.named("fault")

    static let faultChoice = Choice<WrittenFault>(
        what: "a fault",
        words: wordOnly.map { .init($0.word.rawValue, WrittenFault(kind: $0)) },
        keyed: [.init("status", status)] + answerFaults + taskFaults + [
            keyed(.drain, credits, "Leaves this many credits that can be spent.", { .account(.drain(to: $0)) }) {
                if case .account(.drain(let credits)) = $0 { credits } else { nil }
            },
            keyed(.callback, callbackFault, "What goes wrong with the callbacks of the task.", { .callback($0) }) {
                if case .callback(let fault) = $0 { fault } else { nil }
            },
        ])

    private static let wordOnly: [Fault.Kind] =
        [.empty, .hang(limit: nil), .close, .reset, .account(.drain(to: 0)), .account(.revoke)]
        + taskFaultWords.map { .task($0.value) }

    private static let answerFaults: [Choice<WrittenFault>.Keyed] = [
        keyed(.latency, distribution, "A late answer.", { .latency($0) }) {
            if case .latency(let length) = $0 { length } else { nil }
        },
        keyed(.hang, hang, "Silence, then a close.", { .hang(limit: $0) }) {
            if case .hang(let limit) = $0 { limit } else { nil }
        },
        keyed(.throttle, speed, "A body at this many bytes a second.", { .throttle(bytesPerSecond: $0) }) {
            if case .throttle(let bytes) = $0 { bytes } else { nil }
        },
        keyed(.slice, slice, "A body in pieces, with a pause between.", { .slice(bytes: $0.bytes, every: $0.every) }) {
            if case .slice(let bytes, let every) = $0 { (bytes, every) } else { nil }
        },
        keyed(.truncate, truncation, "Fewer bytes than promised.", { .truncate($0) }) {
            if case .truncate(let truncation) = $0 { truncation } else { nil }
        },
        keyed(
            .corrupt, word("what is corrupt", Corruption.self), "What is broken in the answer.", { .corrupt($0) }
        ) { if case .corrupt(let corruption) = $0 { corruption } else { nil } },
        keyed(.shape, word("a shape", Shape.self), "The other documented shape of the answer.", { .shape($0) }) {
            if case .shape(let shape) = $0 { shape } else { nil }
        },
        keyed(.rateLimit, rateLimit, "A quota; 429 beyond it.", { .rateLimit($0) }) {
            if case .rateLimit(let limit) = $0 { limit } else { nil }
        },
        keyed(.runningLimit, runningLimit, "So many tasks may run at once; 429 beyond it.", { .runningLimit($0) }) {
            if case .runningLimit(let limit) = $0 { limit } else { nil }
        },
    ]

    private static let taskFaults: [Choice<WrittenFault>.Keyed] = [
        keyed(
            .fail, failMessage, "The task ends as failed with this failMsg.", { .task(.fail(message: $0)) },
            back: \.task?.message),
        keyed(
            .slow, slowness, "The task takes this many times as long.", { .task(.slow($0)) }, back: \.task?.factor),
        keyed(
            .flap, flaps, "Success, then processing for this many polls, then success.", { .task(.flap(polls: $0)) },
            back: \.task?.polls),
        keyed(
            .lost, lost, "The task is accepted, later unknown.", { .task(.lost(after: $0)) },
            back: \.task?.unknownAfter),
        keyed(
            .expiredURL, span, "The download stops working this long after the end.",
            { .task(.expiredURL(after: $0)) }, back: \.task?.expiredAfter),
    ]

    /// A fault whose key holds all its numbers.
    private static func keyed<Value: Sendable>(
        _ word: FaultWord, _ form: Form<Value>, _ about: String,
        _ make: @escaping @Sendable (Value) -> Fault.Kind, back: @escaping @Sendable (Fault.Kind) -> Value?
    ) -> Choice<WrittenFault>.Keyed {
        .init(
            word.rawValue,
            .object("the fault \(word)") { fields in
                let value = fields.required(word.rawValue, form, about)
                let phase = readPhase(&fields, of: word)
                return value.map { WrittenFault(kind: make($0), phase: phase) }
            }.writing { fault in
                back(fault.kind).map { JSONFragment.object([(word.rawValue, form.json($0)), phaseMember(fault)]) }
            })
    }

    /// The phase beside a fault, which must be one that makes sense for it.
    private static func readPhase(_ fields: inout Fields, of word: FaultWord) -> Fault.Phase? {
        let form = Form<Fault.Phase>(schema: .words(word.phases.map(\.rawValue)), read: Forms.phase.read)
            .checked { word.phases.contains($0) ? nil : senseless($0, for: word) }
        return fields.optional("phase", form, "When the fault strikes.")
    }

    private static func phaseMember(_ fault: WrittenFault) -> (key: String, value: String?) {
        ("phase", fault.phase.map(phase.json))
    }

    static func senseless(_ phase: Fault.Phase, for word: FaultWord) -> String {
        "phase \(phase) makes no sense for \(word); allowed: "
            + word.phases.map(\.rawValue).joined(separator: ", ")
    }

    private static let status = Form<WrittenFault>.object("the fault status") { fields in
        var status = StatusFault(code: 503)
        visit(&status, &fields)
        let phase = readPhase(&fields, of: .status)
        return WrittenFault(kind: .status(status), phase: phase)
    }.writing { fault in
        guard case .status(let status) = fault.kind else { return nil }
        return JSONFragment.object(
            Fields.members(of: status, visit).map { ($0.key, $0.value.json) } + [phaseMember(fault)])
    }

    private static let hang = Form<TimeSpan>.record("hang", .zero) { limit, fields in
        fields.required("limit", &limit, positiveSpan, "After this long the connection is closed.")
    }

    private static let slice = Form<(bytes: Int, every: TimeSpan)>.record("slice", (0, .zero)) { slice, fields in
        fields.required(
            "bytes", &slice.bytes, size.checked { $0 > 0 ? nil : "a piece has at least 1 byte" },
            "The size of each piece.")
        fields.required("every", &slice.every, span, "The pause between two pieces.")
    }
}

extension Fault.Kind {
    fileprivate var task: TaskFault? { if case .task(let fault) = self { fault } else { nil } }
}
