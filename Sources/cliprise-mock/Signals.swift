internal import Glibc

/// SIGINT, SIGTERM, and SIGHUP, which a terminal that closes sends.
private func endingSignals() -> sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGHUP)
    return signals
}

/// Keeps them waiting for `waitForEndingSignal`, on this thread and all that it starts; ignores SIGPIPE.
func blockEndingSignals() {
    var signals = endingSignals()
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    signal(SIGPIPE, SIG_IGN)
}

/// Returns at the first of them; a second one then ends the process at once.
func waitForEndingSignal() {
    var signals = endingSignals()
    var received: Int32 = 0
    sigwait(&signals, &received)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
}
