internal import Glibc

/// Work that nobody must wait for: one piece after the other, on a thread of its own that leaves the processors to the
/// other threads.
///
/// The thread is there as long as there is work.
public final class QuietThread: Sendable {
    /// By how much the thread is nicer than the program; of 19.
    private static let niceness: Int32 = 5

    private struct Line: Sendable {
        /// In the order they came.
        var pieces: [@Sendable () -> Void] = []
        /// Whether there is a thread that takes them.
        var isServed = false
    }

    private let line = Locked(Line())

    public init() {}

    /// Does `piece` after all that came before it, and lets go there of what it holds.
    public func add(_ piece: @escaping @Sendable () -> Void) {
        let mustStart = line.withLock { line in
            line.pieces.append(piece)
            defer { line.isServed = true }
            return !line.isServed
        }
        // Without a thread it is done here: late is better than never.
        if mustStart, !startThread() { serve() }
    }

    /// Does what there is, and ends.
    private func serve() {
        while let piece = next() { piece() }
    }

    private func next() -> (@Sendable () -> Void)? {
        line.withLock { line in
            line.isServed = !line.pieces.isEmpty
            return line.pieces.isEmpty ? nil : line.pieces.removeFirst()
        }
    }

    /// Makes the calling thread nicer than the program.
    private static func stepBack() {
        // Zero is the calling thread.
        let (thread, nobody) = (__priority_which_t(PRIO_PROCESS.rawValue), id_t(0))
        _ = setpriority(thread, nobody, min(getpriority(thread, nobody) + niceness, 19))
    }

    private func startThread() -> Bool {
        guard
            let thread = try? OwnThread.start(
                of: self,
                { work in
                    Self.stepBack()
                    work.serve()
                })
        else { return false }
        pthread_detach(thread)
        return true
    }
}
