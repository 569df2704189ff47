public import ClipriseWire

/// A scenario as written: accounts, lives of tasks, rules that inject faults, and what is expected of the client.
///
/// A value without behaviour; the engine follows it, the report reads its expectations.
public struct Scenario: Sendable, Hashable {
    public var name: String = ""
    /// One sentence for people.
    public var about: String = ""
    /// The seed of all draws; nil takes the host's.
    public var seed: UInt64?
    public var clock: ClockRule = ClockRule.real
    /// Which edition of the service is imitated; nil takes the host's.
    public var profile: ContractProfile?
    public var accounts: [AccountRule] = []
    /// When a price is taken (contract, CR-6).
    public var charge: ChargePolicy = ChargePolicy.onSuccess
    /// Tried in order; the first that matches a new task decides its life and outcome.
    public var tasks: [TaskRule] = []
    /// Tried in order; the first that matches a request acts.
    public var rules: [Rule] = []
    /// Whether and how finished tasks call `callBackUrl`; nil delivers nothing (contract, CB-1).
    public var callbacks: CallbackRule?
    /// What the service as a whole can take; nil is unlimited.
    public var capacity: Capacity?
    public var expectations: [Expectation] = []
    /// The file, or the name of the built-in scenario, for messages.
    public var source: String = ""
    /// Whether it is one of the library, so that `source` names no file of the user.
    public var isBuiltIn = false
    /// A hash of the bytes that the scenario was read from; equal texts have equal hashes.
    public var hash: UInt64 = 0 as UInt64

    public init(
        name: String = "", about: String = "", tasks: [TaskRule] = [], rules: [Rule] = [],
        expectations: [Expectation] = []
    ) {
        (self.name, self.about) = (name, about)
        (self.tasks, self.rules, self.expectations) = (tasks, rules, expectations)
    }

    /// The file of the user; nil for a scenario of the library, and for one that was not read.
    public var file: String? { isBuiltIn || source.isEmpty ? nil : source }
}

public enum ChargePolicy: String, Sendable, Hashable, CaseIterable {
    /// Held at acceptance, taken at success, given back at failure.
    case onSuccess = "on_success"
    /// Taken at acceptance, given back at failure.
    case onAccept = "on_accept"
}

// MARK: As written

extension Forms {
    /// The first key's value: the edition of the language.
    static let edition = "cliprise-mock/v1"

    /// The most elements of a scenario's lists.
    static let accountLimit = 20_000
    static let ruleLimit = 1000
    static let expectationLimit = 200

    static let scenario = Form<Scenario>.record("a scenario", Scenario(), visit)

    fileprivate static func visit(_ scenario: inout Scenario, _ fields: inout Fields) {
        _ = fields.required(
            "schema", Choice<Bool>(what: "the edition", words: [.init(edition, true)]).form, "Always the first key.")
        fields.optional("name", &scenario.name, name, "A short name; the file's by default.")
        fields.optional(
            "about", &scenario.about, text("a description", limit: 2000), "One sentence for people.", unless: "")
        fields.optional("seed", &scenario.seed, integer(0...UInt64.max), "The seed of all draws.")
        fields.optional("clock", &scenario.clock, clock, "Where time comes from; real by default.", unless: .real)
        fields.optional("profile", &scenario.profile, profile, "The edition of the service that is imitated.")
        fields.list(
            "accounts", &scenario.accounts, account, count: 0...accountLimit, "Accounts that exist from the start.")
        fields.optional(
            "charge", &scenario.charge, word("when to charge", ChargePolicy.self), "When a price is taken.",
            unless: .onSuccess)
        fields.list(
            "tasks", &scenario.tasks, task, count: 0...ruleLimit,
            "Lives and outcomes; the first line that matches decides.")
        fields.list(
            "rules", &scenario.rules, rule, count: 0...ruleLimit, "Faults; the first rule that matches acts.")
        fields.optional("callbacks", &scenario.callbacks, callbacks, "Delivers callbacks; without it none is.")
        fields.optional("capacity", &scenario.capacity, capacity, "What the service as a whole can take.")
        fields.list(
            "expect", &scenario.expectations, expectation, count: 0...expectationLimit, "What a good client does.")
        if let problem = scenario.accounts.problem { fields.fail(problem, atValueOf: "accounts") }
    }

    static let profile = Choice<ContractProfile>(
        what: "a profile",
        words: ContractProfile.allCases.map { .init($0.rawValue, $0) } + [.init("snapshot", .snapshot)]
    ).form
}

extension Scenario {
    /// The scenario as a file that reads back to the same scenario, but for places and hash: one line for each account,
    /// task rule, rule and expectation.
    public var text: String {
        var text = "schema: \(Forms.edition)\n"
        for member in Fields.members(of: self, Forms.visit) {
            switch member.value {
            case .value(let json): text += "\(member.key): \(json)\n"
            case .list(let elements): text += "\(member.key):\n" + elements.map { "  - \($0)\n" }.joined()
            }
        }
        return text
    }
}
