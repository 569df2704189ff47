public import ClipriseWire

/// A status poll that was answered at once, and of which there is nothing to say in words: most exchanges there are.
///
/// Numbers only, so that noting it is to copy them. `ExchangeEvent` has the meaning of each.
public struct PlainPoll: Sendable {
    public var isHead: Bool
    public var status: Int
    public var clause: Clause
    public var model: Int
    public var task: Int
    public var attempt: Int
    public var shape: ExchangeEvent.Shape
    public var bytes: Int
    public var leaks: ExchangeEvent.Leak

    public init(
        isHead: Bool, status: Int, clause: Clause, model: Int, task: Int, attempt: Int, shape: ExchangeEvent.Shape,
        bytes: Int, leaks: ExchangeEvent.Leak
    ) {
        self.isHead = isHead
        self.status = status
        self.clause = clause
        self.model = model
        self.task = task
        self.attempt = attempt
        self.shape = shape
        self.bytes = bytes
        self.leaks = leaks
    }
}
