public import ClipriseForm
public import ClipriseScenario
public import ClipriseWire

/// One thing that happened to an account.
///
/// Names of models and rules are kept as positions; `JournalView` brings their texts.
public struct JournalEvent: Sendable, Hashable {
    /// 1-based, without gaps, in the order of happening.
    public var sequence: Int = 0
    /// On the account's clock.
    public var at: Instant
    /// On the machine's clock, in nanoseconds since 1970.
    public var realTime: Int64
    public var kind: Kind

    public enum Kind: Sendable, Hashable {
        /// A request of the client and its answer.
        case exchange(ExchangeEvent)
        /// A task ended, and its price was taken or given back.
        case settled(SettledEvent)
        /// One attempt to call the client's `callBackUrl`.
        case callback(CallbackEvent)
        /// Credits moved without a task.
        case money(MoneyEvent)
        /// A virtual clock was moved by hand, to `at`.
        case clock(by: TimeSpan)
    }
}

/// What became of the work that a generate asked for, as only the server knows it.
public enum Fate: String, Sendable, Hashable, CaseIterable {
    /// The connection ended before any work: to the client as if it had never been sent.
    case notSent = "not_sent"
    /// Answered with a refusal; nothing was made.
    case refused
    /// A task was made, and the answer said so.
    case accepted
    /// A task was made, and the answer that said so was lost, cut or spoilt.
    case answerLost = "accepted_answer_lost"
}

/// The part of a result file that an answer carries.
public struct FilePart: Sendable, Hashable {
    /// Names the bytes of the whole file: a hash of its entity tag.
    public var entity: UInt64
    /// Where the part begins in the file, in bytes; the answer's `bytes` say how long it is.
    public var start: Int
    /// Bytes of the whole file.
    public var size: Int
    /// Whether the bytes of the answer are those of the file: not when a fault changed some, nor for HEAD, which has none.
    public var isSound: Bool

    public init(entity: UInt64, start: Int, size: Int, isSound: Bool) {
        self.entity = entity
        self.start = start
        self.size = size
        self.isSound = isSound
    }
}

extension FilePart: Record {
    public static var blank: FilePart { FilePart(entity: 0, start: 0, size: 0, isSound: false) }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.number("entity", &entity, .hexadecimal)
        try visitor.integer("start", &start)
        try visitor.integer("size", &size)
        try visitor.flag("sound", &isSound)
    }
}

/// A request of the client and its answer; what its members say stands in `visit`, for users too.
public struct ExchangeEvent: Sendable, Hashable {
    public enum Outcome: String, Sendable, Hashable, CaseIterable, BitwiseCopyable {
        /// The answer is still owed.
        case inFlight = "in_flight"
        case completed
        /// The plan ended the connection, as a fault wanted.
        case aborted
        case clientLeft = "client_left"
        case timedOut = "timed_out"
        case stopped
    }

    public enum Shape: String, Sendable, Hashable, CaseIterable {
        /// No body, or one that is neither JSON nor a file.
        case none
        case object, array, file, broken
    }

    /// Where the client's key stood although it does not belong there.
    public struct Leak: OptionSet, Sendable, Hashable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Nowhere; quicker than the literal `[]`, which looks up types each time it is made.
        public init() { rawValue = 0 }
        /// In the URL of a generate.
        public static let target = Leak(rawValue: 1)
        /// In a body.
        public static let body = Leak(rawValue: 2)
        /// In a field other than `Authorization`.
        public static let field = Leak(rawValue: 4)

