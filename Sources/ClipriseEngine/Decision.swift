package import ClipriseCatalog
internal import ClipriseJournal
package import ClipriseWire

/// What the engine decided for one request: the answer, and what to say of it.
package struct Decision: Sendable {
    package enum Answer: Sendable {
        case plan(ResponsePlan)
        /// The file of a finished task; the bytes are made outside the engine, then `FileAnswer` plans the answer.
        indirect case file(ResultSpec)
    }

    package var answer: Answer
    package var event: Event
    /// What a fault does to a file's answer once its bytes are there; the answer of a plan has been treated.
    package var treatment: Treatment?
    /// The exchange's number in its account's journal; nil when no account was found.
    package var sequence: Int?
    /// Whether the host is to report the end of the exchange with `Account.exchangeEnded`.
    package var isTracked = false

    package init(_ plan: ResponsePlan, _ event: Event) {
        answer = .plan(plan)
        self.event = event
    }

    package init(file: ResultSpec, _ event: Event) {
        answer = .file(file)
        self.event = event
    }
}

/// One exchange in facts, for the log.
package struct Event: Sendable {
    package var operation: Operation
    /// Nil when a rule answered instead of the contract.
    package var clause: Clause?
    /// The model's position in the catalogue.
    package var model: Int?
    /// The credits that a generate set aside, or the price of the task asked for.
    package var credits: Int64?
    package var task: TaskID?
    /// What a person should know, such as why a body was refused.
    package var hint: String?
    package var warnings: [Warning]
    /// The rule that acted, and the fault that struck, as in `lost-answer: close after`.
    package var fault: String?
    /// What was sent to us as a proxy for somebody else, as in `GET http://example.com/x`.
    package var foreign: String?

    package init(
        _ operation: Operation, _ clause: Clause?, model: Int? = nil, credits: Int64? = nil, task: TaskID? = nil,
        hint: String? = nil, warnings: [Warning] = []
    ) {
        self.operation = operation
        self.clause = clause
        self.model = model
        self.credits = credits
        self.task = task
        self.hint = hint
        self.warnings = warnings
    }

    /// Takes a key out of what repeats parts of a body.
    mutating func mask(_ key: [UInt8]) {
        let mask = SecretMask(key: key)
        hint = hint.map { mask.masked($0) }
        for index in warnings.indices {
            warnings[index].key = mask.masked(warnings[index].key)
            warnings[index].problem = mask.masked(warnings[index].problem)
        }
    }
}

extension BodyWarning {
    init(_ warning: Warning) {
        self.init(key: warning.key, problem: warning.problem, from: warning.from.rawValue)
    }
}
