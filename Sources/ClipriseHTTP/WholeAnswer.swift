package import ClipriseLocks
internal import Dispatch

/// Collects one answer, and lets a thread wait for it.
package final class WholeAnswer: HTTPReceiver {
    private struct State {
        var head: HTTPHead?
        var body: [UInt8] = []
        var isCut = false
        var end: HTTPEnd?
    }

    /// How many more bytes of bodies are kept.
    private let room: Locked<Int>
    private let state = Locked(State())
    private let isOver = DispatchSemaphore(value: 0)

    /// - Parameter room: The most bytes of the body that are kept; answers that share it share them.
    package init(room: Locked<Int>) { self.room = room }

    /// - Parameter limit: The most bytes of the body that are kept.
    package convenience init(limit: Int) { self.init(room: Locked(limit)) }

    package func receive(_ head: HTTPHead) { state.withLock { $0.head = head } }

    package func receive(_ piece: UnsafeRawBufferPointer) -> HTTPAppetite {
        let kept = room.withLock { room in
            let kept = min(room, piece.count)
            room -= kept
            return kept
        }
        return state.withLock { state in
            state.body.append(contentsOf: piece.prefix(kept))
            state.isCut = piece.count > kept
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
