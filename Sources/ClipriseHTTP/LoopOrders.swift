internal import CCurl
internal import ClipriseLocks

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
