public import ClipriseWire

/// A status poll or a generate that was answered at once, and of which there is nothing to say in words: most exchanges
/// there are.
///
/// Numbers only, so that noting it is to copy them. `ExchangeEvent` has the meaning of each.
public struct PlainExchange: Sendable {
    public var operation: Operation
    /// A poll by HEAD; all others are by GET, and generates by POST.
    public var isHead: Bool
    public var status: Int
    public var clause: Clause
    public var model: Int
    public var task: Int
    public var attempt: Int
    public var bodyHash: UInt64
    public var meaning: UInt64
    public var fate: Fate?
    public var held: Int64
    public var shape: ExchangeEvent.Shape
    public var bytes: Int
    public var leaks: ExchangeEvent.Leak

    @inlinable public init(
        operation: Operation, isHead: Bool = false, status: Int, clause: Clause, model: Int, task: Int, attempt: Int,
        bodyHash: UInt64 = 0, meaning: UInt64 = 0, fate: Fate? = nil, held: Int64 = 0, shape: ExchangeEvent.Shape,
        bytes: Int, leaks: ExchangeEvent.Leak
    ) {
        self.operation = operation
        self.isHead = isHead
        self.status = status
        self.clause = clause
        self.model = model
        self.task = task
        self.attempt = attempt
        self.bodyHash = bodyHash
        self.meaning = meaning
        self.fate = fate
        self.held = held
        self.shape = shape
        self.bytes = bytes
        self.leaks = leaks
    }
}
