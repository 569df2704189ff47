public import ClipriseWire

/// What of accounts a command changes, as far as answers show it.
public enum AdminChange: Sendable, Hashable {
    case nothing
    /// There is one more, which is as any other.
    case oneMore
    case account([UInt8])
    case task(TaskID)
    case all
}
