internal import CVirtualTime
internal import Glibc

/// Says whether a program will load the library, from what its file says.
package enum ReachableProgram {
    /// How often one script may name another as its interpreter.
    private static let depthLimit = 5

    /// - Parameter word: The command's first word: a path, or a name that is looked for in `PATH`.
    /// - Throws: `VirtualTimeError` with the name of the program that cannot be reached, and why. A program that is not
    ///   there is none of them: starting it says so.
    package static func check(_ word: String) throws(VirtualTimeError) {
        try check(word, depth: 0)
    }

    private static func check(_ word: String, depth: Int) throws(VirtualTimeError) {
        guard depth < depthLimit, let path = find(word), let file = ProgramFile(path) else { return }
        if file.changesUser {
            throw refusal(
                path, "is set-uid, set-gid or has capabilities: such a program loads no library for its caller")
        }
        if let line = file.interpreterLine {
            return try check(interpreter(line), depth: depth + 1)
        }
        if let reason = file.image?.reason { throw refusal(path, reason) }
    }

    private static func refusal(_ path: String, _ reason: String) -> VirtualTimeError {
        VirtualTimeError(
            message: "--virtual-time cannot reach \(path): it \(reason). Run it without --virtual-time; "
                + "--time-scale makes the mock's own waits short")
    }

    /// The program that runs a script; for `env` the one that it looks for.
    static func interpreter(_ line: [String]) -> String {
        guard let first = line.first, first.split(separator: "/").last == "env" else { return line.first ?? "/bin/sh" }
        let rest = line.dropFirst().drop { $0.hasPrefix("-") || $0.contains("=") }
        return rest.first ?? first
    }

    /// The file that a word stands for, or nil.
    private static func find(_ word: String) -> String? {
        if word.contains("/") { return word }
        let list = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        for folder in list.split(separator: ":", omittingEmptySubsequences: false) {
            let path = "\(folder.isEmpty ? "." : folder)/\(word)"
            var facts = stat()
            if access(path, X_OK) == 0, stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG { return path }
        }
        return nil
    }
}

/// A program's file, as far as it says how the program is started.
struct ProgramFile {
    private static let headLimit = 4096

    /// Whether the system gives the program other rights than its caller's.
    let changesUser: Bool
    /// The words of a script's first line, its interpreter first; nil when it has none.
    let interpreterLine: [String]?
    /// What the program is, when it is of the system's own format.
    let image: ProgramImage?

    /// Nil when the file cannot be read.
    init?(_ path: String) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        changesUser =
            facts.st_mode & (S_ISUID | S_ISGID) != 0 || cvt_has_capabilities(file)
        func read(_ offset: UInt64, _ count: Int) -> [UInt8] {
            guard offset <= UInt64(Int64.max), count > 0 else { return [] }
            return [UInt8](unsafeUninitializedCapacity: count) { space, length in
                length = max(0, pread(file, space.baseAddress, count, off_t(offset)))
            }
        }
        let head = read(0, Self.headLimit)
        interpreterLine = head.starts(with: "#!".utf8) ? Self.words(head) : nil
        image = ProgramImage(head, read)
    }

    private static func words(_ head: [UInt8]) -> [String] {
        let line = head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
        return line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
