internal import CVirtualTime
internal import Glibc

/// How a command went, as far as time goes.
package struct VirtualTimeSummary: Sendable, Hashable {
    /// How often the clock was moved.
    package var moves: UInt64
    /// How far, in nanoseconds.
    package var moved: Int64
    /// How long a process that could not be reached kept the clock from being moved, in nanoseconds.
    package var kept: Int64
    /// The name of the first such process; empty without any.
    package var keeper: String
}

/// One clock for this process and for a command that it starts: whenever all of them only wait, it is moved to the end
/// of the first wait.
///
/// The command gets a library by `LD_PRELOAD` and the path of the clock's page, both in a private folder. There is one
/// for the life of this process.
package final class VirtualTime {
    private let folder: String
    private let start: Int64
    private let summary = UnsafeMutablePointer<cvt_summary>.allocate(capacity: 1)
    private var thread: pthread_t?

    /// Makes the clock; from now on `LD_PRELOAD` is set for commands.
    ///
    /// - Throws: `VirtualTimeError` when there is no folder that a library can be loaded from.
    package init() throws(VirtualTimeError) {
        folder = try LibraryFolder.make()
        let problem = cvt_make(folder + "/page")
        guard problem == 0 else {
            LibraryFolder.remove(folder)
            throw VirtualTimeError(message: "\(folder)/page: \(String(cString: strerror(problem)))")
        }
        summary.initialize(to: cvt_summary())
        start = cvt_monotonic()
        setenv("CLIPRISE_MOCK_TIME_PAGE", folder + "/page", 1)
        LibraryFolder.preload(from: folder)
        cvt_adopt_orphans()
    }

    deinit {
        stop()
        summary.deinitialize(count: 1)
        summary.deallocate()
    }

    /// Nanoseconds since the clock was made.
    package var now: @Sendable () -> Int64 { { [start] in cvt_monotonic() - start } }

    /// Begins to move the clock for a command that talks to these ports.
    package func begin(ports: [UInt16]) {
        for port in ports { cvt_add_mock_port(port) }
        var thread = pthread_t()
        let problem = pthread_create(
            &thread, nil,
            { argument in
                if let argument { cvt_conduct(argument.assumingMemoryBound(to: cvt_summary.self)) }
                return nil
            }, summary)
        if problem == 0 { self.thread = thread }
    }

    private func stop() {
        cvt_stop()
        if let thread { pthread_join(thread, nil) }
        thread = nil
        LibraryFolder.remove(folder)
    }

    /// Ends it; the clock runs with the machine's from now on.
    ///
    /// - Throws: `VirtualTimeError` when no program of the command has loaded the library.
    package func end() throws(VirtualTimeError) -> VirtualTimeSummary {
        stop()
        let facts = summary.pointee
        guard facts.hasJoined else {
            throw VirtualTimeError(
                message: "the command did not load the library of virtual time (it is not a program of glibc, was "
                    + "started without LD_PRELOAD, or may not read \(folder)): run it without --virtual-time")
        }
        let keeper = withUnsafeBytes(of: facts.keeper) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return VirtualTimeSummary(moves: facts.moves, moved: facts.moved, kept: facts.kept, keeper: keeper)
    }
}
