internal import ClipriseLocks
internal import Dispatch
internal import Glibc

/// Runs this program's own commands, so that what they print is an answer and not part of the conversation.
package struct OwnProgram: Sendable {
    private let path: String
    /// What runs now.
    private let children = Locked<Set<pid_t>>([])

    package struct Outcome: Sendable {
        package var status: Int32
        package var output: String
        package var errors: String
    }

    package struct Problem: Error, Sendable {
        package var reason: String
    }

    /// The most bytes of one stream that are kept.
    private static let limit = 4 << 20

    package init(path: String = "/proc/self/exe") {
        self.path = path
    }

    /// Runs a command to its end.
    package func run(_ arguments: [String], input: [UInt8] = []) throws(Problem) -> Outcome {
        let child = try spawn(arguments)
        var streams = Streams(child)
        streams.pump(input, limit: Self.limit)
        let status = children.wait(for: child.id)
        return Outcome(
            status: status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F,
            output: String(decoding: streams.output, as: UTF8.self),
            errors: String(decoding: streams.errors, as: UTF8.self))
    }

    /// Starts a command that stays, and reads its first line.
    func start(_ arguments: [String]) throws(Problem) -> RunningMock {
        let child = try spawn(arguments + ["--log-level", "error", "--until-input-ends"])
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count < 65_536, read(child.output, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        guard !line.isEmpty else {
            // Closes its input too.
            var streams = Streams(child)
            streams.pump([], limit: Self.limit)
            _ = children.wait(for: child.id)
            throw Problem(reason: String(decoding: streams.errors, as: UTF8.self))
        }
        // What nobody reads would block it in the end.
        for end in [child.output, child.errors] { DispatchQueue.global().async { Self.drain(end) } }
        return RunningMock(id: child.id, input: child.input, ready: line, among: children)
    }

    /// Ends all that runs, for a process that a signal ends; returns when it has ended.
    package func endAll() {
        children.withLock { children in
            for child in children { kill(child, SIGTERM) }
            for child in children { awaitEnd(of: child) }
        }
    }

    private static func drain(_ end: Int32) {
        var piece = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(end, &piece, piece.count)
            guard count > 0 || (count < 0 && errno == EINTR) else { break }
        }
        close(end)
    }

    fileprivate struct Child {
        var id: pid_t
        var input: Int32
        var output: Int32
        var errors: Int32
    }

    private func spawn(_ arguments: [String]) throws(Problem) -> Child {
        var ends: [[Int32]] = []
        for _ in 0..<3 {
            var pair: [Int32] = [-1, -1]
            guard pipe(&pair) == 0 else { throw Problem(reason: String(cString: strerror(errno))) }
            for end in pair { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            ends.append(pair)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0][0], STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends[1][1], STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends[2][1], STDERR_FILENO)
        // Signals that this process waits for are nothing that a child must wait for.
        var (none, attributes) = (sigset_t(), posix_spawnattr_t())
        sigemptyset(&none)
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words: [UnsafeMutablePointer<CChar>?] = (["cliprise-mock"] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var id: pid_t = 0
        let problem = children.withLock { children in
            let problem = posix_spawn(&id, path, &actions, &attributes, words, environ)
            if problem == 0 { children.insert(id) }
            return problem
        }
        for (pair, childs) in zip(ends, [0, 1, 1]) { close(pair[childs]) }
        guard problem == 0 else {
            for (pair, ours) in zip(ends, [1, 0, 0]) { close(pair[ours]) }
            throw Problem(reason: String(cString: strerror(problem)))
        }
        return Child(id: id, input: ends[0][1], output: ends[1][0], errors: ends[2][0])
    }

    /// Feeds a child and reads both its streams until they end.
    fileprivate struct Streams {
        private let child: Child
        private(set) var output: [UInt8] = []
        private(set) var errors: [UInt8] = []

        init(_ child: Child) { self.child = child }

        mutating func pump(_ input: [UInt8], limit: Int) {
            var rest = input[...]
            var open = (input: true, output: true, errors: true)
            if rest.isEmpty {
                close(child.input)
                open.input = false
            } else {
                _ = fcntl(child.input, F_SETFL, O_NONBLOCK)
            }
            while open.output || open.errors {
                var places = [
                    pollfd(fd: open.input ? child.input : -1, events: Int16(POLLOUT), revents: 0),
                    pollfd(fd: open.output ? child.output : -1, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: open.errors ? child.errors : -1, events: Int16(POLLIN), revents: 0),
                ]
                guard poll(&places, 3, -1) > 0 || errno == EINTR else { break }
                if places[0].revents != 0 {
                    let count = rest.withUnsafeBytes { write(child.input, $0.baseAddress, $0.count) }
                    if count > 0 { rest = rest.dropFirst(count) }
                    if rest.isEmpty || (count < 0 && errno != EAGAIN && errno != EINTR) {
                        close(child.input)
                        open.input = false
                    }
                }
                if places[1].revents != 0 { open.output = Self.take(child.output, &output, limit) }
                if places[2].revents != 0 { open.errors = Self.take(child.errors, &errors, limit) }
            }
            if open.input { close(child.input) }
            close(child.output)
            close(child.errors)
        }

        private static func take(_ end: Int32, _ bytes: inout [UInt8], _ limit: Int) -> Bool {
            var piece = [UInt8](repeating: 0, count: 65_536)
            let count = read(end, &piece, piece.count)
            if count < 0, errno == EINTR { return true }
            guard count > 0 else { return false }
            bytes += piece[..<min(count, max(0, limit - bytes.count))]
            return true
        }
    }
}

/// A mock that this process started; ended by `stop`.
final class RunningMock: Sendable {
    private let id: pid_t
    /// Its end is the mock's end, however this process ends.
    private let input: Int32
    /// The line that it wrote when it was ready, JSON.
    let ready: [UInt8]
    private let isStopped = Locked(false)
    private let siblings: Locked<Set<pid_t>>

    init(id: pid_t, input: Int32, ready: [UInt8], among siblings: Locked<Set<pid_t>>) {
        self.id = id
        self.input = input
        self.ready = ready
        self.siblings = siblings
    }

    deinit { stop() }

    func stop() {
        guard
            isStopped.withLock({ stopped in
                defer { stopped = true }
                return !stopped
            })
        else { return }
        kill(id, SIGTERM)
        close(input)
        _ = siblings.wait(for: id)
    }
}

extension Locked<Set<pid_t>> {
    /// Waits for the end of a child, which then is none of these any more.
    ///
    /// - Returns: Its status, as wait(2) has it.
    fileprivate func wait(for child: pid_t) -> Int32 {
        // Its number is nobody else's until its end was taken note of.
        awaitEnd(of: child)
        return withLock { children in
            children.remove(child)
            var status: Int32 = 0
            while waitpid(child, &status, 0) != child, errno == EINTR {}
            return status
        }
    }
}

/// Returns when a child has ended, and leaves its status to be read.
private func awaitEnd(of child: pid_t) {
    var facts = siginfo_t()
    while waitid(P_PID, id_t(child), &facts, WEXITED | WNOWAIT) != 0, errno == EINTR {}
}
