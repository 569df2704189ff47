import ClipriseClient
import ClipriseLocks
import Foundation
import Glibc
import RawSocket
import Testing

/// A large file passes through; it is not kept.
@Suite(.ownThreads) struct FlatMemoryTests {
    static let size = 100_000_000

    @Test func `a file of 100 MB takes less than 16 MB, also for a receiver that is slow`() async {
        await #expect(processExitsWith: .success) {
            let stalled = Gate()
            let server = try ConnectionServer { connection in
                guard connection.request() != nil else { return }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(Self.size)\r\n\r\n")
                let piece = [UInt8](repeating: 0x78, count: 100_000)
                for _ in 0..<(Self.size / piece.count) {
                    if !connection.canSend(milliseconds: 300) { stalled.open() }
                    guard connection.send(piece) else { return }
                }
            }
            let one = try wireClient("http://127.0.0.1:\(server.port)")
            let before = residentBytes()
            let isFirst = Locked(true)
            let peak = Locked(0)
            let result = try await one.download(taskID) { _ in
                // Takes nothing until the server can send nothing more.
                if isFirst.withLock({ first in
                    defer { first = false }
                    return first
                }) {
                    precondition(stalled.pass(), "the server was never held back")
                }
                peak.withLock { $0 = max($0, residentBytes()) }
            }
            precondition(result.byteCount == Self.size)
            let growth = peak.withLock { $0 } - before
            precondition(growth < 16 << 20, "it grew by \(growth) bytes")
        }
    }
}
