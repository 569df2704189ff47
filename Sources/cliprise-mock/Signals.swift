internal import Glibc

/// SIGINT and SIGTERM.
private func endingSignals() -> sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    return signals
}

/// Keeps SIGINT and SIGTERM waiting for `waitForEndingSignal`, on this thread and all that it starts; ignores SIGPIPE.
func blockEndingSignals() {
    var signals = endingSignals()
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    signal(SIGPIPE, SIG_IGN)
}

/// Returns at the first SIGINT or SIGTERM; a second one then ends the process at once.
func waitForEndingSignal() {
    var signals = endingSignals()
    var received: Int32 = 0
    sigwait(&signals, &received)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
}
