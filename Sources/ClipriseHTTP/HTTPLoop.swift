internal import CCurl
internal import ClipriseLocks

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

extension HTTPFailure {
    static let shutDown = HTTPFailure(kind: .shutDown, reason: "the client was shut down", mayHaveLeft: false)
}

/// What other threads want of the loop's thread.
final class LoopOrders: Sendable {
    enum Order: Sendable {
        case start(Int, HTTPCall, any HTTPReceiver)
        case resolved(Int, Result<[IPAddress], any Error>)
        case cancel(Int)
        case resume(Int)
    }

    private enum Stage {
        case idle
        /// With the thread's handle, whose one function for other threads is called with the lock held.
        case running(MultiHandle)
        case ended
    }

    private struct State {
        var stage = Stage.idle
        var waiting: [Order] = []
        var lastNumber = 0
        var isEnding = false
    }

    private let state = Locked(State())

    func takeNumber() -> Int {
        state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
    }

    /// - Returns: Whether the order will be obeyed.
    @discardableResult
    func post(_ order: Order) -> Bool {
        state.withLock { state in
            guard !state.isEnding else { return false }
            switch state.stage {
            case .idle:
                guard case .start = order, let multi = MultiHandle() else { return false }
                state.stage = .running(multi)
                state.waiting.append(order)
                LoopThread.begin(multi, self)
            case .running(let multi):
                state.waiting.append(order)
                // Whoever posted first has woken it already.
                if state.waiting.count == 1 { ccurl_multi_wakeup(multi.pointer) }
            case .ended: return false
            }
            return true
        }
    }

    func end() {
        state.withLock { state in
            state.isEnding = true
            if case .running(let multi) = state.stage { ccurl_multi_wakeup(multi.pointer) }
        }
    }

    /// Takes what was posted; the thread obeys it, and then ends if `isEnding`.
    func take() -> (orders: [Order], isEnding: Bool) {
        state.withLock { state in
            let orders = state.waiting
            state.waiting = []
            return (orders, state.isEnding)
        }
    }

    /// After this nobody but the thread has the handle.
    func close() {
        state.withLock { $0.stage = .ended }
    }
}

/// libcurl's handle of many transfers.
///
/// Safety: all is done on the loop's thread, but `curl_multi_wakeup`, which any thread may call while the handle lives;
/// `LoopOrders` sees to that.
struct MultiHandle: Sendable {
    nonisolated(unsafe) let pointer: UnsafeMutableRawPointer

    /// The most connections that stay open while nobody uses them.
    private static let idleLimit = 32

    /// Why libcurl is not there; nil when it is.
    static let notLoaded: HTTPFailure? = ccurl_load().map { problem in
        HTTPFailure(kind: .notConnected, reason: String(cString: problem), mayHaveLeft: false)
    }

    private static let isReady = notLoaded == nil && ccurl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init?() {
        guard Self.isReady, let pointer = ccurl_multi_init() else { return nil }
        ccurl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, Self.idleLimit)
        ccurl_multi_set_long(pointer, CURLMOPT_PIPELINING, 0)
        self.pointer = pointer
    }
}
