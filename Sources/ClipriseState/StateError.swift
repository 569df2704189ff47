internal import CSQLite
internal import ClipriseWire
internal import Glibc

/// Why a state file cannot be used, in one line that says what to do.
package struct StateError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// Another process has the file.
        case inUse
        /// It is something else: a folder, a text, a database of another program.
        case notState
        /// It was written by a later version of this program.
        case newer
        /// What is in it could never have been written.
        case damaged
        /// It is not there, or may not be read or written.
        case noAccess
        /// There is no room for more.
        case full
        /// It needs a model or a scenario that is not there.
        case doesNotFit
    }

    package var kind: Kind
    /// The file, and what is wrong with it.
    package var description: String

    init(_ kind: Kind, _ path: String, _ reason: String) {
        self.kind = kind
        description = "\(path): \(reason)"
    }

    /// What SQLite says of a failed call.
    init(_ code: Int32, _ handle: OpaquePointer?, _ path: String) {
        let system = handle.map { sqlite3_system_errno($0) } ?? 0
        let words = String(cString: handle.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code))
        switch code & 0xFF {
        case SQLITE_FULL: self.init(.full, path, Self.noRoom)
        case SQLITE_IOERR where [ENOSPC, EFBIG, EDQUOT].contains(system): self.init(.full, path, Self.noRoom)
        // SQLite does not always know the system's reason any more.
        case SQLITE_IOERR where code == Self.failedWrite && Self.filesHaveALimit:
            self.init(.full, path, Self.noRoom + " (its size is limited: ulimit -f)")
        case SQLITE_NOTADB: self.init(.notState, path, Self.noStateFile)
        case SQLITE_CORRUPT: self.init(.damaged, path, "is damaged (\(words.printable)); \(Self.advice)")
        case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH:
            let reason = system == 0 ? words : String(cString: strerror(system))
            self.init(.noAccess, path, "cannot be written: \(reason.printable)")
        case SQLITE_BUSY, SQLITE_LOCKED:
            self.init(.inUse, path, "another program has it open; end that, or name another file")
        default:
            let reason = system == 0 ? words : "\(words), \(String(cString: strerror(system)))"
            self.init(.noAccess, path, "cannot be used: \(reason.printable)")
        }
    }

    /// SQLITE_IOERR_WRITE, which is no constant that Swift imports.
    private static let failedWrite = SQLITE_IOERR | (3 << 8)

    private static var filesHaveALimit: Bool {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 && limit.rlim_cur != .max
    }

    static let noRoom = "the disk has no room for more"
    static let noStateFile = "is no state file of cliprise-mock; name another file, or one that does not exist yet"
    static let advice = "take a copy of it, then begin with another file or with state import"
}