        fileprivate static let words: [(leak: Leak, word: String)] = [
            (.target, "target"), (.body, "body"), (.field, "field"),
        ]
    }

    public var operation: Operation
    public var method: Request.Method
    public var status: Int
    public var clause: Clause?
    /// Position in the catalogue; nil when no model is known.
    public var model: Int?
    /// 1-based position of the task in its account; nil when there is none.
    public var task: Int?
    public var attempt: Int
    /// 0 where it is no generate.
    public var bodyHash: UInt64
    /// 0 for a body that cannot be read, and where it is no generate.
    public var meaning: UInt64
    public var fate: Fate?
    /// Position of the rule that acted, in the order of their adding.
    public var rule: Int?
    public var held: Int64
    public var retryAfter: TimeSpan?
    /// Whether `Retry-After` was a date, which has whole seconds, rather than a number of them.
    public var retryAfterIsDate: Bool
    public var shape: Shape
    public var bytes: Int
    /// Nil also in journals of earlier versions.
    public var file: FilePart?
    /// Requests that are answered with the file are downloads, and do not.
    public var asksForFile: Bool
    public var leaks: Leak
    /// What most exchanges have nothing of; nil for those.
    public internal(set) var words: ExchangeWords?
    public var outcome: Outcome
    /// When the answer was out or the connection ended; nil while in flight.
    public var endedAt: Instant?
    public var endedRealTime: Int64?

    public init(
        operation: Operation, method: Request.Method = .get, status: Int, clause: Clause?, model: Int? = nil,
        task: Int? = nil, attempt: Int = 1, bodyHash: UInt64 = 0, meaning: UInt64 = 0, job: String? = nil,
        fate: Fate? = nil, rule: Int? = nil, fault: FaultWord? = nil, faultPhase: FaultPhase? = nil, held: Int64 = 0,
        retryAfter: TimeSpan? = nil, retryAfterIsDate: Bool = false,
        shape: Shape = .none, bytes: Int = 0, file: FilePart? = nil, asksForFile: Bool = false, leaks: Leak = Leak(),
        hint: String? = nil, warnings: [BodyWarning] = [], outcome: Outcome = .inFlight, endedAt: Instant? = nil,
        endedRealTime: Int64? = nil
    ) {
        self.operation = operation
        self.method = method
        self.status = status
        self.clause = clause
        self.model = model
        self.task = task
        self.attempt = attempt
        self.bodyHash = bodyHash
        self.meaning = meaning
        self.fate = fate
        self.rule = rule
        self.held = held
        self.retryAfter = retryAfter
        self.retryAfterIsDate = retryAfterIsDate
        self.shape = shape
        self.bytes = bytes
        self.file = file
        self.asksForFile = asksForFile
        self.leaks = leaks
        let isSilent = job == nil && fault == nil && faultPhase == nil && hint == nil && warnings.isEmpty
        // Set once: what is set twice is put together elsewhere, and copied.
        words =
            isSilent
            ? nil
            : ExchangeWords(
                ExchangeWords.Texts(job: job, fault: fault, faultPhase: faultPhase, hint: hint, warnings: warnings))
        self.outcome = outcome
        self.endedAt = endedAt
        self.endedRealTime = endedRealTime
    }
}

extension ExchangeEvent: Record {
    public static var blank: ExchangeEvent { ExchangeEvent(operation: .other, status: 0, clause: nil) }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.word("operation", &operation)
        try visitor.method(&method)
        visitor.about("0 when the connection ends without one.")
        try visitor.integer("status", &status, in: 0...999)
        visitor.about("The clause of the contract that answered; absent when a rule answered in its place.")
        try visitor.optional("clause", &clause)
        try visitor.optional("model", &model, in: .models)
        if visitor.has("task", task != nil) {
            var known = task ?? 0
            try visitor.task(&known)
            task = known
        }
        visitor.about("How often this body was sent, or this task asked for by this operation, this time included.")
        try visitor.integer("attempt", &attempt, in: 1...RecordRange.counts.upperBound)
        visitor.about("A hash of a generate's body.")
        try visitor.hash(ifSet: "bodyHash", &bodyHash)
        visitor.about("Equal for bodies that differ only in the order of keys, white space, seed or callBackUrl.")
        try visitor.hash(ifSet: "meaning", &meaning)
        var texts = words?.texts ?? ExchangeWords.Texts()
        visitor.about("What the client calls the job of a generate, in X-Cliprise-Mock-Job.")
        try visitor.optional("job", &texts.job)
        visitor.about("What became of the work that a generate asked for.")
        try visitor.optional("fate", &fate)
        visitor.about("The rule that acted.")
        try visitor.optional("rule", &rule, in: .rules)
        try visitor.optional("fault", &texts.fault)
        try visitor.optional("faultPhase", &texts.faultPhase)
        if !visitor.isView || visitor.has("held", held != 0) {
            visitor.about("Credits set aside by this very exchange.")
            try visitor.integer("held", &held, in: RecordRange.credits)
        }
        visitor.about("How long the answer asked the client to wait; negative for a date in the past.")
        try visitor.optional(TimeKey("retryAfter", "retryAfterNanoseconds"), &retryAfter)
        try visitor.flag(ifSet: "retryAfterIsDate", &retryAfterIsDate)
        try visitor.word("shape", &shape)
        visitor.about("Bytes of the planned body.")
        try visitor.integer("bytes", &bytes)
        visitor.about("What an answer with a file carries of it.")
        try visitor.optional("file", &file)
        visitor.about("Whether a poll asked for the file (download=true).")
        try visitor.flag(ifSet: "asksForFile", &asksForFile)
        visitor.about("Where the client's key stood although it does not belong there.")
        if visitor.has("leaks", !leaks.isEmpty) { try visitor.leaks(&leaks) }
        try visitor.optional("hint", &texts.hint)
        try visitor.records(ifAny: "warnings", &texts.warnings)
        if visitor.isReading { words = ExchangeWords(texts) }
        try visitor.word("outcome", &outcome)
        try visitor.optional(TimeKey("endedAt", "endedAtNanoseconds"), &endedAt)
        try visitor.optional(TimeKey("endedRealTime", "endedRealTimeNanoseconds"), date: &endedRealTime)
    }
}

