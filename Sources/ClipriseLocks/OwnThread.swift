public import Glibc

/// Threads that belong to one object.
public enum OwnThread {
    public struct Failure: Error {
        /// As in `errno`.
        public let code: Int32
    }

    /// Starts a thread that runs `work` with its owner and then ends; somebody must join or detach it.
    ///
    /// The signals of the program are for its other threads: a new one inherits the mask of the one that starts it. Those
    /// that report a fault of the thread itself are let through: blocked, they end the program without a word.
    ///
    /// - Parameter owner: Is retained until the work is done.
    public static func start<Owner: AnyObject>(
        of owner: Owner, _ work: @escaping @Sendable (Owner) -> Void
    ) throws(Failure) -> pthread_t {
        var signals = sigset_t()
        var former = sigset_t()
        sigfillset(&signals)
        for fault in [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP] { sigdelset(&signals, fault) }
        pthread_sigmask(SIG_SETMASK, &signals, &former)
        defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
        // Retained here, released at the end of the thread.
        let retained = Unmanaged.passRetained(Errand { work(owner) })
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Errand>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, retained.toOpaque())
        guard code == 0 else {
            retained.release()
            throw Failure(code: code)
        }
        return thread
    }

    private final class Errand {
        let run: () -> Void

        init(_ run: @escaping () -> Void) { self.run = run }
    }
}
