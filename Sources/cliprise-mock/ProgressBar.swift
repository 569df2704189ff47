internal import Glibc
internal import Synchronization

/// A line on the terminal that shows how far a run has come; nothing when standard error is no terminal, and nothing for
/// runs that are over within a second.
final class ProgressBar: Sendable {
    private static let width = 32
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let start = ContinuousClock.now
    /// Whether a thread is drawing; the others need not.
    private let isDrawing = Atomic(false)

    /// - Parameter part: 0 to 1.
    @Sendable
    func show(_ part: Double) {
        guard isTerminal, ContinuousClock.now - start > .seconds(1),
            isDrawing.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
        else { return }
        defer { isDrawing.store(false, ordering: .releasing) }
        let full = Int(part * Double(Self.width))
        let bar = String(repeating: "█", count: full) + String(repeating: "░", count: Self.width - full)
        write("\r\(bar) \(Int(part * 100)) %", to: STDERR_FILENO)
    }

    /// Leaves a clean line.
    func clear() {
        guard isTerminal, ContinuousClock.now - start > .seconds(1) else { return }
        write("\r" + String(repeating: " ", count: Self.width + 8) + "\r", to: STDERR_FILENO)
    }
}
