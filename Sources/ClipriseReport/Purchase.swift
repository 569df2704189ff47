internal import ClipriseJournal

/// A task that was made for a client, and what became of its price.
struct Purchase {
    /// What the client got for the price.
    enum End: Hashable {
        /// The whole file.
        case delivered
        /// The task failed; nothing was taken.
        case refunded
        /// The client never learnt that there is a task.
        case unknown
        /// The service withdrew it: an id or key that is no longer known, or another refusal that no retry changes.
        case withdrawn
        /// The client did all that can be asked, and the service never gave the file.
        case hopeless
        /// It is too early to say.
        case open
        /// Nothing, though there was something to have.
        case wasted(Waste)
    }

    /// Why a price bought nothing, in the order of reports.
    enum Waste: Int, CaseIterable {
        case neverAsked, failedPoll, running, notFetched, spoilt, expired

        var words: String {
            switch self {
            case .neverAsked: "never asked for"
            case .failedPoll: "given up after a failed request"
            case .running: "given up while running"
            case .notFetched: "succeeded and never fetched"
            case .spoilt: "fetched cut or damaged only"
            case .expired: "fetched after its link had expired"
            }
        }

        var change: String {
            switch self {
            case .neverAsked:
                "Read the taskId of every accepted generate, poll it to its end, and fetch the file: a task that nobody asks "
                    + "for costs the same"
            case .failedPoll:
                "Poll again, after a growing pause, when a poll or a download fails (5xx, a lost connection, an answer that "
                    + "cannot be read): the task is paid for and goes on, and asking costs nothing"
            case .running:
                "Take 300 for \"not yet\", whatever its body says, and poll on until success or failed; what comes with 300 is "
                    + "never the file, even with download=true"
            case .notFetched: "When status says success, GET its fileURL and keep the bytes"
            case .spoilt:
                "Check what was downloaded (its length against Content-Length, a zip's sums, the end of a picture), and fetch "
                    + "it again when it is cut or damaged"
            case .expired: "Fetch a file as soon as its task has succeeded: links stop working"
            }
        }
    }

    let task: Int
    /// The generate that made it, as a position in the attempts.
    let generate: Int
    let price: Int64
    /// The polls and downloads of it, in order.
    let asks: [Int]
    var end: End

    var wasted: Waste? { if case .wasted(let waste) = end { waste } else { nil } }
    /// Whether the client has, or was told, all that there is of it.
    var isDone: Bool { end == .delivered || end == .refunded || end == .withdrawn }
}

/// What the client meant by a generate: its job, if it names it, and what it asks for.
struct Errand: Hashable {
    let job: String?
    let meaning: UInt64

    /// Nil when there is nothing to tell generates apart by.
    init?(_ exchange: ExchangeEvent) {
        meaning = exchange.meaning != 0 ? exchange.meaning : exchange.bodyHash
        guard meaning != 0 else { return nil }
        job = exchange.job
    }
}
