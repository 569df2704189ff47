internal import ClipriseScenario
internal import ClipriseWire

/// One event as a journal keeps it: numbers only, in 112 bytes; its texts stand elsewhere.
///
/// The numbers that a sort of event does not have are 0, or `absent` where 0 would say something.
struct KeptEvent: Sendable {
    enum Sort: UInt8, Sendable {
        case exchange, settled, callback, money, clock
    }

    /// Where the texts stand among those of the chunk.
    struct Texts: Sendable {
        static let none = UInt16.max

        /// The hint of an exchange, the error of a callback.
        var words = none
        /// A method that has no name here.
        var method = none
        /// What the client calls the job.
        var job = none
    }

    private static let absent = Int64.min

    let at: Int64
    let realTime: Int64
    /// Credits set aside, taken, or moved; or the bytes of a whole file.
    private var credits: Int64 = 0
    /// The hash of a body, the credits given back, the nanoseconds that a clock was moved, or where a part of a file begins.
    private var bits: UInt64 = 0
    /// What a body means, or the name of a file's bytes.
    private var more: UInt64 = 0
    private var retryAfter = absent
    private var endedAt = absent
    private var endedRealTime = absent
    private var status: Int32 = -1
    private var model: Int32 = -1
    private var task: Int32 = -1
    private var attempt: Int32 = 0
    private var rule: Int32 = -1
    private var bytes: UInt32 = 0
    private(set) var texts = Texts()
    let sort: Sort
    private var operation = Operation.other
    private var method = Method.get
    private var clause: Clause?
    private var fate: Fate?
    private(set) var fault: FaultWord?
    private var faultPhase: FaultPhase?
    private(set) var outcome = ExchangeEvent.Outcome.completed
    private var shape = ExchangeEvent.Shape.none
    private var leaks = ExchangeEvent.Leak()
    private var movement = MoneyEvent.Kind.opening
    /// Whether a task ended well, or `Retry-After` was a date.
    private var flag = false
    /// Whether the answer carries a file, and whether its bytes are those of the file.
    private var hasFile = false
    private var isSound = false
    private var asksForFile = false

    private init(_ sort: Sort, at: Instant, realTime: Int64) {
        self.sort = sort
        self.at = at.nanoseconds
        self.realTime = realTime
    }

    /// - Parameter keep: Keeps a text and returns where.
    init(at: Instant, realTime: Int64, _ event: borrowing ExchangeEvent, keep: (String) -> UInt16) {
        self.init(.exchange, at: at, realTime: realTime)
        credits = event.held
        bits = event.bodyHash
        more = event.meaning
        asksForFile = event.asksForFile
        if let file = event.file { carry(file) }
        if let wait = event.retryAfter { retryAfter = wait.nanoseconds }
        if let end = event.endedAt { endedAt = end.nanoseconds }
        if let end = event.endedRealTime { endedRealTime = end }
        status = Int32(clamping: event.status)
        if let model = event.model { self.model = Int32(clamping: model) }
        if let task = event.task { self.task = Int32(clamping: task) }
        attempt = Int32(clamping: event.attempt)
        if let rule = event.rule { self.rule = Int32(clamping: rule) }
        bytes = UInt32(clamping: event.bytes)
        operation = event.operation
        clause = event.clause
        fate = event.fate
        outcome = event.outcome
        shape = event.shape
        leaks = event.leaks
        flag = event.retryAfterIsDate
        if let said = event.words {
            (fault, faultPhase) = (said.texts.fault, said.texts.faultPhase)
            if let hint = said.texts.hint { texts.words = keep(hint) }
            if let job = said.texts.job { texts.job = keep(job) }
        }
        method = Method(event.method)
        if case .extended(let name) = event.method { texts.method = keep(name) }
    }

    init(at: Instant, realTime: Int64, _ plain: borrowing PlainExchange) {
        self.init(.exchange, at: at, realTime: realTime)
        (endedAt, endedRealTime) = (at.nanoseconds, realTime)
        (credits, bits, more) = (plain.held, plain.bodyHash, plain.meaning)
        status = Int32(clamping: plain.status)
        model = Int32(clamping: plain.model)
        task = Int32(clamping: plain.task)
        attempt = Int32(clamping: plain.attempt)
        bytes = UInt32(clamping: plain.bytes)
        (operation, clause, fate) = (plain.operation, plain.clause, plain.fate)
        (shape, leaks) = (plain.shape, plain.leaks)
        method = plain.operation.isGenerate ? .post : plain.isHead ? .head : .get
    }

    /// In the places of numbers that only a generate has.
    private mutating func carry(_ file: FilePart) {
        hasFile = true
        isSound = file.isSound
        credits = Int64(file.size)
        bits = UInt64(bitPattern: Int64(file.start))
        more = file.entity
    }

    private var file: FilePart? {
        hasFile
            ? FilePart(entity: more, start: Int(Int64(bitPattern: bits)), size: Int(credits), isSound: isSound) : nil
    }

