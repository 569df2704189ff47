internal import ClipriseWire
internal import Glibc

/// Runs a command as a child that gets the signals that this program gets.
///
/// Made before any thread starts, so that every thread inherits the mask and only `run` sees the signals.
struct ChildSignals {
    private static let ending: Set = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    /// So many of them end what ignores them; programs that end at once at the second Ctrl-C are many.
    private static let patience = 3
    private static let passed = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGCONT, SIGWINCH]

    private var signals = sigset_t()

    init() {
        sigemptyset(&signals)
        for number in Self.passed + [SIGCHLD] { sigaddset(&signals, number) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Runs to the end, which the third signal to end brings about in any case.
    ///
    /// - Parameter words: The command, looked for in `PATH`, and its arguments.
    /// - Returns: The command's exit code, or 128 and the number of the signal that ended it.
    /// - Throws: `Failure` when the command cannot be started.
    func run(_ words: [String]) throws -> Int32 {
        let child = try start(words)
        var asked = 0
        while true {
            var (pending, facts) = (signals, siginfo_t())
            let number = sigwaitinfo(&pending, &facts)
            if number == SIGCHLD {
                var status: Int32 = 0
                guard waitpid(child, &status, WNOHANG) == child else { continue }
                return exitCode(status)
            }
            guard number > 0 else { continue }
            // Sent by a process. What a terminal sends, the child got as well.
            if facts.si_code <= 0 { kill(child, number) }
            guard Self.ending.contains(number) else { continue }
            asked += 1
            if asked == Self.patience - 1 {
                write(
                    "cliprise-mock: waiting for \(words[0].printable) to end; once more kills it\n", to: STDERR_FILENO)
            } else if asked >= Self.patience {
                kill(child, SIGKILL)
            }
        }
    }

    private func start(_ words: [String]) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var usual = sigset_t()
        sigemptyset(&usual)
        sigaddset(&usual, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &usual)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let problem = posix_spawnp(&child, words[0], nil, &attributes, arguments, environ)
        guard problem == 0 else {
            let isMissing = problem == ENOENT || problem == ENOTDIR
            throw Failure(
                code: isMissing ? .notFound : .notRunnable,
                message: isMissing
                    ? "\(words[0]): command not found" : "\(words[0]): \(String(cString: strerror(problem)))")
        }
        return child
    }
}
