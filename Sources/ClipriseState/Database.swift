internal import CSQLite

/// One connection to SQLite; one thread uses it at a time.
final class Database: Sendable {
    enum Value {
        case integer(Int64)
        case bytes(UnsafeRawBufferPointer)
        case text(String)
    }

    /// The current row of a query.
    struct Row {
        fileprivate let statement: OpaquePointer

        func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

        /// Valid until the next row.
        func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
            let start = sqlite3_column_blob(statement, column)
            return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
        }

        func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }
    }

    let path: String
    // Safety: a database is reached only through the lock of its `StateFile`, or while that is being made.
    private nonisolated(unsafe) let handle: OpaquePointer
    private nonisolated(unsafe) var statements: [String: OpaquePointer] = [:]
    private nonisolated(unsafe) let pages = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

    /// - Parameters:
    ///   - path: A file that is there.
    ///   - isAlone: Whether to read the file alone, without its log, and to change nothing.
    init(_ path: String, isAlone: Bool = false) throws(StateError) {
        self.path = path
        var opened: OpaquePointer?
        let code =
            isAlone
            ? sqlite3_open_v2(
                "file:\(Self.escaped(path))?immutable=1", &opened,
                SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, nil)
            : sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened else {
            let error = StateError(code, opened, path)
            sqlite3_close_v2(opened)
            pages.deallocate()
            throw error
        }
        handle = opened
        pages.initialize(to: 0)
        sqlite3_wal_hook(
            opened,
            { pages, _, _, count in
                pages?.assumingMemoryBound(to: Int32.self).pointee = count
                return SQLITE_OK
            }, pages)
        sqlite3_extended_result_codes(opened, 1)
        sqlite3_busy_timeout(opened, 0)
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
        pages.deallocate()
    }

    /// How many pages the log had after the last commit; SQLite moves none into the file by itself.
    var logPages: Int { Int(pages.pointee) }

    /// A path as it stands in a URI.
    private static func escaped(_ path: String) -> String {
        path.utf8.reduce(into: "") { text, byte in
            let isPlain = byte > 0x20 && byte < 0x7F && !"%?#".utf8.contains(byte)
            text += isPlain ? String(UnicodeScalar(byte)) : "%\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
        }
    }

    /// Leaves the log beside the file when the database is closed.
    func keepLog() { _ = csqlite_keep_log(handle) }

    /// Carries out statements that answer nothing, or whose answer is of no interest.
    func execute(_ sql: String) throws(StateError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw StateError(code, handle, path) }
    }

    func run(_ sql: String, _ values: Value...) throws(StateError) {
        try query(sql, values) { _ in }
    }

    /// The first number of the answer; 0 when there is no row.
    func number(_ sql: String, _ values: Value...) throws(StateError) -> Int64 {
        var number: Int64 = 0
        try query(sql, values) { number = $0.integer(0) }
        return number
    }

    /// Calls `body` with each row of the answer.
    func query(
        _ sql: String, _ values: [Value] = [], _ body: (Row) throws(StateError) -> Void
    ) throws(StateError) {
        let statement = try prepared(sql)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, value) in values.enumerated() {
            let place = Int32(index + 1)
            switch value {
            case .integer(let number): sqlite3_bind_int64(statement, place, number)
            case .bytes(let bytes) where bytes.isEmpty: sqlite3_bind_zeroblob(statement, place, 0)
            // Not copied: the bytes outlive the statement's run.
            case .bytes(let bytes): sqlite3_bind_blob(statement, place, bytes.baseAddress, Int32(bytes.count), nil)
            case .text(let text): sqlite3_bind_text(statement, place, text, Int32(text.utf8.count), Self.copies)
            }
        }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: try body(Row(statement: statement))
            case SQLITE_DONE: return
            case let code: throw StateError(code, handle, path)
            }
        }
    }

    private func prepared(_ sql: String) throws(StateError) -> OpaquePointer {
        if let known = statements[sql] { return known }
        var made: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
        guard code == SQLITE_OK, let made else { throw StateError(code, handle, path) }
        statements[sql] = made
        return made
    }

    /// SQLITE_TRANSIENT, a cast that Swift does not import.
    private static var copies: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}

extension [UInt8] {
    /// `withUnsafeBytes`, which cannot say what it throws.
    func withBytes(_ body: (UnsafeRawBufferPointer) throws(StateError) -> Void) throws(StateError) {
        var failure: StateError?
        withUnsafeBytes { bytes in
            do throws(StateError) {
                try body(bytes)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
