public import ClipriseScenario
public import ClipriseWire

/// How often what happened, whether or not the events are still kept.
public struct JournalTally: Sendable, Hashable {
    /// Exchanges that look alike.
    public struct Answer: Sendable, Hashable {
        public var operation: Operation
        public var status: Int
        /// Nil when a rule answered.
        public var clause: Clause?
        /// Why the listener refused it before anyone looked at it, as a word; nil when it did not.
        public var refusal: String?

        public init(operation: Operation, status: Int, clause: Clause?, refusal: String? = nil) {
            self.operation = operation
            self.status = status
            self.clause = clause
            self.refusal = refusal
        }
    }

    /// Warnings that look alike.
    public struct Warned: Sendable, Hashable {
        /// Position of the model in the catalogue; nil when none is known.
        public var model: Int?
        /// Who states the rule.
        public var from: String
    }

    public private(set) var answers: [Answer: Int] = [:]
    /// Warnings of requests.
    public private(set) var warnings: [Warned: Int] = [:]
    public private(set) var faults: [FaultWord: Int] = [:]
    /// Attempts to call a client, by whether the receiver took them.
    public private(set) var callbacksTaken = 0
    public private(set) var callbacksFailed = 0
    /// Exchanges, of those whose events are still kept, whose answer is not out yet.
    public private(set) var inFlight = 0

    public init() {}

    mutating func add(_ answer: Answer, times: Int = 1) { answers[answer, default: 0] += times }

    mutating func add(fault: FaultWord) { faults[fault, default: 0] += 1 }

    mutating func add(_ warnings: [BodyWarning], model: Int?) {
        for warning in warnings { self.warnings[Warned(model: model, from: warning.from), default: 0] += 1 }
    }

    mutating func addInFlight() { inFlight += 1 }

    /// - Parameter status: Nil when the receiver gave none.
    mutating func addCallback(status: Int?) {
        if let status, (200..<300).contains(status) {
            callbacksTaken += 1
        } else {
            callbacksFailed += 1
        }
    }

    /// Adds an event that is not kept.
    mutating func add(_ kind: JournalEvent.Kind) {
        switch kind {
        case .exchange(let exchange):
            add(Answer(operation: exchange.operation, status: exchange.status, clause: exchange.clause))
            if let fault = exchange.fault { add(fault: fault) }
            add(exchange.warnings, model: exchange.model)
        case .callback(let callback): addCallback(status: callback.status)
        case .settled, .money, .clock: return
        }
    }

    public mutating func add(_ other: JournalTally) {
        answers.merge(other.answers, uniquingKeysWith: +)
        faults.merge(other.faults, uniquingKeysWith: +)
        warnings.merge(other.warnings, uniquingKeysWith: +)
        callbacksTaken += other.callbacksTaken
        callbacksFailed += other.callbacksFailed
        inFlight += other.inFlight
    }
}
