public import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

/// An account in numbers.
public struct AccountView: Sendable, Hashable {
    public var key: [UInt8]
    public var label: String?
    /// Credits not yet taken, those set aside included.
    public var credits: Int64
    public var held: Int64
    /// Credits that can be spent.
    public var available: Int64

    public init(_ account: Account) {
        key = account.key
        label = account.label
        credits = account.ledger.balance
        held = account.ledger.held
        available = account.ledger.available
    }

    func writeMembers(to writer: inout JSONWriter) {
        writer.member("key", String(decoding: key, as: UTF8.self))
        if let label { writer.member("label", label) }
        writer.member("credits", credits)
        writer.member("held", held)
        writer.member("available", available)
    }
}

/// An account with all that belongs to it, but the lists.
public struct AccountDetail: Sendable, Hashable {
    public var view: AccountView
    var captured: Int64
    var paidIn: Int64
    var taskCount: Int
    var succeeded: Int
    var failed: Int
    /// Of these, those that are kept no longer.
    var dropped: Int
    var clock: ClockView
    var scenarioName: String
    var scenarioHash: UInt64
    var seed: UInt64
    var isRevoked: Bool
    var eventTotal: Int
    var eventsKept: Int

    public init(_ account: Account) {
        view = AccountView(account)
        captured = account.ledger.captured
        paidIn = account.ledger.paidIn
        taskCount = account.taskCount
        succeeded = account.succeededCount
        failed = account.failedCount
        dropped = account.droppedTasks
        clock = ClockView(account)
        scenarioName = account.world.scenario.name
        scenarioHash = account.world.scenario.hash
        seed = account.world.seed
        isRevoked = account.world.isRevoked
        eventTotal = account.world.journal.total
        eventsKept = account.world.journal.count
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            view.writeMembers(to: &writer)
            writer.member("captured", captured)
            writer.member("paidIn", paidIn)
            writer.member("tasks") {
                $0.member("total", taskCount)
                $0.member("processing", taskCount - succeeded - failed)
                $0.member("succeeded", succeeded)
                $0.member("failed", failed)
                if dropped > 0 { $0.member("dropped", dropped) }
            }
            writer.member("clock") { clock.writeMembers(to: &$0) }
            writer.member("scenario") {
                $0.member("name", scenarioName)
                $0.member("hash", scenarioHash.hex)
            }
            writer.member("seed", seed)
            writer.member("revoked", isRevoked)
            writer.member("events") {
                $0.member("total", eventTotal)
                $0.member("kept", eventsKept)
                $0.member("evicted", eventTotal - eventsKept)
            }
        }
    }
}

/// What an account's clock says.
public struct ClockView: Sendable, Hashable {
    var isVirtual: Bool
    var now: Instant
    var tickPerPoll: TimeSpan
    var delays: ClockRule.Delays
    /// When anything happens next by itself; nil for never.
    var nextDue: Instant?

    /// - Parameter account: Settled: its latest instant is taken for now.
    public init(_ account: Account) {
        isVirtual = account.world.clock.isVirtual
        now = account.lastSeen
        tickPerPoll = account.world.clock.tickPerPoll
        delays = account.world.clock.delays
        nextDue = account.nextDue
    }

    func writeMembers(to writer: inout JSONWriter) {
        writer.member("mode", isVirtual ? "virtual" : "real")
        writer.member("now", seconds: now)
        writer.member("tickPerPoll", seconds: Instant(nanoseconds: tickPerPoll.nanoseconds))
        writer.member("delays", delays.rawValue)
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writeMembers(to: &writer)
            writer.key("nextDue")
            if let nextDue { writer.seconds(nextDue) } else { writer.null() }
        }
    }
}
