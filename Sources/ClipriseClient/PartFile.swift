internal import Glibc

/// A file under way: it lies beside its place, and takes it when it is whole.
actor PartFile: DownloadTarget {
    private let path: String
    private var partPath: String
    private let descriptor: Int32
    /// The bytes that were there at the start.
    nonisolated let length: Int
    private var written: Int

    /// Opens or makes the part file, for this user's eyes only.
    ///
    /// - Parameter task: The task, whose part of an earlier download is continued; nil for a task that does not exist yet.
    init(path: String, task: String?) throws {
        self.path = path
        partPath = task.map { Self.partPath(path, task: $0) } ?? "\(path).\(Self.freshWord).part"
        descriptor = open(partPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path, task: task) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else {
            let failure = Self.failure(path, task: task)
            close(descriptor)
            throw failure
        }
        length = Int(facts.st_size)
        written = length
    }

    deinit { close(descriptor) }

    /// A word that no other part file has.
    private static var freshWord: String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in String(generator.next() as UInt64, radix: 16) }.joined(separator: "-")
    }

    /// A task's id comes from a server: only harmless characters of it enter a name.
    private static func partPath(_ path: String, task: String) -> String {
        let name = task.utf8.prefix(64).map { byte -> Character in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D: Character(Unicode.Scalar(byte))
            default: "_"
            }
        }
        return "\(path).\(String(name)).part"
    }

    private static func failure(_ path: String, task: String? = nil) -> ClipriseError {
        ClipriseError(.cannotWrite(path: path, reason: String(cString: strerror(errno))), task: task)
    }

    /// The first bytes, at most 64.
    func beginning() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &bytes, 64, 0)
        return Array(bytes.prefix(max(0, count)))
    }

    nonisolated var canRestart: Bool { true }

    func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, off_t(written)) }
            if count < 0 {
                if errno == EINTR { continue }
                throw Self.failure(path)
            }
            written += count
            rest = rest.dropFirst(count)
        }
    }

    func restart() throws {
        guard ftruncate(descriptor, 0) == 0 else { throw Self.failure(path) }
        written = 0
    }

    func defect(kind: FileKind) throws -> FileDefect? {
        guard written > 0 else { return .empty }
        guard let start = mmap(nil, written, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw Self.failure(path)
        }
        defer { munmap(start, written) }
        return FileCheck(UnsafeRawBufferPointer(start: start, count: written)).defect(kind: kind)
    }

    /// Puts the file in its place, with the rights that the user's mask gives.
    func finish() throws {
        let mask = umask(0)
        umask(mask)
        guard fchmod(descriptor, 0o666 & ~mask) == 0, rename(partPath, path) == 0 else { throw Self.failure(path) }
    }

    /// Keeps what is there for a later download of the task, or removes it when there is no use for it.
    func leave(for task: String?) {
        guard let task, written > 0 else {
            unlink(partPath)
            return
        }
        let kept = Self.partPath(path, task: task)
        if rename(partPath, kept) == 0 { partPath = kept }
    }
}

/// Hands pieces to a caller.
struct StreamTarget: DownloadTarget {
    let consume: @Sendable ([UInt8]) async throws -> Void

    var canRestart: Bool { false }
    func write(_ bytes: [UInt8]) async throws { try await consume(bytes) }
    func restart() {}
    func defect(kind: FileKind) -> FileDefect? { nil }
}
