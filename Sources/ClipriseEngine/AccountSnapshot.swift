package import ClipriseCatalog
package import ClipriseScenario
package import ClipriseWire

/// All that makes an account what it is, as plain values: it can be written down, and an account made from it again.
///
/// Answers that are on their way are not part of it, and of the journal only how many events there were.
package struct AccountSnapshot: Sendable, Hashable {
    package struct Clock: Sendable, Hashable {
        package var isVirtual: Bool
        package var now: Instant
        package var tickPerPoll: TimeSpan
        package var delays: ClockRule.Delays
    }

    /// What is not there any more of an account with a limit of tasks.
    package struct Dropped: Sendable, Hashable {
        /// The first position from which on all tasks are there.
        package var first: Int
        /// The positions before it of those that are there all the same, in order.
        package var aside: [Int]
        /// Tasks that were dropped, by how they ended.
        package var succeeded: Int
        package var failed: Int
        /// The credits that the account started with.
        package var opening: Int64
        /// How many entries of the ledger were dropped, and what they came to.
        package var entries: Int
        package var carried: Ledger.Carried
    }

    package struct Entry: Sendable, Hashable {
        package var kind: Ledger.Kind
        /// 0-based position; nil for a movement without a task.
        package var task: Int?
        package var credits: Int64
        package var at: Instant
    }

    package struct Task: Sendable, Hashable {
        /// Position in the catalogue, and the row of its price.
        package var model: Int
        package var row: Int
        package var credits: Int64
        package var acceptedAt: Instant
        /// The end of time for a task that does not end by the clock.
        package var dueAt: Instant
        package var outcome: TaskOutcome
        package var polls: Int
        package var downloads: Int
        package var shape: ResultShape
        package var prompt: String
        package var callBackURL: String
        /// How it goes wrong.
        package var fault: TaskFault?
        package var callbackFault: CallbackFault?
        /// Ends at this poll; nil for a task that ends by the clock.
        package var lifePolls: Int?
        package var flapPolls: Int?
        /// Whether the credits were taken at acceptance.
        package var isPaid = false
    }

    /// A rule that the account ever had, at the place of its id.
    package struct RuleState: Sendable, Hashable {
        package var name: String
        package var matched: Int
        package var acted: Int
        package var startedAt: Instant
        /// What a rate limit of the rule remembers.
        package var window: Int64?
        package var used: Int
        package var passed: [Instant]
    }

    package struct ActiveRule: Sendable, Hashable {
        package var id: Int
        package var rule: Rule
    }

    /// A callback that is still to be made.
    package struct Callback: Sendable, Hashable {
        /// 0-based position of the task.
        package var task: Int
        package var attempt: Int
        package var due: Instant
        /// Whether the task's callback fault shapes it.
        package var hasFault: Bool
    }

    package struct BodyCount: Sendable, Hashable {
        package var hash: UInt64
        package var count: Int
    }

    package var key: [UInt8]
    package var label: String?
    package var seed: UInt64
    package var scenarioName: String
    package var scenarioHash: UInt64
    package var clock: Clock
    /// When prices are taken.
    package var charge = ChargePolicy.onSuccess
    package var isRevoked = false
    package var dropped: Dropped?
    /// Of those that are there.
    package var ledger: [Entry] = []
    /// Those that are there, by position.
    package var tasks: [Task] = []
    package var ruleStates: [RuleState] = []
    package var rules: [ActiveRule] = []
    /// How often each rule of the scenario's tasks decided one; empty for never.
    package var taskRuleUses: [Int] = []
    /// By hash.
    package var bodyCounts: [BodyCount] = []
    package var callbacks: [Callback] = []
    /// Tasks whose first callback is held back until another one went out.
    package var reordered: [Int] = []
    package var eventTotal = 0
}

/// Why no account can be made from a snapshot.
package struct SnapshotBreach: Error, Sendable, Hashable {
    /// What does not fit, such as `ledger entry 5: …`.
    package var message: String

    package init(_ message: String) {
        self.message = message
    }
}
