package import ClipriseWire

/// A scenario as written: accounts, lives of tasks, rules that inject faults, and what is expected of the client.
///
/// A value without behaviour; the engine follows it, the report reads its expectations.
package struct Scenario: Sendable, Hashable {
    package var name: String
    /// One sentence for people.
    package var about: String
    /// The seed of all draws; nil takes the host's.
    package var seed: UInt64?
    package var clock: ClockRule
    /// Which edition of the service is imitated; nil takes the host's.
    package var profile: ContractProfile?
    package var accounts: [AccountRule]
    /// When a price is taken (contract, CR-6).
    package var charge: ChargePolicy
    /// Tried in order; the first that matches a new task decides its life and outcome.
    package var tasks: [TaskRule]
    /// Tried in order; the first that matches a request acts.
    package var rules: [Rule]
    /// Whether and how finished tasks call `callBackUrl`; nil delivers nothing (contract, CB-1).
    package var callbacks: CallbackRule?
    /// What the service as a whole can take; nil is unlimited.
    package var capacity: Capacity?
    package var expectations: [Expectation]
    /// The file, or the name of the built-in scenario, for messages.
    package var source: String
    /// Whether it is one of the library, so that `source` names no file of the user.
    package var isBuiltIn = false
    /// A hash of the bytes that the scenario was read from; equal texts have equal hashes.
    package var hash: UInt64

    package init(
        name: String = "", about: String = "", seed: UInt64? = nil, clock: ClockRule = .real,
        profile: ContractProfile? = nil, accounts: [AccountRule] = [], charge: ChargePolicy = .onSuccess,
        tasks: [TaskRule] = [], rules: [Rule] = [], callbacks: CallbackRule? = nil, capacity: Capacity? = nil,
        expectations: [Expectation] = [], source: String = "", hash: UInt64 = 0
    ) {
        self.name = name
        self.about = about
        self.seed = seed
        self.clock = clock
        self.profile = profile
        self.accounts = accounts
        self.charge = charge
        self.tasks = tasks
        self.rules = rules
        self.callbacks = callbacks
        self.capacity = capacity
        self.expectations = expectations
        self.source = source
        self.hash = hash
    }

    /// The file of the user; nil for a scenario of the library, and for one that was not read.
    package var file: String? { isBuiltIn || source.isEmpty ? nil : source }
}

/// Where time comes from for each account of a scenario.
package enum ClockRule: Sendable, Hashable {
    case real
    /// Stands still until something moves it.
    ///
    /// `tickPerPoll` is the step that each status poll moves it, before the poll is answered; zero for none. `delays`
    /// says what a pause inside an answer does.
    case virtual(tickPerPoll: TimeSpan, delays: Delays)

    package enum Delays: String, Sendable, Hashable, CaseIterable {
        /// The answer waits until the clock was moved past it: for tests that move the clock themselves.
        case hold
        /// The pause moves the clock and the answer leaves at once: for clients that only wait for their answer.
        case pass
    }
}

/// Accounts that exist from the start.
package struct AccountRule: Sendable, Hashable {
    /// The key, or with `count` the beginning of the keys `KEY1` … `KEYn`.
    package var key: String
    /// Nil makes one account with exactly this key.
    package var count: Int?
    package var credits: Int64

    package init(key: String, count: Int? = nil, credits: Int64) {
        self.key = key
        self.count = count
        self.credits = credits
    }
}

package enum ChargePolicy: String, Sendable, Hashable, CaseIterable {
    /// Held at acceptance, taken at success, given back at failure.
    case onSuccess = "on_success"
    /// Taken at acceptance, given back at failure.
    case onAccept = "on_accept"
}

/// What the service as a whole can take; requests beyond it wait, and beyond the queue get 503.
package struct Capacity: Sendable, Hashable {
    /// Requests worked on at once.
    package var concurrency: Int
    /// How long each takes to be worked on.
    package var service: Distribution
    /// Requests that may wait; a further one is turned away.
    package var queue: Int
    /// The answer to a request that is turned away.
    package var refusal: StatusFault

    package init(
        concurrency: Int, service: Distribution, queue: Int, refusal: StatusFault = StatusFault(code: 503)
    ) {
        self.concurrency = concurrency
        self.service = service
        self.queue = queue
        self.refusal = refusal
    }
}
