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

        package init(isVirtual: Bool, now: Instant, tickPerPoll: TimeSpan, delays: ClockRule.Delays) {
            self.isVirtual = isVirtual
            self.now = now
            self.tickPerPoll = tickPerPoll
            self.delays = delays
        }
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

        package init(
            first: Int, aside: [Int], succeeded: Int, failed: Int, opening: Int64, entries: Int,
            carried: Ledger.Carried
        ) {
            self.first = first
            self.aside = aside
            self.succeeded = succeeded
            self.failed = failed
            self.opening = opening
            self.entries = entries
            self.carried = carried
        }
    }

    package struct Entry: Sendable, Hashable {
        package var kind: Ledger.Kind
        /// 0-based position; nil for a movement without a task.
        package var task: Int?
        package var credits: Int64
        package var at: Instant

        package init(kind: Ledger.Kind, task: Int?, credits: Int64, at: Instant) {
            self.kind = kind
            self.task = task
            self.credits = credits
            self.at = at
        }
    }

    /// The measures of a task's result; see `ResultShape`.
    package struct Shape: Sendable, Hashable {
        package var form: ResultSpec.Form
        package var width: Int
        package var height: Int
        package var seconds: Int
        package var count: Int
        package var hasSound: Bool

        package init(form: ResultSpec.Form, width: Int, height: Int, seconds: Int, count: Int, hasSound: Bool) {
            self.form = form
            self.width = width
            self.height = height
            self.seconds = seconds
            self.count = count
            self.hasSound = hasSound
        }
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
        package var shape: Shape
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

        package init(
            model: Int, row: Int, credits: Int64, acceptedAt: Instant, dueAt: Instant, outcome: TaskOutcome,
            polls: Int, downloads: Int, shape: Shape, prompt: String, callBackURL: String
        ) {
            self.model = model
            self.row = row
            self.credits = credits
            self.acceptedAt = acceptedAt
            self.dueAt = dueAt
            self.outcome = outcome
            self.polls = polls
            self.downloads = downloads
            self.shape = shape
            self.prompt = prompt
            self.callBackURL = callBackURL
        }
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

        package init(
            name: String, matched: Int, acted: Int, startedAt: Instant, window: Int64?, used: Int, passed: [Instant]
        ) {
            self.name = name
            self.matched = matched
            self.acted = acted
            self.startedAt = startedAt
            self.window = window
            self.used = used
            self.passed = passed
        }
    }

    package struct ActiveRule: Sendable, Hashable {
        package var id: Int
        package var rule: Rule

        package init(id: Int, rule: Rule) {
            self.id = id
            self.rule = rule
        }
    }

    /// A callback that is still to be made.
    package struct Callback: Sendable, Hashable {
        /// 0-based position of the task.
        package var task: Int
        package var attempt: Int
        package var due: Instant
        /// Whether the task's callback fault shapes it.
        package var hasFault: Bool

        package init(task: Int, attempt: Int, due: Instant, hasFault: Bool) {
            self.task = task
            self.attempt = attempt
            self.due = due
            self.hasFault = hasFault
        }
    }

    package struct BodyCount: Sendable, Hashable {
        package var hash: UInt64
        package var count: Int

        package init(hash: UInt64, count: Int) {
            self.hash = hash
            self.count = count
        }
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

    package init(key: [UInt8], seed: UInt64, scenarioName: String, scenarioHash: UInt64, clock: Clock) {
        self.key = key
        self.seed = seed
        self.scenarioName = scenarioName
        self.scenarioHash = scenarioHash
        self.clock = clock
    }
}

/// Why no account can be made from a snapshot.
package struct SnapshotBreach: Error, Sendable, Hashable {
    /// What does not fit, such as `ledger entry 5: …`.
    package var message: String

    package init(_ message: String) {
        self.message = message
    }
}
