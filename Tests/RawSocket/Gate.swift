internal import Glibc

/// Something to wait for that does not depend on the task pool: tests that block on sockets may have taken all of it.
package final class Gate: Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32

    package init() {
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Lets one more through.
    package func open() { write(writeEnd, "x", 1) }

    /// Waits for one opening and takes it.
    ///
    /// - Parameter seconds: More than an hour's worth of waiting only hides what is broken. What the task pool must open
    ///   comes when the other tests let go of it, which may be at the very end of a run.
    /// - Returns: Whether it came in time.
    @discardableResult package func pass(within seconds: Int32 = 60) -> Bool {
        guard stand(within: seconds) else { return false }
        var byte: UInt8 = 0
        return read(readEnd, &byte, 1) == 1
    }

    /// Waits for one opening and leaves it for others.
    ///
    /// - Returns: Whether it came in time.
    @discardableResult package func stand(within seconds: Int32 = 60) -> Bool {
        var waiting = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, seconds * 1_000) == 1
    }
}

/// A thread that is none of the task pool's.
package final class OtherThread {
    private var thread = pthread_t()

    package init(_ body: @escaping @Sendable () -> Void) {
        // Retained here, released by the thread when it begins.
        let box = Unmanaged.passRetained(Body(body))
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
    }

    /// Waits for its end.
    package func join() { pthread_join(thread, nil) }

    /// Lets it end by itself; it must not be waited for then.
    package func detach() { pthread_detach(thread) }

    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
