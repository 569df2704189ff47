public import ClipriseWire

/// Which of its tasks an account keeps once they ended; the others are forgotten, and the money stays as it is.
public enum TaskKeeping: Sendable, Hashable {
    /// So many, those that were accepted last.
    case newest(Int)
    /// Those that ended no longer ago than this.
    case since(TimeSpan)
}
