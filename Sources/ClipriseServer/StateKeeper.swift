package import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseLocks
package import ClipriseScenario
package import ClipriseState
internal import Dispatch

/// When what a client gets to know must be in the state file.
package enum StateSync: String, Sendable, Hashable, CaseIterable {
    /// Before the client gets its answer.
    case always
    /// At most a second later.
    case second
}

/// Keeps the accounts of a server in a state file.
///
/// Accounts say that they changed; a thread of its own asks them for what changed, and saves what came together in one
/// commit. Answers that report a change wait here until it is on the disk.
package final class StateKeeper: Sendable {
    /// How long an answer waits for a disk that takes nothing, before it becomes a 503.
    ///
    /// In nanoseconds.
    private static let patience: UInt64 = 5_000_000_000
    /// How often a disk that takes nothing is tried again.
    private static let pause = DispatchTimeInterval.milliseconds(200)
    /// How long a change waits that nobody waits for; with the commit itself it is less than a second.
    private static let delay = DispatchTimeInterval.milliseconds(500)

    private struct Waiting: Sendable {
        /// On the clock of `DispatchTime`, in nanoseconds.
        var until: UInt64
        /// Gets whether it was saved.
        var done: @Sendable (Bool) -> Void
    }

    private struct Line: Sendable {
        var changed: [AccountCell] = []
        var removed: [AccountCell] = []
        var waiting: [Waiting] = []
        var made = 0
        var chosen: UInt64 = 0
        var lastID: Int64 = 0
        /// Whether something urgent is not on the disk yet.
        var isAhead = false
        var isPlanned = false
        var isTimed = false
        /// More than 0 while accounts are exchanged: they are saved together.
        var holds = 0
        var trouble: StateError?
    }

    /// What was taken from the line and is not on the disk yet; only the queue uses it.
    private struct Open: Sendable {
        var batch: StateBatch?
        var cells: [AccountCell] = []
        var waiting: [Waiting] = []
    }

    private let file: StateFile
    private let sync: StateSync
    private let places: [Int]
    private let models: [String]
    /// Whether the file has the journals too.
    let keepsJournals: Bool
    private let line: Locked<Line>
    private let open = Locked(Open())
    private let queue = DispatchQueue(label: "cliprise-mock.state", qos: .userInitiated)
    private let saved: Locked<SavedState?>
    private let clock = Locked<(@Sendable () -> HostTime)?>(nil)
    private let observer = Locked<(@Sendable (StateError?) -> Void)?>(nil)

    /// Opens a state file, or begins one, and reads all of it.
    ///
    /// - Parameter journals: What becomes of journals.
    /// - Throws: Why the file cannot be used.
    package init(
        _ path: String, sync: StateSync, catalog: Catalog, scenarios: [Scenario], journals: JournalKeeping
    ) throws(StateError) {
        let file = try StateFile(path, catalog: catalog)
        let worlds = scenarios.map { WorldScenario($0, models: catalog.models.ids) }
        let state = try file.load(catalog: catalog, worlds: worlds, journals: journals)
        self.file = file
        self.sync = sync
        places = file.places
        models = catalog.models.ids
        keepsJournals = journals.areInFile
        var line = Line()
        (line.made, line.chosen, line.lastID) = (state.made, state.chosen, state.lastID)
        self.line = Locked(line)
        saved = Locked(state)
    }

    /// How many accounts and tasks the file had.
    package var counts: (accounts: Int, tasks: Int) {
        saved.withLock { state in
            let entries = state?.entries ?? []
            return (entries.count, entries.reduce(0) { $0 + $1.account.taskCount })
        }
    }

    /// Sets what is called when the file cannot be written, and, with nil, that it can be again.
    package func setObserver(_ observer: @escaping @Sendable (StateError?) -> Void) {
        self.observer.withLock { $0 = observer }
    }

    /// The accounts of the file, once; from then on changes are saved.
    func begin(_ clock: @escaping @Sendable () -> HostTime) -> SavedState {
        self.clock.withLock { $0 = clock }
        return saved.withLock { state in
            defer { state = nil }
            return state ?? SavedState()
        }
    }

    // MARK: What accounts say

    func newID() -> Int64 {
        line.withLock { line in
            line.lastID += 1
            return line.lastID
        }
    }

    /// An account changed; called within its lock.
    func changed(_ cell: AccountCell, isUrgent: Bool) {
        let isUrgent = isUrgent && sync == .always
        line.withLock { line in
            line.changed.append(cell)
            if isUrgent { line.isAhead = true }
            plan(&line, isUrgent: isUrgent)
        }
    }

    /// Accounts are given up.
    func removed(_ cells: [AccountCell]) {
        line.withLock { line in
            line.removed += cells
            if sync == .always { line.isAhead = true }
            plan(&line, isUrgent: sync == .always)
        }
    }

    func counted(made: Int, chosen: UInt64) {
        line.withLock { line in (line.made, line.chosen) = (made, chosen) }
    }

    /// Saves all that `body` changes together.
    func together<Result>(_ body: () -> Result) -> Result {
        line.withLock { $0.holds += 1 }
        defer {
            line.withLock { line in
                line.holds -= 1
                plan(&line, isUrgent: true)
            }
        }
        return body()
    }

    private func plan(_ line: inout Line, isUrgent: Bool) {
        guard line.trouble == nil, line.holds == 0 else { return }
        if isUrgent {
            guard !line.isPlanned else { return }
            line.isPlanned = true
            queue.async { self.save() }
        } else if !line.isPlanned, !line.isTimed {
            line.isTimed = true
            queue.asyncAfter(deadline: .now() + Self.delay) { self.save() }
        }
    }

    // MARK: What answers ask

    /// Whether answers wait for the disk at all.
    var isWaitedFor: Bool { sync == .always }

    /// Whether anything that an answer may report is not on the disk yet.
    var isAhead: Bool { line.withLock(\.isAhead) }

    /// Why the file cannot be written at the moment, or, after `stop`, could not be written at last; nil for nothing.
    package var trouble: StateError? { line.withLock(\.trouble) }

    /// Calls `done` when all that changed so far is on the disk, or could not be brought there.
    func wait(_ done: @escaping @Sendable (Bool) -> Void) {
        line.withLock { line in
            line.waiting.append(Waiting(until: Self.uptime + Self.patience, done: done))
            plan(&line, isUrgent: true)
        }
    }

    /// Saves what is left, and lets go of the file.
    package func stop() {
        queue.sync {
            // What could not be saved before, then what came since.
            save()
            save()
            line.withLock { $0.holds += 1 }
            file.close()
        }
    }

    // MARK: Saving

    /// Saves what there is; on the queue only.
    private func save() {
        var open = self.open.withLock(\.self)
        if open.batch == nil {
            guard let taken = take() else { return }
            open = taken
        }
        guard let batch = open.batch else { return }
        do throws(StateError) {
            if !batch.changes.isEmpty { try file.save(batch) }
        } catch {
            return failed(error, open)
        }
        self.open.withLock { $0 = Open() }
        for cell in open.cells { cell.withLock { $0.arrived() } }
        let wasTrouble = line.withLock { line -> Bool in
            defer { line.trouble = nil }
            // What came meanwhile keeps it ahead.
            line.isAhead = sync == .always && !(line.changed.isEmpty && line.removed.isEmpty)
            return line.trouble != nil
        }
        for waiting in open.waiting { waiting.done(true) }
        if wasTrouble {
            report(nil)
            queue.async { self.save() }
        }
    }

    /// Takes from the line what to save; nil when that is nothing.
    private func take() -> Open? {
        let taken = line.withLock { line -> Line? in
            guard line.holds == 0 else {
                (line.isPlanned, line.isTimed) = (false, false)
                return nil
            }
            let taken = line
            line.changed = []
            line.removed = []
            line.waiting = []
            (line.isPlanned, line.isTimed) = (false, false)
            return taken
        }
        guard let taken, !(taken.changed.isEmpty && taken.removed.isEmpty && taken.waiting.isEmpty),
            let now = clock.withLock(\.self)
        else { return nil }
        var open = Open()
        open.waiting = taken.waiting
        var batch = StateBatch()
        (batch.made, batch.chosen) = (taken.made, taken.chosen)
        for cell in taken.removed where cell.leave() { batch.changes.append(.remove(id: cell.stateID)) }
        for cell in taken.changed where !cell.hasLeft {
            let change = cell.withLock { account -> StateBatch.Change? in
                let host = now()
                account.settle(at: account.world.clock.now(host.monotonic), wall: host.wall)
                return account.takeChanges(places: places, models: models).map {
                    .save(id: cell.stateID, place: cell.position, wall: host.wall, $0)
                }
            }
            if let change {
                batch.changes.append(change)
                open.cells.append(cell)
            }
        }
        open.batch = batch
        self.open.withLock { $0 = open }
        return open
    }

    /// Nothing could be saved: it is tried again, and whoever waits too long gets an error.
    private func failed(_ error: StateError, _ open: Open) {
        let now = Self.uptime
        var rest = open
        let (late, isNews) = line.withLock { line -> ([Waiting], Bool) in
            let isNews = line.trouble == nil
            line.trouble = error
            let late = line.waiting.filter { $0.until <= now }
            line.waiting.removeAll { $0.until <= now }
            return (late, isNews)
        }
        let tired = rest.waiting.filter { $0.until <= now }
        rest.waiting.removeAll { $0.until <= now }
        self.open.withLock { $0 = rest }
        if isNews { report(error) }
        for waiting in tired + late { waiting.done(false) }
        queue.asyncAfter(deadline: .now() + Self.pause) { self.save() }
    }

    private static var uptime: UInt64 { DispatchTime.now().uptimeNanoseconds }

    private func report(_ error: StateError?) {
        if let observer = observer.withLock(\.self) { observer(error) }
    }
}
