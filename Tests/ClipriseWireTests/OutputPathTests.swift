import ClipriseLocks
import ClipriseWire
import Glibc
import Testing

@Suite struct OutputPathTests {
    /// Reads a pipe to its end, though not before it is full.
    private final class SlowReader: Sendable {
        /// `F_GETPIPE_SZ`, which Swift does not see.
        private static let sizeOfPipe: Int32 = 1_032

        let received = Locked<[UInt8]>([])

        func read(_ descriptor: Int32) {
            var waiting: Int32 = 0
            while ioctl(descriptor, UInt(FIONREAD), &waiting) == 0, waiting < fcntl(descriptor, Self.sizeOfPipe) {
                sched_yield()
            }
            var piece = [UInt8](repeating: 0, count: 65_536)
            while case let count = Glibc.read(descriptor, &piece, piece.count), count > 0 {
                received.withLock { $0 += piece[..<count] }
            }
        }
    }

    @Test func `a pipe that does not wait gets all, however slow its reader`() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let (source, sink) = (ends[0], ends[1])
        defer { close(source) }
        try #require(fcntl(sink, F_SETFL, O_NONBLOCK) == 0)
        let bytes = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let reader = SlowReader()
        let thread = try OwnThread.start(of: reader) { $0.read(source) }
        let number = OutputPath.write(bytes[...], to: sink)
        close(sink)
        pthread_join(thread, nil)
        #expect(number == nil)
        // Not compared as lists: what differs between two as long as these takes minutes to find.
        #expect(reader.received.withLock { $0.count } == bytes.count)
        #expect(reader.received.withLock { $0 == bytes })
    }

    @Test func `what the system says is told when not all can be written`() throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(full >= 0)
        defer { close(full) }
        #expect(OutputPath.write([1, 2, 3], to: full) == ENOSPC)
        #expect(OutputPath.write([], to: full) == nil)
        #expect(OutputPath.write([1], to: -1) == EBADF)
    }
}
