internal import ClipriseLocks
internal import Dispatch

/// Collects one answer, and lets a thread wait for it.
package final class WholeAnswer: HTTPReceiver {
    private struct State {
        var head: HTTPHead?
        var body: [UInt8] = []
        var isCut = false
        var end: HTTPEnd?
    }

    private let limit: Int
    private let state = Locked(State())
    private let isOver = DispatchSemaphore(value: 0)

    /// - Parameter limit: The most bytes of the body that are kept.
    package init(limit: Int) { self.limit = limit }

    package func receive(_ head: HTTPHead) { state.withLock { $0.head = head } }

    package func receive(_ piece: UnsafeRawBufferPointer) -> HTTPAppetite {
        state.withLock { state in
            let room = limit - state.body.count
            state.body.append(contentsOf: piece.prefix(room))
            state.isCut = piece.count > room
            return state.isCut ? .stop : .more
        }
    }

    package func end(_ end: HTTPEnd) {
        state.withLock { $0.end = end }
        isOver.signal()
    }

    /// Waits for the end; called once.
    ///
    /// - Returns: The head, nil when the connection ended without one; the beginning of the body, and whether more came.
    package func wait() throws(HTTPFailure) -> (head: HTTPHead?, body: [UInt8], isCut: Bool) {
        isOver.wait()
        let state = state.withLock(\.self)
        if case .failed(let failure)? = state.end { throw failure }
        return (state.head, state.body, state.isCut)
    }
}
