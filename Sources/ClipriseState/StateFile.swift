package import ClipriseCatalog
internal import ClipriseLocks
internal import Glibc

/// The accounts of a server in a file that survives the process: an SQLite database in WAL mode.
///
/// What was saved when `save` returned is there after `kill -9` and after a loss of power, as far as the disk keeps
/// what it says it has. One process at a time has the file.
package final class StateFile: Sendable {
    /// The edition of what is in the file: with 2 the head of an account may say what was dropped of it, with 3 the file
    /// says whether it is open, with 4 it may have journals.
    package static let version: Int64 = 4
    /// "clpm": says that an SQLite file is one of ours.
    private static let applicationID: Int64 = 0x636C_706D

    package let path: String
    let place: StatePlace
    /// Nil once it was closed.
    private let open: Locked<Open?>

    struct Open: ~Copyable, Sendable {
        let database: Database
        let lock: StateLock
        /// The file's places of the catalogue's models, and the other way round; −1 for a model that is not there.
        var places: [Int] = []
        var models: [Int] = []
        var modelNames: [String] = []
        var scenarios: Set<ScenarioName> = []

        init(_ database: Database, _ lock: consuming StateLock) {
            self.database = database
            self.lock = lock
        }

        deinit { markClosed() }

        mutating func perform<Result>(
            _ body: (inout Open) throws(StateError) -> Result
        ) throws(StateError) -> Result { try body(&self) }
    }

    struct ScenarioName: Hashable {
        var name: String
        var hash: UInt64
    }

    /// Opens a file, or begins one.
    ///
    /// - Parameter mustExist: Whether there must be a file.
    package init(_ path: String, catalog: Catalog, mustExist: Bool = false) throws(StateError) {
        self.path = path
        let isNew = try Self.look(at: path, mustExist: mustExist)
        let lock = try StateLock(state: path, of: Self.resolved(path))
        try Self.checkLog(of: path, isNew: isNew)
        if isNew { try Self.makeFile(path) }
        let database = try Database(path)
        // One writer, and no file of shared memory beside it.
        try database.execute("PRAGMA locking_mode = EXCLUSIVE")
        try Self.check(database)
        try database.execute("PRAGMA journal_mode = WAL")
        try database.execute("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864")
        if try database.number("SELECT count(*) FROM sqlite_schema") == 0 { try Self.begin(database) }
        // What is in a file of an earlier version is as it is in one of this version.
        if try database.number("PRAGMA user_version") < Self.version {
            try database.execute("BEGIN IMMEDIATE; \(Self.journals) PRAGMA user_version = \(Self.version); COMMIT")
        }
        var open = Open(database, lock)
        try open.readModels(catalog.models.ids)
        try database.query("SELECT name, hash FROM scenario") { row in
            open.scenarios.insert(ScenarioName(name: row.text(0), hash: UInt64(bitPattern: row.integer(1))))
        }
        do throws(StateError) {
            try open.moveLog()
        } catch {
            // A disk that is full may have room later.
            guard error.kind == .full else { throw error }
        }
        place = StatePlace(of: Self.resolved(path))
        self.open = Locked(open)
    }

    /// Ends the use of the file; a second call does nothing.
    package func close() {
        open.withLock { open in
            // The database goes first, the lock after it.
            open = nil
        }
    }

    func use<Result: Sendable>(_ body: (inout Open) throws(StateError) -> Result) throws(StateError) -> Result {
        try open.withLock { (state: inout sending Open?) throws(StateError) -> Result in
            guard let result = try state?.perform(body) else { throw StateError(.noAccess, path, "is closed") }
            return result
        }
    }

    // MARK: Opening

    /// - Returns: Whether there is no file yet.
    private static func look(at path: String, mustExist: Bool) throws(StateError) -> Bool {
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            let number = errno
            guard number == ENOENT, !mustExist else {
                throw StateError(
                    .noAccess, path, number == ENOENT ? "no such file" : String(cString: strerror(number)))
            }
            return true
        }
        switch facts.st_mode & S_IFMT {
        case S_IFREG: return false
        case S_IFDIR: throw StateError(.notState, path, "is a folder, not a file")
        default: throw StateError(.notState, path, "is no regular file")
        }
    }

    /// Keys and prompts are for the owner's eyes only.
    private static func makeFile(_ path: String) throws(StateError) {
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            // There was none a moment ago, if one followed links.
            let reason =
                errno == EEXIST
                ? "it is a link that leads to no file; name the file itself" : String(cString: strerror(errno))
            throw StateError(.noAccess, path, "cannot be written: \(reason)")
        }
        Glibc.close(file)
    }

    private static func check(_ database: Database) throws(StateError) {
        guard try database.number("SELECT count(*) FROM sqlite_schema") > 0 else { return }
        guard try database.number("PRAGMA application_id") == applicationID else {
            throw StateError(.notState, database.path, StateError.noStateFile)
        }
        let edition = try database.number("PRAGMA user_version")
        guard edition <= version else {
            throw StateError(
                .newer, database.path,
                "has version \(edition) of the state file, and this program knows up to version \(version); "
                    + "use the later cliprise-mock that wrote it")
        }
        guard edition >= 1 else {
            throw StateError(.damaged, database.path, "has no version; \(StateError.advice)")
        }
    }

    /// Tables that files before version 4 have not.
    private static let journals = """
        CREATE TABLE IF NOT EXISTS event (account INTEGER, sequence INTEGER, line BLOB NOT NULL,
            PRIMARY KEY (account, sequence)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS journal (account INTEGER PRIMARY KEY, cleared INTEGER NOT NULL);
        """

    private static func begin(_ database: Database) throws(StateError) {
        try database.execute(
            """
            BEGIN IMMEDIATE;
            CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE model (place INTEGER PRIMARY KEY, id TEXT NOT NULL);
            CREATE TABLE scenario (name TEXT, hash INTEGER, source TEXT NOT NULL, builtin INTEGER NOT NULL,
                text TEXT NOT NULL, PRIMARY KEY (name, hash)) WITHOUT ROWID;
            CREATE TABLE account (id INTEGER PRIMARY KEY, place INTEGER NOT NULL, wall INTEGER NOT NULL,
                head BLOB NOT NULL, available INTEGER NOT NULL, held INTEGER NOT NULL, captured INTEGER NOT NULL,
                paid_in INTEGER NOT NULL, entries INTEGER NOT NULL, tasks INTEGER NOT NULL);
            CREATE TABLE task (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
            CREATE TABLE ledger (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
            CREATE TABLE body (account INTEGER, hash INTEGER, count INTEGER NOT NULL, PRIMARY KEY (account, hash))
                WITHOUT ROWID;
            \(journals)
            PRAGMA application_id = \(applicationID);
            PRAGMA user_version = \(version);
            COMMIT;
            """)
    }
}

extension StateFile.Open {
    /// Reads the models that the file names, and adds those of the catalogue that it has not.
    fileprivate mutating func readModels(_ ids: [String]) throws(StateError) {
        var names: [String] = []
        try database.query("SELECT id FROM model ORDER BY place") { names.append($0.text(0)) }
        let missing = ids.filter { !names.contains($0) }
        if !missing.isEmpty {
            try database.execute("BEGIN IMMEDIATE")
            do throws(StateError) {
                for id in missing {
                    try database.run(
                        "INSERT INTO model (place, id) VALUES (?, ?)", .integer(Int64(names.count)), .text(id))
                    names.append(id)
                }
                try database.execute("COMMIT")
            } catch {
                try? database.execute("ROLLBACK")
                throw error
            }
        }
        modelNames = names
        models = names.map { ids.firstIndex(of: $0) ?? -1 }
        places = ids.map { names.firstIndex(of: $0) ?? 0 }
    }
}
