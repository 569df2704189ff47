internal import ClipriseLocks
internal import ClipriseWire
internal import Glibc

/// Why a recording cannot be written, in one line that names its file.
package struct RecordingError: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String
}

/// Where a recording goes: a file that takes its name only when it is whole, and a part file until then.
///
/// What is no regular file, such as a pipe, is written to directly, at the end.
package final class RecordingFile: Sendable {
    /// As the user wrote it.
    package let path: String
    /// The file behind all symbolic links.
    private let target: String
    private let isRegular: Bool
    /// The rights of a new file, or those of the one that is there.
    private let mode: mode_t
    private let partPath: String
    private let partFile: Int32
    private let progress = Locked((hasBegun: false, hasFailed: false))
    private let say: @Sendable (String) -> Void

    /// - Parameter say: Gets a line for the user when the part file cannot be written on.
    /// - Throws: `RecordingError` when nothing can be written there.
    package init(_ path: String, say: @escaping @Sendable (String) -> Void) throws(RecordingError) {
        self.say = say
        self.path = path
        var facts = stat()
        let exists = stat(path, &facts) == 0
        if !exists, errno == ELOOP { throw Self.problem(path, ELOOP) }
        let kind = facts.st_mode & S_IFMT
        if exists, kind == S_IFDIR { throw Self.problem(path, EISDIR) }
        isRegular = !exists || kind == S_IFREG
        mode = exists ? facts.st_mode & 0o7777 : 0o600
        target =
            realpath(path, nil).map { resolved in
                defer { free(resolved) }
                return String(cString: resolved)
            } ?? OutputPath.destination(of: path)
        guard isRegular else {
            (partPath, partFile) = ("", -1)
            return
        }
        if exists, access(path, W_OK) != 0 { throw Self.problem(path, errno) }
        // What is left of a recording that was cut off is kept.
        for number in 1...1_000 {
            let name = number == 1 ? "\(target).part" : "\(target).part\(number)"
            let file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if file >= 0 {
                (partPath, partFile) = (name, file)
                return
            }
            guard errno == EEXIST else { throw Self.problem(path, errno) }
        }
        throw Self.problem(path, EEXIST)
    }

    deinit {
        guard isRegular else { return }
        close(partFile)
        // Nothing in it that anyone would miss.
        if !progress.withLock(\.hasBegun) { unlink(partPath) }
    }

    fileprivate static func problem(_ path: String, _ number: Int32) -> RecordingError {
        RecordingError(description: "\(path): the recording cannot be written: \(OutputPath.problem(number))")
    }

    // MARK: The part file

    package var hasBegun: Bool { progress.withLock(\.hasBegun) }

    package func begin(with header: [UInt8]) {
        guard isRegular else { return }
        progress.withLock { $0.hasBegun = true }
        append(header)
    }

    package func append(_ bytes: [UInt8]) {
        guard isRegular, !bytes.isEmpty, !progress.withLock(\.hasFailed) else { return }
        guard let number = OutputPath.write(bytes[...], to: partFile) else { return }
        progress.withLock { $0.hasFailed = true }
        say("\(partPath): the recording goes on in memory only: \(String(cString: strerror(number)))\n")
    }

    // MARK: The whole

    /// The whole bundle while it is written; it takes the recording's name when it is finished.
    package struct Whole {
        fileprivate let path: String
        fileprivate let temporary: String
        fileprivate let target: String
        fileprivate let part: String
        fileprivate let file: Int32
        fileprivate var waiting: [UInt8] = []

        package mutating func write(_ bytes: [UInt8]) throws(RecordingError) {
            waiting += bytes
            if waiting.count >= 1 << 20 { try flush() }
        }

        private mutating func flush() throws(RecordingError) {
            defer { waiting = [] }
            if let number = OutputPath.write(waiting[...], to: file) {
                if !temporary.isEmpty { unlink(temporary) }
                throw RecordingFile.problem(path, number)
            }
        }

        package mutating func finish() throws(RecordingError) {
            try flush()
            guard !temporary.isEmpty else {
                close(file)
                return
            }
            guard close(file) == 0 || errno == EINTR, rename(temporary, target) == 0 else {
                throw RecordingFile.problem(path, errno)
            }
            unlink(part)
        }
    }

    package func whole() throws(RecordingError) -> Whole {
        let temporary = isRegular ? partPath + ".whole" : ""
        let flags = O_WRONLY | O_CLOEXEC | (isRegular ? O_CREAT | O_TRUNC : 0)
        let file = isRegular ? open(temporary, flags, 0o600) : OutputPath.open(path, flags)
        guard file >= 0 else { throw Self.problem(path, errno) }
        if isRegular { fchmod(file, mode) }
        return Whole(path: path, temporary: temporary, target: target, part: partPath, file: file)
    }
}