    /// Notes what an answer with a file turned out to be; nothing happens when the event is no exchange.
    mutating func amend(status: Int, shape: ExchangeEvent.Shape, bytes: Int, file: FilePart?) {
        guard sort == .exchange else { return }
        self.status = Int32(clamping: status)
        self.shape = shape
        self.bytes = UInt32(clamping: bytes)
        guard var file, operation != .generate else { return }
        if method == .head { file.isSound = false }
        carry(file)
    }

    /// - Parameter keep: Keeps a text and returns where.
    init(at: Instant, realTime: Int64, _ kind: JournalEvent.Kind, keep: (String) -> UInt16) {
        switch kind {
        case .exchange(let event):
            self.init(at: at, realTime: realTime, event, keep: keep)
        case .settled(let event):
            self.init(.settled, at: at, realTime: realTime)
            credits = event.captured
            bits = UInt64(bitPattern: event.released)
            model = Int32(clamping: event.model)
            task = Int32(clamping: event.task)
            flag = event.succeeded
        case .callback(let event):
            self.init(.callback, at: at, realTime: realTime)
            if let status = event.status { self.status = Int32(clamping: status) }
            task = Int32(clamping: event.task)
            attempt = Int32(clamping: event.attempt)
            fault = event.fault
            if let error = event.error { texts.words = keep(error) }
        case .money(let event):
            self.init(.money, at: at, realTime: realTime)
            credits = event.credits
            movement = event.kind
        case .clock(let span):
            self.init(.clock, at: at, realTime: realTime)
            bits = UInt64(bitPattern: span.nanoseconds)
        }
    }

    /// - Parameters:
    ///   - text: The text at a place; nil for none.
    ///   - warnings: Those of the body, which stand elsewhere.
    func kind(text: (UInt16) -> String?, warnings: [BodyWarning]) -> JournalEvent.Kind {
        switch sort {
        case .exchange:
            .exchange(
                ExchangeEvent(
                    operation: operation, method: method.whole(text(texts.method)), status: Int(status),
                    clause: clause, model: Self.position(model), task: Self.position(task), attempt: Int(attempt),
                    bodyHash: hasFile ? 0 : bits, meaning: hasFile ? 0 : more, job: text(texts.job), fate: fate,
                    rule: Self.position(rule), fault: fault,
                    faultPhase: faultPhase, held: hasFile ? 0 : credits,
                    retryAfter: retryAfter == Self.absent ? nil : TimeSpan(nanoseconds: retryAfter),
                    retryAfterIsDate: flag, shape: shape, bytes: Int(bytes), file: file, asksForFile: asksForFile,
                    leaks: leaks,
                    hint: text(texts.words), warnings: warnings,
                    outcome: outcome, endedAt: endedAt == Self.absent ? nil : Instant(nanoseconds: endedAt),
                    endedRealTime: endedRealTime == Self.absent ? nil : endedRealTime))
        case .settled:
            .settled(
                SettledEvent(
                    task: Int(task), model: Int(model), succeeded: flag, captured: credits,
                    released: Int64(bitPattern: bits)))
        case .callback:
            .callback(
                CallbackEvent(
                    task: Int(task), attempt: Int(attempt), status: statusOfCallback, fault: fault,
                    error: text(texts.words)))
        case .money: .money(MoneyEvent(kind: movement, credits: credits))
        case .clock: .clock(by: TimeSpan(nanoseconds: Int64(bitPattern: bits)))
        }
    }

    /// What an exchange looks like in a tally.
    var answer: JournalTally.Answer {
        JournalTally.Answer(operation: operation, status: Int(status), clause: clause)
    }

    /// The position of an exchange's model; nil when none is known.
    var modelOfExchange: Int? { Self.position(model) }

    /// Nil when a callback got no answer.
    var statusOfCallback: Int? { Self.position(status) }

    /// Notes how an exchange ended; nothing happens when it ended before.
    mutating func end(_ outcome: ExchangeEvent.Outcome, at: Instant, realTime: Int64) {
        guard sort == .exchange, self.outcome == .inFlight else { return }
        self.outcome = outcome
        endedAt = at.nanoseconds
        endedRealTime = realTime
        if outcome != .completed, fate == .accepted { fate = .answerLost }
    }

    private static func position(_ number: Int32) -> Int? { number < 0 ? nil : Int(number) }
}

extension KeptEvent {
    /// The methods that have a name.
    private enum Method: UInt8, Sendable {
        case get, head, post, put, patch, delete, options
        /// Stands among the texts.
        case other

        init(_ method: Request.Method) {
            switch method {
            case .get: self = .get
            case .head: self = .head
            case .post: self = .post
            case .put: self = .put
            case .patch: self = .patch
            case .delete: self = .delete
            case .options: self = .options
            case .extended: self = .other
            }
        }

        func whole(_ text: String?) -> Request.Method {
            switch self {
            case .get: .get
            case .head: .head
            case .post: .post
            case .put: .put
            case .patch: .patch
            case .delete: .delete
            case .options: .options
            case .other: .extended(text ?? "")
            }
        }
    }
}
