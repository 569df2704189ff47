/// How a task stands.
package enum TaskOutcome: Sendable, Hashable {
    case processing
    case succeeded
    case failed(message: String)
}
