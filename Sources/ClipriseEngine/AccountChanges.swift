/// What of an account is not yet in its host's state file; accounts of a host without one keep no such list.
struct AccountChanges: Sendable {
    /// Positions of tasks that are new or changed; one may stand there twice.
    var tasks: [Int] = []
    /// Bodies that were counted.
    var bodies: [UInt64] = []
    /// Ledger entries that the file has.
    var savedEntries = 0
    /// Whether the file must forget all that it has of the account first.
    var isAnew = true
    /// How many tasks the file has, and how many it has when what is on its way has arrived.
    var savedTasks = 0
    var takenTasks = 0
    /// The first position from which on the file has all tasks.
    var savedFirst = 0
    /// Tasks before it that the file has and must forget.
    var dropped: [Int] = []
    /// Whether there is something, beside new tasks, that a client may not learn before it is in the file.
    var isUrgent = true
    /// Whether such a thing is on its way to the file.
    var isOnItsWay = false
    /// What the file has of the journal; nil when it is not to have it.
    var journal: SavedEvents?
    /// What the host saw last.
    var told = AccountNews.none

    mutating func touch(_ position: Int, isUrgent: Bool) {
        // A task that is polled again and again stands there once.
        if tasks.last != position { tasks.append(position) }
        if isUrgent { self.isUrgent = true }
    }
}

/// What a host with a state file should know of an account that was visited.
public enum AccountNews: Int, Sendable, Comparable {
    case none
    /// Something changed that time brings again by itself, or that no client learns.
    case minor
    /// Something changed that a client must not learn before it is in the file.
    case urgent

    public static func < (left: AccountNews, right: AccountNews) -> Bool { left.rawValue < right.rawValue }
}

/// What changed of an account since it was last saved, as bytes that a file can keep.
public struct AccountDelta: Sendable {
    /// What the ledger comes to.
    public struct Sums: Sendable, Hashable {
        public var available: Int64
        public var held: Int64
        public var captured: Int64
        public var paidIn: Int64
        public var entries: Int
        public var tasks: Int

        public init(
            available: Int64, held: Int64, captured: Int64, paidIn: Int64, entries: Int, tasks: Int
        ) {
            self.available = available
            self.held = held
            self.captured = captured
            self.paidIn = paidIn
            self.entries = entries
            self.tasks = tasks
        }

        init(_ ledger: Ledger, tasks: Int) {
            self.init(
                available: ledger.available, held: ledger.held, captured: ledger.captured, paidIn: ledger.paidIn,
                entries: ledger.entries.count, tasks: tasks)
        }
    }

    /// The account without its tasks, ledger and counted bodies.
    public var head: AccountSnapshot
    public var scenario: WorldScenario
    /// Whether what is saved of the account must be forgotten first.
    public var isAnew: Bool
    /// Positions of which the file must forget all tasks, before it gets those in `taskBytes`.
    public var droppedTasks = 0..<0
    /// Single ones.
    public var droppedAside: [Int] = []
    /// Positions and lengths of the tasks in `taskBytes`.
    public var tasks: [(position: Int, length: Int)] = []
    public var taskBytes: [UInt8] = []
    /// The number of the first entry in `ledger`.
    public var firstEntry: Int
    public var ledger: [UInt8] = []
    /// Entries before this number were dropped.
    public var droppedEntries = 0
    public var bodies: [AccountSnapshot.BodyCount] = []
    /// Nil when the file is not to have the journal.
    public var journal: JournalDelta?
    public var sums = Sums(available: 0, held: 0, captured: 0, paidIn: 0, entries: 0, tasks: 0)

    /// The length of each entry in `ledger`.
    public static let entryLength = Ledger.Entry.packedLength

    /// The place of a packed task's model; nil for one that is cut short.
    public static func place(ofTask bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= 34 else { return nil }
        return Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 32, as: UInt16.self)))
    }
}
