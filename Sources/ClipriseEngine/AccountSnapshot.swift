public import ClipriseCatalog
public import ClipriseScenario
public import ClipriseWire

/// All that makes an account what it is, as plain values: it can be written down, and an account made from it again.
///
/// Answers that are on their way are not part of it, and of the journal only how many events there were.
public struct AccountSnapshot: Sendable, Hashable {
    public struct Clock: Sendable, Hashable {
        public var isVirtual: Bool
        public var now: Instant
        public var tickPerPoll: TimeSpan
        public var delays: ClockRule.Delays
    }

    /// What is not there any more of an account with a limit of tasks.
    public struct Dropped: Sendable, Hashable {
        /// The first position from which on all tasks are there.
        public var first: Int
        /// The positions before it of those that are there all the same, in order.
        public var aside: [Int]
        /// Tasks that were dropped, by how they ended.
        public var succeeded: Int
        public var failed: Int
        /// The credits that the account started with.
        public var opening: Int64
        /// How many entries of the ledger were dropped, and what they came to.
        public var entries: Int
        public var carried: Ledger.Carried
    }

    public struct Entry: Sendable, Hashable {
        public var kind: Ledger.Kind
        /// 0-based position; nil for a movement without a task.
        public var task: Int?
        public var credits: Int64
        public var at: Instant
    }

    public struct Task: Sendable, Hashable {
        /// Position in the catalogue, and the row of its price.
        public var model: Int
        public var row: Int
        public var credits: Int64
        public var acceptedAt: Instant
        /// The end of time for a task that does not end by the clock.
        public var dueAt: Instant
        public var outcome: TaskOutcome
        public var polls: Int
        public var downloads: Int
        public var shape: ResultShape
        public var prompt: String
        public var callBackURL: String
        /// How it goes wrong.
        public var fault: TaskFault?
        public var callbackFault: CallbackFault?
        /// Ends at this poll; nil for a task that ends by the clock.
        public var lifePolls: Int?
        public var flapPolls: Int?
        /// Whether the credits were taken at acceptance.
        public var isPaid = false
    }

    /// A rule that the account ever had, at the place of its id.
    public struct RuleState: Sendable, Hashable {
        public var name: String
        public var matched: Int
        public var acted: Int
        public var startedAt: Instant
        /// What a rate limit of the rule remembers.
        public var window: Int64?
        public var used: Int
        public var passed: [Instant]
    }

    public struct ActiveRule: Sendable, Hashable {
        public var id: Int
        public var rule: Rule
    }

    /// A callback that is still to be made.
    public struct Callback: Sendable, Hashable {
        /// 0-based position of the task.
        public var task: Int
        public var attempt: Int
        public var due: Instant
        /// Whether the task's callback fault shapes it.
        public var hasFault: Bool
    }

    public struct BodyCount: Sendable, Hashable {
        public var hash: UInt64
        public var count: Int
    }

    public var key: [UInt8]
    public var label: String?
    public var seed: UInt64
    public var scenarioName: String
    public var scenarioHash: UInt64
    public var clock: Clock
    /// When prices are taken.
    public var charge = ChargePolicy.onSuccess
    public var isRevoked = false
    public var dropped: Dropped?
    /// Of those that are there.
    public var ledger: [Entry] = []
    /// Those that are there, by position.
    public var tasks: [Task] = []
    public var ruleStates: [RuleState] = []
    public var rules: [ActiveRule] = []
    /// How often each rule of the scenario's tasks decided one; empty for never.
    public var taskRuleUses: [Int] = []
    /// By hash.
    public var bodyCounts: [BodyCount] = []
    public var callbacks: [Callback] = []
    /// Tasks whose first callback is held back until another one went out.
    public var reordered: [Int] = []
    public var eventTotal = 0
}

/// Why no account can be made from a snapshot.
public struct SnapshotBreach: Error, Sendable, Hashable {
    /// What does not fit, such as `ledger entry 5: …`.
    public var message: String

    public init(_ message: String) {
        self.message = message
    }
}
