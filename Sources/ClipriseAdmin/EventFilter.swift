public import ClipriseEngine
public import ClipriseJournal
public import ClipriseScenario
public import ClipriseWire

/// What an event must be; all that is given must hold.
public struct EventFilter: Sendable, Hashable {
    public enum Task: Sendable, Hashable {
        case id(TaskID)
        /// 1-based position in its account.
        case ordinal(Int)
    }

    public enum Struck: Sendable, Hashable {
        case any
        case word(FaultWord)

        func matches(_ fault: FaultWord?) -> Bool {
            switch self {
            case .any: fault != nil
            case .word(let word): fault == word
            }
        }
    }

    public var onlyExchanges = false
    public var operation: Operation?
    public var status: Int?
    public var clause: Clause?
    public var fault: Struck?
    public var rule: String?
    public var model: String?
    public var task: Task?

    public init() {}

    /// - Parameter names: Of the account whose event it is.
    public func matches(_ event: JournalEvent, _ names: EventNames) -> Bool {
        switch event.kind {
        case .exchange(let exchange):
            if let operation, exchange.operation != operation { return false }
            if let status, exchange.status != status { return false }
            if let clause, exchange.clause != clause { return false }
            if let fault, !fault.matches(exchange.fault) { return false }
            if let rule, exchange.rule.map(names.rule) != rule { return false }
            return hasModel(exchange.model, names) && hasTask(exchange.task, names)
        case .settled(let settled):
            return mayBeOther && hasModel(settled.model, names) && hasTask(settled.task, names)
        case .callback(let callback):
            if let status, callback.status != status { return false }
            if let fault, !fault.matches(callback.fault) { return false }
            guard !onlyExchanges, operation == nil, clause == nil, rule == nil, model == nil else { return false }
            return hasTask(callback.task, names)
        case .money, .clock: return mayBeOther && model == nil && task == nil
        }
    }

    /// Whether nothing is asked for that only exchanges have.
    private var mayBeOther: Bool {
        !onlyExchanges && operation == nil && status == nil && clause == nil && fault == nil && rule == nil
    }

    private func hasModel(_ position: Int?, _ names: EventNames) -> Bool {
        guard let model else { return true }
        return position.map(names.model) == model
    }

    private func hasTask(_ ordinal: Int?, _ names: EventNames) -> Bool {
        switch task {
        case nil: true
        case .ordinal(let wanted)?: ordinal == wanted
        case .id(let id)?: ordinal.map { names.id($0) == id } ?? false
        }
    }
}

/// What the positions in an account's events stand for.
public struct EventNames: Sendable {
    private let models: [String]
    private let rules: [String]
    private let ids: TaskIDs

    /// - Parameter models: The ids of the catalogue, by position.
    public init(_ account: Account, models: [String]) {
        self.models = models
        rules = account.world.rules.names
        ids = account.ids
    }

    func model(_ position: Int) -> String { models.indices.contains(position) ? models[position] : "" }
    func rule(_ position: Int) -> String { rules.indices.contains(position) ? rules[position] : "" }
    func id(_ ordinal: Int) -> TaskID { ids.id(of: ordinal - 1) }
}
