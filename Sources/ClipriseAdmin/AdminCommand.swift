package import ClipriseEngine
package import ClipriseScenario
package import ClipriseWire

/// What an admin request asks for.
package enum AdminCommand: Sendable, Hashable {
    case health
    case ready
    case version
    case metrics
    case openAPI
    case page(AdminPage.File)
    case redirectToPage
    case catalog
    /// `GET models/ID`.
    case model(id: String)
    /// The scenarios that are built in.
    case scenarios
    case account(AccountCommand)
    case clock(key: [UInt8], ClockCommand)
    case task(id: TaskID, TaskCommand)
    case rule(RuleCommand)
    case journal(JournalCommand)
    case report(ReportCommand)
    case state(StateCommand)

    /// The credits of an account that is made without a number.
    package static let defaultCredits: Int64 = 10_000
    /// The longest label of an account, in bytes.
    package static let labelLimit = 256

    /// The longest message of a failed task, in bytes.
    package static let messageLimit = 4_000
}

/// What is asked of accounts.
package enum AccountCommand: Sendable, Hashable {
    /// `search` is what keys or labels have in them, whatever the case of its letters; nil for all.
    case list(ListPage, search: String?)
    /// `key` nil lets the server choose one.
    case create(key: [UInt8]?, label: String?, credits: Int64, ScenarioChoice?)
    case show(key: [UInt8])
    case remove(key: [UInt8])
    /// A positive amount is a top-up, a negative one an adjustment; never 0.
    case addCredits(key: [UInt8], amount: Int64)
    case ledger(key: [UInt8], ListPage)
    case tasks(key: [UInt8], ListPage)
    case showScenario(key: [UInt8])
    case follow(key: [UInt8], ScenarioChoice)
}

/// Which scenario an account is to follow.
package enum ScenarioChoice: Sendable, Hashable {
    /// One that the server was started with, or that is built in.
    case named(String)
    case given(Scenario)
}

/// What is asked of an account's clock.
package enum ClockCommand: Sendable, Hashable {
    case show
    /// Moves a virtual clock.
    case advance(by: TimeSpan)
    /// Moves a virtual clock until nothing is due any more.
    case runUntilIdle
    case freeze
    /// Goes by the rule of its scenario again, from the time that it shows.
    case unfreeze
    /// Follows the machine's clock.
    case becomeReal
    case becomeVirtual(tickPerPoll: TimeSpan, delays: ClockRule.Delays)
}

/// What is asked of one task.
package enum TaskCommand: Sendable, Hashable {
    case show
    /// Its result, made outside of journal, rules and counts.
    case file
    /// Ends it now; never with `processing`.
    case end(Account.Outcome)
}

/// What is asked of rules; `account` nil means every account that is there.
package enum RuleCommand: Sendable, Hashable {
    case list(account: [UInt8]?)
    /// A rule without a name gets one when it is added.
    case add(Rule, account: [UInt8]?, Place)
    case replace(id: Int, account: [UInt8], Rule)
    case remove(id: Int, account: [UInt8])

    /// Where a rule is put among those that are there.
    package enum Place: Sendable, Hashable {
        case first, last
        /// Before the rule of this id.
        case before(Int)
    }

    /// The name of rules that are fired: the one name that several may have.
    package static let shotName = "fired"
}

/// What is asked of journals.
package enum JournalCommand: Sendable, Hashable {
    case list(EventQuery, ListPage)
    /// Whole journals in a format for files.
    case export(account: [UInt8]?, ExportFormat)
    /// Events as they happen.
    case stream(account: [UInt8]?, StreamStart)
    /// Answers when `count` events are there, or when the time is over.
    case wait(EventQuery, count: Int, timeout: TimeSpan)

    /// The requests that reached no account; at most so many of the last.
    case unmatched(limit: Int)

    /// The most events that can be waited for.
    package static let waitLimit = 10_000
    /// The longest wait.
    package static let longestWait = TimeSpan.seconds(60)
}

/// Which events are meant.
package struct EventQuery: Sendable, Hashable {
    /// Nil for all accounts.
    package var account: [UInt8]?
    /// Of each account, only events with higher sequence numbers.
    package var after = 0
    package var filter = EventFilter()
    /// Whether what exchanges said is told with them.
    package var hasContents = true
}

/// Formats of whole journals.
package enum ExportFormat: String, Sendable, Hashable, CaseIterable {
    case jsonl, har
}

/// What is to be judged; `account` nil means every account that is there.
package enum ReportCommand: Sendable, Hashable {
    /// Only what is expected.
    case verify(account: [UInt8]?, [Expectation])
    /// `expectations` nil takes those of the scenarios in force; `isFinal` says that the clients are done, so that what they
    /// left behind is judged.
    case grade(account: [UInt8]?, expectations: [Expectation]?, isFinal: Bool, form: ReportForm = .json)
}

/// How an account's report is written.
package enum ReportForm: String, Sendable, Hashable, CaseIterable {
    case json, text
}

/// What is asked of the state of all accounts.
package enum StateCommand: Sendable, Hashable {
    /// `account` nil means all of them.
    case reset(ResetScope, account: [UInt8]?)
    case snapshot
    case restore(SnapshotDocument)
}

/// What a reset brings back to its start.
package enum ResetScope: String, Sendable, Hashable, CaseIterable {
    /// Accounts are as at the server's start, and others are gone.
    case all
    /// As `all`; with one account, that account alone.
    case accounts
    /// Tasks, credits and the ledger; they go together, for every task has its entries.
    case tasks
    /// Rules are those of the scenario, as if they had never acted; a revoked key works again.
    case rules
    case journal
    /// Clocks go by the rule of the scenario again; what they show never goes back.
    case clock
}
