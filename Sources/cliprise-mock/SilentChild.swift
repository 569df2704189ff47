internal import ArgumentParser
internal import Glibc

/// Runs a program in a process group of its own, without input and output, to its end.
///
/// - Parameters:
///   - words: The program's own name, and its arguments.
///   - limit: How long it may take; then it is asked to end, and soon it and all its children are ended. Nil for no limit.
/// - Returns: As `exitCode`.
/// - Throws: `Failure` when it cannot be started; `ExitCode` when a signal ended it and is to end this process.
func runSilently(_ program: String, _ words: [String], limit: Duration? = nil) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // In a group of its own, all of it can be ended, and what ends this process must be passed on.
    var usual = holdEndingSignals()
    defer { pthread_sigmask(SIG_SETMASK, &usual, nil) }
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setsigmask(&attributes, &usual)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    let problem = posix_spawn(&child, program, &actions, &attributes, arguments, environ)
    guard problem == 0 else {
        throw Failure.usage("\(program): \(String(cString: strerror(problem)))")
    }
    var status: Int32 = 0
    var ending: Int32?
    var end = limit.map { ContinuousClock.now + $0 }
    var isAsked = false
    while true {
        let ended = waitpid(child, &status, WNOHANG)
        if ended == child { break }
        guard ended == 0 || errno == EINTR else { throw Failure.usage("\(program): its end is not known") }
        if let signal = endingSignal(within: 2_000_000) { (ending, end) = (signal, ContinuousClock.now) }
        guard let end, ContinuousClock.now >= end else { continue }
        if !isAsked { kill(-child, SIGTERM) }
        isAsked = true
        if ContinuousClock.now > end + .seconds(3) { kill(-child, SIGKILL) }
    }
    if let ending { throw ExitCode(128 + ending) }
    return exitCode(status)
}

/// A status of wait(2) as a shell says it: the exit code, or 128 and the number of the signal that ended the child.
func exitCode(_ status: Int32) -> Int32 {
    // As its macros take it apart.
    status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
}
