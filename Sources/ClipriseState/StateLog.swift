internal import ClipriseWire
internal import Glibc

/// The log beside a state file (SQLite's `-wal`): what was saved last stands there until it is moved into the file.
enum StateLog: Sendable, Hashable {
    case missing
    /// It is there, and not what SQLite reads.
    case unsound
    case sound

    /// The log of a state file; `path` is the file's own, not that of a link to it.
    init(of path: String) {
        let file = open(path + "-wal", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            self = .missing
            return
        }
        defer { close(file) }
        var head = [UInt8](repeating: 0, count: Self.headSize)
        let count = pread(file, &head, head.count, 0)
        guard count > 0 else {
            self = .missing
            return
        }
        self = count == head.count && Self.isHead(head) ? .sound : .unsound
    }

    private static let headSize = 32

    /// Whether these bytes are the head of a log: its first word, and the sums at its end (SQLite's file format, 4.1).
    private static func isHead(_ head: [UInt8]) -> Bool {
        func word(_ index: Int, isBig: Bool) -> UInt32 {
            let bytes = head[(4 * index)..<(4 * index + 4)]
            return (isBig ? Array(bytes) : bytes.reversed()).reduce(0) { $0 << 8 | UInt32($1) }
        }
        let first = word(0, isBig: true)
        guard first | 1 == 0x377F_0683 else { return false }
        var (one, two): (UInt32, UInt32) = (0, 0)
        for index in stride(from: 0, to: 6, by: 2) {
            one &+= word(index, isBig: first & 1 == 1) &+ two
            two &+= word(index + 1, isBig: first & 1 == 1) &+ one
        }
        return one == word(6, isBig: true) && two == word(7, isBig: true)
    }
}

extension StateFile {
    /// The file that a path leads to, through links; the path itself when there is none.
    static func resolved(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }

    /// Refuses a file whose log was lost, which would open as if what was saved last had never been.
    ///
    /// - Parameter isNew: Whether there is no file yet.
    static func checkLog(of path: String, isNew: Bool) throws(StateError) {
        let real = resolved(path)
        let log = StateLog(of: real)
        var facts = stat()
        if isNew || stat(path, &facts) == 0 && facts.st_size == 0 {
            guard log != .missing else { return }
            let what = isNew ? "is not there" : "is empty"
            throw StateError(
                .damaged, path,
                "\(what), but its log \(real.printable)-wal is; put the file back, or remove the log to begin anew")
        }
        guard log != .sound, try wantsLog(real) else { return }
        throw StateError(
            .damaged, path,
            "its log \(real.printable)-wal is \(log == .missing ? "missing" : "damaged"), and with it what was saved last; "
                + "put it back beside the file, or begin with another file or with state import")
    }

    /// Whether a log belongs to the file; nothing is changed.
    private static func wantsLog(_ path: String) throws(StateError) -> Bool {
        // What is no state file is reported by whoever opens it.
        guard let database = try? Database(path, isAlone: true) else { return false }
        return (try? database.number("SELECT value FROM meta WHERE name = 'open'")) == 1
    }
}

extension StateFile.Open {
    /// The log is moved into the file when it has so many pages, as SQLite would do it.
    private static let longestLog = 1_000

    private enum Mark: Int {
        case closed = 0
        /// In the file alone: a log belongs to it.
        case withLog = 1
        /// In the log: whoever else moves it into the file, with its mark, has lost nothing.
        case merged = 2
    }

    private func set(_ mark: Mark) throws(StateError) {
        try database.run(
            "INSERT INTO meta (name, value) VALUES ('open', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1",
            .integer(Int64(mark.rawValue)))
    }

    /// Moves the log into the file, which says from then on that a log belongs to it.
    func moveLog() throws(StateError) {
        try set(.withLog)
        try database.execute("PRAGMA wal_checkpoint(FULL)")
        try set(.merged)
    }

    /// The same when the log is long; what is saved is saved, whatever comes of this.
    func moveLogIfLong() {
        if database.logPages >= Self.longestLog { try? moveLog() }
    }

    /// Notes that the file is closed; where that cannot be noted, the log stays.
    func markClosed() {
        do throws(StateError) {
            try set(.closed)
        } catch {
            database.keepLog()
        }
    }
}
