internal import Dispatch
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

/// Waits for the next of them.
func nextEndingSignal() -> Int32 {
    var signals = endingSignals()
    var received: Int32 = 0
    sigwait(&signals, &received)
    return received
}

/// Returns at the first of them; a second one then ends the process at once.
func waitForEndingSignal() {
    var signals = endingSignals()
    _ = nextEndingSignal()
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
}

/// Sends SIGTERM to this process at the end of its standard input.
func endWithInput() {
    DispatchQueue.global().async {
        var byte: UInt8 = 0
        var count = 1
        while count > 0 || (count < 0 && errno == EINTR) { count = read(STDIN_FILENO, &byte, 1) }
        kill(getpid(), SIGTERM)
    }
}

/// Keeps them waiting for `endingSignal`, on this thread; returns its mask of before.
func holdEndingSignals() -> sigset_t {
    var (signals, before) = (endingSignals(), sigset_t())
    pthread_sigmask(SIG_BLOCK, &signals, &before)
    return before
}

/// The one of them that came, or comes within so many nanoseconds; nil for none.
func endingSignal(within nanoseconds: Int) -> Int32? {
    var signals = endingSignals()
    var time = timespec(tv_sec: 0, tv_nsec: nanoseconds)
    let received = sigtimedwait(&signals, nil, &time)
    return received > 0 ? received : nil
}
