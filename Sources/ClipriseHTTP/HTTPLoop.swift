/// Sends requests over HTTP/1.1, plain or TLS, any number at once, from one thread.
///
/// It follows no redirects, keeps no cookies, reads no `.netrc`, takes no proxy from the environment, and connects to
/// no address that the call's lookup did not return. The thread begins with the first request.
package final class HTTPLoop: Sendable {
    private let orders = LoopOrders()

    package init() {}

    deinit { shutdown() }

    /// Names one exchange.
    package struct Ticket: Sendable, Hashable {
        let number: Int
    }

    /// Begins an exchange and returns at once.
    ///
    /// - Parameter receiver: Held until its `end` was called, on any thread.
    package func start(_ call: HTTPCall, _ receiver: any HTTPReceiver) -> Ticket {
        let ticket = Ticket(number: orders.takeNumber())
        if !orders.post(.start(ticket.number, call, receiver)) {
            receiver.end(.failed(MultiHandle.notLoaded ?? .shutDown))
        }
        return ticket
    }

    /// Ends an exchange at once, wherever it is; without effect when it is over.
    package func cancel(_ ticket: Ticket) { orders.post(.cancel(ticket.number)) }

    /// Goes on with an exchange that its receiver has paused.
    package func resume(_ ticket: Ticket) { orders.post(.resume(ticket.number)) }

    /// Ends all exchanges and closes all connections, without waiting for that; later calls fail.
    package func shutdown() { orders.end() }
}
