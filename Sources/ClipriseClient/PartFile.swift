internal import ClipriseWire
internal import Glibc

/// A file under way: it lies beside its place, and takes it when it is whole.
///
/// What is no regular file is not replaced: the file comes together in the folder for temporary files, and is then
/// written to it.
actor PartFile: DownloadTarget {
    private let place: OutputPlace
    private let path: String
    /// What the names of part files begin with.
    private let stem: String
    private var partPath: String
    private let descriptor: Int32
    /// The bytes that were there at the start.
    nonisolated let length: Int
    private var written: Int

    /// Opens or makes the part file, for this user's eyes only.
    ///
    /// - Parameter task: The task, whose part of an earlier download is continued; nil for a task that does not exist yet.
    init(path: String, task: String?) throws {
        let place = try OutputPlace(path)
        self.place = place
        self.path = path
        let isStream = place.kind == .stream
        let stem =
            isStream ? "\(Self.temporaryFolder)/cliprise" : place.path
        self.stem = stem
        let known = isStream ? nil : task
        let partPath = known.map { Self.partPath(stem, task: $0) } ?? "\(stem).\(Self.freshWord).part"
        self.partPath = partPath
        descriptor = open(partPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path, task: task) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else {
            let failure = Self.failure(path, task: task)
            close(descriptor)
            throw failure
        }
        // Nobody comes back for what lies among temporary files.
        if isStream { unlink(partPath) }
        length = Int(facts.st_size)
        written = length
    }

    deinit { close(descriptor) }

    private static var temporaryFolder: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }

    /// A word that no other part file has.
    private static var freshWord: String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in String(generator.next() as UInt64, radix: 16) }.joined(separator: "-")
    }

    /// A task's id comes from a server: only harmless characters of it enter a name.
    private static func partPath(_ stem: String, task: String) -> String {
        let name = task.utf8.prefix(64).map { byte -> Character in
            byte.isASCIIAlphanumeric || byte == UInt8(ascii: "-") ? Character(Unicode.Scalar(byte)) : "_"
        }
        return "\(stem).\(String(name)).part"
    }

    private static func failure(_ path: String, task: String? = nil, number: Int32 = errno) -> ClipriseError {
        ClipriseError(.cannotWrite(path: path, reason: String(cString: strerror(number))), task: task)
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

    /// Puts the file in its place, with the rights of the one that was there, or those that the user's mask gives.
    func finish() async throws {
        guard case .file(let mode) = place.kind else { return try await pour() }
        let mask = umask(0)
        umask(mask)
        guard fchmod(descriptor, mode_t(mode ?? 0o666 & ~mask)) == 0, rename(partPath, place.path) == 0 else {
            throw Self.failure(path)
        }
    }

    /// Opens what is no regular file; of a pipe a reader is waited for, for five seconds.
    ///
    /// A plain `open` would wait where neither a signal nor the end of the job arrives.
    private func openStream() async throws -> Int32 {
        for _ in 0..<250 where !Task.isCancelled {
            let target = open(place.path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
            if target >= 0 {
                _ = fcntl(target, F_SETFL, fcntl(target, F_GETFL) & ~O_NONBLOCK)
                return target
            }
            guard errno == ENXIO else { throw Self.failure(path) }
            try? await Task.sleep(for: .milliseconds(20))
        }
        throw ClipriseError(.cannotWrite(path: path, reason: "nobody reads from this pipe"))
    }

    /// Writes the whole file to what is no regular file.
    private func pour() async throws {
        let target = try await openStream()
        defer { close(target) }
        var piece = [UInt8](repeating: 0, count: 65_536)
        var offset = 0
        while offset < written {
            let count = pread(descriptor, &piece, piece.count, off_t(offset))
            guard count > 0 else { throw Self.failure(path) }
            if let number = OutputPath.write(piece[..<count], to: target) { throw Self.failure(path, number: number) }
            offset += count
        }
    }

    /// Keeps what is there for a later download of the task, or removes it when there is no use for it.
    func leave(for task: String?) {
        guard place.kind != .stream else { return }
        guard let task, written > 0 else {
            unlink(partPath)
            return
        }
        let kept = Self.partPath(stem, task: task)
        if rename(partPath, kept) == 0 { partPath = kept }
    }
}