extension RecordVisitor {
    fileprivate mutating func method(_ method: inout Request.Method) throws(Failure) {
        var text = method.description
        try self.text("method", &text)
        if isReading { method = Request.Method(text) }
    }

    /// A task with its id.
    fileprivate mutating func task(_ task: inout Int) throws(Failure) {
        try integer("task", &task, in: 1...RecordRange.counts.upperBound)
        try id("taskId", ofTask: task)
    }

    fileprivate mutating func leaks(_ leaks: inout ExchangeEvent.Leak) throws(Failure) {
        var words: [String] = []
        for (leak, word) in ExchangeEvent.Leak.words where leaks.contains(leak) { words.append(word) }
        try texts("leaks", &words)
        for word in words {
            let leak = ExchangeEvent.Leak.words.first { $0.word == word }?.leak
            try demand(leak != nil, "leaks", .said("\"\(word)\" is not known; known: target, body, field"))
            if let leak { leaks.insert(leak) }
        }
    }
}

public struct SettledEvent: Sendable, Hashable {
    /// 1-based position of the task in its account.
    public var task: Int
    public var model: Int
    public var succeeded: Bool
    /// Credits taken.
    public var captured: Int64
    /// Credits given back.
    public var released: Int64

    public init(
        task: Int, model: Int, succeeded: Bool, captured: Int64, released: Int64
    ) {
        self.task = task
        self.model = model
        self.succeeded = succeeded
        self.captured = captured
        self.released = released
    }
}

extension SettledEvent: Record {
    public static var blank: SettledEvent {
        SettledEvent(task: 0, model: 0, succeeded: false, captured: 0, released: 0)
    }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.task(&task)
        try visitor.name("model", &model, in: .models)
        try visitor.flag("succeeded", &succeeded)
        try visitor.integer("captured", &captured, in: RecordRange.credits)
        try visitor.integer("released", &released, in: RecordRange.credits)
    }
}

public struct CallbackEvent: Sendable, Hashable {
    public var task: Int
    /// 1-based.
    public var attempt: Int
    /// The receiver's status, or nil when none came.
    public var status: Int?
    /// The fault that the scenario put in, or nil.
    public var fault: FaultWord?
    /// Why no status came.
    public var error: String?

    public init(task: Int, attempt: Int, status: Int? = nil, fault: FaultWord? = nil, error: String? = nil) {
        self.task = task
        self.attempt = attempt
        self.status = status
        self.fault = fault
        self.error = error
    }
}

extension CallbackEvent: Record {
    public static var blank: CallbackEvent { CallbackEvent(task: 0, attempt: 1) }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.task(&task)
        try visitor.integer("attempt", &attempt, in: 1...RecordRange.counts.upperBound)
        try visitor.optional("status", &status, in: 0...999)
        try visitor.optional("fault", &fault)
        try visitor.optional("error", &error)
    }
}

public struct MoneyEvent: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case opening
        case topUp = "top_up"
        case adjustment
        /// A fault took the credits.
        case drain
    }

    public var kind: Kind
    /// What the movement does to the credits that can be spent.
    public var credits: Int64

    public init(kind: Kind, credits: Int64) {
        self.kind = kind
        self.credits = credits
    }
}

extension MoneyEvent: Record {
    public static var blank: MoneyEvent { MoneyEvent(kind: .opening, credits: 0) }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.word("movement", &kind)
        try visitor.integer("credits", &credits, in: RecordRange.credits)
    }
}
