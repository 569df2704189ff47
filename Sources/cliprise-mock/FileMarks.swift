internal import Glibc
internal import Synchronization

/// What files were like at the last look.
final class FileMarks: Sendable {
    private let files: [String]
    private let last: Mutex<[String]>

    init(_ files: [String]) {
        self.files = files
        last = Mutex(Self.marks(files))
    }

    /// Whether any file is another than at the last look; this is the next one.
    @discardableResult
    func haveChanged() -> Bool {
        let marks = Self.marks(files)
        return last.withLock { last in
            defer { last = marks }
            return last != marks
        }
    }

    /// Time, size and number of each file: an editor may write in place or put another file there.
    private static func marks(_ files: [String]) -> [String] {
        files.map { file in
            var facts = stat()
            guard stat(file, &facts) == 0 else { return "" }
            return "\(facts.st_mtim.tv_sec).\(facts.st_mtim.tv_nsec) \(facts.st_size) \(facts.st_ino)"
        }
    }
}
