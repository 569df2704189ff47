/// How a task stands.
public enum TaskOutcome: Sendable, Hashable {
    case processing
    case succeeded
    case failed(message: String)
}
