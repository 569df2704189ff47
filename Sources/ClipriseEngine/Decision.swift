public import ClipriseCatalog
internal import ClipriseJournal
public import ClipriseWire

/// What the engine decided for one request: the answer, and what to say of it.
public struct Decision: Sendable {
    public enum Answer: Sendable {
        case plan(ResponsePlan)
        /// The file of a finished task; the bytes are made outside the engine, then `FileAnswer` plans the answer.
        indirect case file(ResultSpec)

        /// What the journal says of an answer; a file's is not known yet.
        struct Summary {
            /// 0 when the connection ends without one.
            var status = 200
            var endsBeforeHead = false
            var isPlain = false
            var byteCount = 0
            var shape = ExchangeEvent.Shape.file
        }

        var summary: Summary {
            switch self {
            case .plan(let plan):
                Summary(
                    status: plan.endsBeforeHead ? 0 : plan.status, endsBeforeHead: plan.endsBeforeHead,
                    isPlain: plan.isPlain, byteCount: plan.byteCount, shape: plan.shape)
            case .file: Summary()
            }
        }
    }

    public var answer: Answer
    public var event: DecisionEvent
    /// What a fault does to a file's answer once its bytes are there; the answer of a plan has been treated.
    public var treatment: Treatment? {
        get { held?.treatment }
        set { held = newValue.map(HeldTreatment.init) }
    }
    /// Most answers have none, so that it takes a word here.
    private var held: HeldTreatment?
    /// The exchange's number in its account's journal; nil when no account was found.
    public var sequence: Int?
    /// Whether the host must report the end of the exchange with `Account.exchangeEnded`.
    public var isTracked = false

    /// The answer that carries a file, as a fault leaves it.
    public func treated(_ whole: ResponsePlan) -> ResponsePlan { treatment?.applied(to: whole) ?? whole }

    public init(_ plan: ResponsePlan, _ event: DecisionEvent) {
        answer = .plan(plan)
        self.event = event
    }

    public init(file: ResultSpec, _ event: DecisionEvent) {
        answer = .file(file)
        self.event = event
    }
}

private final class HeldTreatment: Sendable {
    let treatment: Treatment

    init(_ treatment: Treatment) { self.treatment = treatment }
}

/// One exchange in facts, for the log.
public struct DecisionEvent: Sendable {
    public var operation: Operation
    /// Nil when a rule answered instead of the contract.
    public var clause: Clause?
    /// The model's position in the catalogue.
    public var model: Int?
    /// The credits that a generate set aside, or the price of the task asked for.
    public var credits: Int64?
    public var task: TaskID?
    /// What most exchanges have nothing of; nil for those.
    private var words: Words?

    private final class Words: Sendable {
        let hint: String?
        let warnings: [Warning]
        let fault: String?
        let foreign: String?

        init(_ hint: String?, _ warnings: [Warning], _ fault: String?, _ foreign: String?) {
            self.hint = hint
            self.warnings = warnings
            self.fault = fault
            self.foreign = foreign
        }
    }

    /// Whether there is a hint, a warning, a fault, or what was sent to us for somebody else.
    public var hasWords: Bool { words != nil }

    /// What a person should know, such as why a body was refused.
    public var hint: String? {
        get { words?.hint }
        set { words = Words(newValue, warnings, fault, foreign) }
    }

    public var warnings: [Warning] {
        get { words?.warnings ?? [] }
        set { words = Words(hint, newValue, fault, foreign) }
    }

    /// The rule that acted, and the fault that struck, as in `lost-answer: close after`.
    public var fault: String? {
        get { words?.fault }
        set { words = Words(hint, warnings, newValue, foreign) }
    }

    /// What was sent to us as a proxy for somebody else, as in `GET http://example.com/x`.
    public var foreign: String? {
        get { words?.foreign }
        set { words = Words(hint, warnings, fault, newValue) }
    }

    public init(
        _ operation: Operation, _ clause: Clause?, model: Int? = nil, credits: Int64? = nil, task: TaskID? = nil,
        hint: String? = nil, warnings: [Warning] = []
    ) {
        self.operation = operation
        self.clause = clause
        self.model = model
        self.credits = credits
        self.task = task
        if hint != nil || !warnings.isEmpty { words = Words(hint, warnings, nil, nil) }
    }

    /// Takes a key out of what repeats parts of a body.
    mutating func hide(_ mask: SecretMask) {
        guard let words else { return }
        if words.warnings.isEmpty, words.hint.map(mask.isClean) ?? true { return }
        var masked = words.warnings
        for index in masked.indices {
            masked[index].key = mask.masked(masked[index].key)
            masked[index].problem = mask.masked(masked[index].problem)
        }
        self.words = Words(words.hint.map { mask.masked($0) }, masked, words.fault, words.foreign)
    }
}

extension BodyWarning {
    init(_ warning: Warning) {
        self.init(key: warning.key, problem: warning.problem, from: warning.from.rawValue)
    }
}
