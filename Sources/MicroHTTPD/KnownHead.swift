internal import ClipriseWire

/// A head that is kept to compare the next one with.
///
/// Connections that send the same bytes have one together: what is read for each request of a crowd is the same memory
/// then, and stays near the processor.
final class KnownHead {
    let isFromLoopback: Bool
    private let target: [UInt8]
    private let fields: HeaderFields
    /// What the handler found out from this head.
    var reading: HandlerMemory.Reading?

    init(_ request: borrowing Request, isFromLoopback: Bool) {
        self.isFromLoopback = isFromLoopback
        target = request.target
        fields = request.fields
    }

    /// Has a request with the same head give its own memory for this one's.
    func share(with request: inout Request) {
        request.target = target
        request.fields = fields
    }
}
