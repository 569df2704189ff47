internal import ClipriseClient
internal import ClipriseEngine
internal import ClipriseJournal

/// One job of a simulated client while it runs.
struct RunningJob: Sendable {
    var machine: JobMachine
    var generator: SplitMix64
    /// When it began; nanoseconds.
    var startedAt: Int64
    /// When it came; before it began where its client had no room for it.
    var arrivedAt: Int64
    /// 0-based, in the order of arrival.
    var ordinal: Int32
    var client: Int32
    var account: Int32
    /// Position in the mix of jobs.
    var kind: Int32
    /// The path and query of its status polls; empty before a task is known.
    var statusTarget: [UInt8] = []
    /// What its polls ask, read once; nil before the first.
    var poll: Ask?
    /// The position in its account of the task that it knows; -1 for none.
    var task: Int32 = -1
    /// Counts its requests, so that what comes late is known to be late.
    var exchange: UInt32 = 0
    /// Requests so far, and the polls among them.
    var calls: Int32 = 0
    var polls: Int32 = 0
    /// When it saw that its task had ended; -1 before.
    var seenAt: Int64 = -1
    /// Of the machine's retries, those that were sent.
    var retriesSent: Int32 = 0
    /// Connections of its client that it holds, and whether its call is a trial of the breaker.
    var connections: Int8 = 0
    var isTrial = false
    /// The answer that is on its way.
    var pending: Pending?

    /// An answer that takes time.
    struct Pending: Sendable {
        var answer: Answer
        /// When it comes; nanoseconds.
        var at: Int64
        /// The exchange's number in the journal of its account, and how it ends; nil where no journal is kept.
        var ending: Ending?
    }

    mutating func move(now: Int64) -> JobMachine.Move {
        machine.move(now: now - startedAt, using: &generator)
    }

    mutating func receive(_ answer: Answer, now: Int64) {
        machine.receive(answer, now: .nanoseconds(now - startedAt))
    }

    /// When it gives up a request that it sends now.
    func limit(now: Int64) -> (patience: Int64, limit: Int64) {
        let patience = machine.patience(now: .nanoseconds(now - startedAt)).nanoseconds
        return (patience, now &+ patience)
    }
}

extension Duration {
    /// Whole nanoseconds; the client's lengths fit.
    var nanoseconds: Int64 { Int64(clamping: attoseconds / 1_000_000_000) }
}

/// A request that waits before the service.
struct QueuedRequest: Sendable {
    var job: Int32
    /// The number of the request in its job.
    var exchange: UInt32
    var call: CallKind
    /// The first byte of the file that a download wants.
    var from: Int
    var account: Int32
    var client: Int32
    var kind: Int32
    var ordinal: Int32
    var target: [UInt8]
    var limit: Int64
    var patience: Int64
    /// When the service has worked on it.
    var end: Int64
    /// Whether the service had no room for it.
    var isRejected = false
}

enum CallKind: UInt8, Sendable {
    case generate, status, download
}

/// How an exchange that takes time ends, for the journal of its account.
struct Ending: Sendable {
    var account: Int
    var sequence: Int
    var outcome: ExchangeEvent.Outcome
}
