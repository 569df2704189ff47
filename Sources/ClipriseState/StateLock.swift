internal import Glibc

/// Keeps other processes from a state file, for as long as it lives.
///
/// A lock on a small file beside it, which holds the process id of whoever has it. The system lets go of it when the
/// process ends, however it ends.
struct StateLock: ~Copyable, Sendable {
    private let file: Int32
    private let path: String

    /// - Parameters:
    ///   - state: The path of the state file, for errors.
    ///   - real: The file that it leads to.
    init(state: String, of real: String) throws(StateError) {
        path = real + "-lock"
        while true {
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard file >= 0 else {
                let reason = String(cString: strerror(errno))
                throw StateError(.noAccess, state, "cannot be written: \(reason)")
            }
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                let owner = Self.owner(file)
                close(file)
                throw StateError(
                    .inUse, state,
                    "is in use by \(owner.map { "process \($0)" } ?? "another process"); end that, or name another file"
                )
            }
            // Whoever had it may have removed the file meanwhile: then the lock is on a name that no longer exists.
            var (mine, named) = (stat(), stat())
            if fstat(file, &mine) == 0, stat(path, &named) == 0, mine.st_ino == named.st_ino {
                self.file = file
                break
            }
            close(file)
        }
        let text = Array("\(getpid())\n".utf8)
        ftruncate(file, 0)
        _ = pwrite(file, text, text.count, 0)
    }

    deinit {
        unlink(path)
        close(file)
    }

    private static func owner(_ file: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(file, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: bytes[..<count].prefix { $0 != 0x0A }, as: UTF8.self))
    }
}
