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

/// An account with all that belongs to it, but the lists, as it was when it was looked at.
public struct AccountDetail: Sendable, Hashable {
    let json: [UInt8]

    public init(_ account: Account) {
        let (ledger, journal) = (account.ledger, account.world.journal)
        json = JSONWriter.object { writer in
            AccountView(account).writeMembers(to: &writer)
            writer.member("captured", ledger.captured)
            writer.member("paidIn", ledger.paidIn)
            writer.member("tasks") {
                $0.member("total", account.taskCount)
                $0.member("processing", account.taskCount - account.succeededCount - account.failedCount)
                $0.member("succeeded", account.succeededCount)
                $0.member("failed", account.failedCount)
                if account.droppedTasks > 0 { $0.member("dropped", account.droppedTasks) }
            }
            writer.member("clock") { ClockView.writeMembers(of: account, to: &$0) }
            writer.member("scenario") {
                $0.member("name", account.world.scenario.name)
                $0.member("hash", account.world.scenario.hash.hex)
            }
            writer.member("seed", account.world.seed)
            writer.member("revoked", account.world.isRevoked)
            writer.member("events") {
                $0.member("total", journal.total)
                $0.member("kept", journal.count)
                $0.member("evicted", journal.total - journal.count)
            }
        }
    }
}

/// What an account's clock said when it was looked at.
public struct ClockView: Sendable, Hashable {
    let json: [UInt8]

    /// - Parameter account: Settled: its latest instant is taken for now.
    public init(_ account: Account) {
        json = JSONWriter.object { writer in
            Self.writeMembers(of: account, to: &writer)
            writer.key("nextDue")
            if let nextDue = account.nextDue { writer.seconds(nextDue) } else { writer.null() }
        }
    }

    fileprivate static func writeMembers(of account: Account, to writer: inout JSONWriter) {
        let clock = account.world.clock
        writer.member("mode", clock.isVirtual ? "virtual" : "real")
        writer.member("now", seconds: account.lastSeen)
        writer.member("tickPerPoll", seconds: Instant(nanoseconds: clock.tickPerPoll.nanoseconds))
        writer.member("delays", clock.delays.rawValue)
    }
}
