internal import ClipriseClient
internal import ClipriseWire
internal import Glibc

/// Reports on standard error how a job goes on: one line that changes on a terminal, a line for each event otherwise.
final class ProgressLines: Sendable {
    private let isQuiet: Bool
    private let isTerminal: Bool

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
        isTerminal = isatty(STDERR_FILENO) == 1
    }

    func show(_ progress: JobProgress) {
        guard !isQuiet else { return }
        let text: String
        switch progress {
        case .accepted(let task): return lasting("accepted: task \(task.printable)")
        case .waiting(let duration, let reason):
            let cause = reason.map { "\("\($0)".printable); " } ?? "not finished; "
            text = cause + "next try in \(Self.seconds(duration))"
        case .downloading(let start): text = start == 0 ? "downloading" : "downloading from byte \(start)"
        }
        if isTerminal { write("\r\u{1B}[K\(text)", to: STDERR_FILENO) } else { lasting(text) }
    }

    /// Clears the changing line.
    func end() {
        if isTerminal, !isQuiet { write("\r\u{1B}[K", to: STDERR_FILENO) }
    }

    private func lasting(_ text: String) {
        write((isTerminal ? "\r\u{1B}[K" : "") + text + "\n", to: STDERR_FILENO)
    }

    /// Seconds with one digit behind the point.
    private static func seconds(_ duration: Duration) -> String {
        let tenths = Int((duration / .milliseconds(100)).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
