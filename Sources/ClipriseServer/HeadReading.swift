internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseWire
internal import MicroHTTPD

/// What a head asks for and of whom, kept while its connection sends no other: a client that polls sends the same head
/// each time.
///
/// What follows from the head alone stays true. What accounts and tasks decide is looked at anew, and only how the log
/// told the last answer is kept with what that depends on.
final class HeadReading: Sendable {
    let head: Engine.KeyedHead
    let cell: AccountCell
    /// Where the key stands in the head though it should not; nil when nobody wants to know.
    let leaks: ExchangeEvent.Leak?
    /// Where the callback of a generate says that the file is, when that is not our own address.
    let unusualBase: [UInt8]?
    /// How often keys had come to mean another account when the cell was found.
    private let changes: Int
    /// The last answer in the log's words.
    let line: KnownLine?

    init(
        _ head: Engine.KeyedHead, _ cell: AccountCell, _ leaks: ExchangeEvent.Leak?, unusualBase: [UInt8]?,
        changes: Int, line: KnownLine? = nil
    ) {
        self.head = head
        self.cell = cell
        self.leaks = leaks
        self.unusualBase = unusualBase
        self.changes = changes
        self.line = line
    }

    /// Whether the cell is still that of its key.
    func isTrue(of directory: AccountDirectory) -> Bool { changes == directory.changes }

    func reporting(_ line: KnownLine) -> HeadReading {
        HeadReading(head, cell, leaks, unusualBase: unusualBase, changes: changes, line: line)
    }
}

extension HandlerMemory {
    /// What the server keeps of a head.
    var known: HeadReading? { reading as? HeadReading }

    /// What the server keeps of all requests of a loop.
    var ofLoop: LoopMemory {
        mutating get {
            if let memory = shared as? LoopMemory { return memory }
            let memory = LoopMemory()
            shared = memory
            return memory
        }
    }
}

/// What the server keeps for the requests of one loop, on its thread.
final class LoopMemory {
    /// Of the bodies that came.
    let forms = BodyForms()
    /// Whose the last accepted generate was, and its model.
    private var last: (key: [UInt8], model: Int?) = ([], nil)
    /// The same in the log's words, from the second such generate in succession on.
    private var line: KnownLine?

    /// The words for a generate of an account, when the last ones fit.
    func line(of decision: borrowing Decision, _ cell: AccountCell, status: Int, label: String?) -> KnownLine? {
        guard let line, last.key == cell.key, line.fits(decision, status: status, label: label) else { return nil }
        return line
    }

    /// Keeps the words for an accepted generate.
    func note(_ decision: borrowing Decision, _ cell: AccountCell, _ words: () -> KnownLine?) {
        let this = (key: cell.key, model: decision.event.model)
        line = this == last ? words() : nil
        last = this
    }
}

/// A line of the log but for its time, and what it was made of.
///
/// Who polls is answered alike again and again, so that the line is put together once and copied then; of generates each
/// makes another task, whose id is put in.
final class KnownLine: Sendable {
    let level: LogSettings.Level
    /// Behind the time of day.
    let rest: [UInt8]
    /// Where in `rest` the id of the task stands that each such exchange has anew; nil where it is always the same.
    let taskAt: Int?
    private let status: Int
    private let clause: Clause?
    private let model: Int?
    private let credits: Int64?
    private let task: TaskID?
    private let label: String?

    /// - Parameter rest: The line behind the time of day, of an event without words.
    init(_ event: DecisionEvent, status: Int, label: String?, level: LogSettings.Level, rest: [UInt8]) {
        self.level = level
        self.rest = rest
        self.status = status
        self.label = label
        (clause, model, credits, task) = (event.clause, event.model, event.credits, event.task)
        let id = event.operation.isGenerate ? event.task.map { ByteSearch(Array($0.description.utf8)) } : nil
        taskAt = id.flatMap { id in rest.withUnsafeBufferPointer { id.first(in: $0) } }
    }

    /// Whether an answer to the same head would be reported in the same words.
    func fits(_ decision: borrowing Decision, status: Int, label: String?) -> Bool {
        !decision.event.hasWords && status == self.status && decision.event.clause == clause
            && decision.event.model == model && decision.event.credits == credits
            && (taskAt == nil ? decision.event.task == task : decision.event.task != nil) && label == self.label
    }
}
