internal import ClipriseLocks
internal import Dispatch

/// How many more bytes of bodies are kept, of one answer or of several together.
package final class BodyRoom: Sendable {
    private let bytes: Locked<Int>

    package init(_ bytes: Int) { self.bytes = Locked(bytes) }

    /// - Returns: As many of them as are left.
    fileprivate func take(_ wanted: Int) -> Int {
        bytes.withLock { bytes in
            let taken = min(bytes, wanted)
            bytes -= taken
            return taken
        }
    }
}

/// Collects one answer, and lets a thread wait for it.
package final class WholeAnswer: HTTPReceiver {
    private struct State {
        var head: HTTPHead?
        var body: [UInt8] = []
        var isCut = false
        var end: HTTPEnd?
    }

    private let room: BodyRoom
    private let state = Locked(State())
    private let isOver = DispatchSemaphore(value: 0)

    /// - Parameter room: The most bytes of the body that are kept.
    package init(_ room: BodyRoom) { self.room = room }

    package func receive(_ head: HTTPHead) { state.withLock { $0.head = head } }

    package func receive(_ piece: UnsafeRawBufferPointer) -> HTTPAppetite {
        let kept = room.take(piece.count)
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
