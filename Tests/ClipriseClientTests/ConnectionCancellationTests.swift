import ClipriseHTTP
import Foundation
import Glibc
import RawSocket
import Testing

@testable import ClipriseClient

/// Waits for a gate that the task pool opens: other tests may hold the pool until the last of them has ended.
private func patiently(_ gate: Gate) -> Bool { gate.pass(within: 3_600) }

/// Cancels a request in each state that a connection has.
@Suite(.ownThreads) struct ConnectionCancellationTests {
    private static let exchange = TransportExchange(
        request: RequestHead(method: .get, authority: "h", path: "/"), timeout: .seconds(600), isStreamed: true)

    /// - Parameter lookup: Nil for a base URL whose host is an address.
    private static func transport(
        _ port: UInt16, lookup: (@Sendable (String) throws -> [IPAddress])? = nil
    ) throws -> CurlTransport {
        let host = lookup == nil ? "127.0.0.1" : "name.invalid"
        return CurlTransport(
            baseURL: try #require(BaseURL("http://\(host):\(port)")), pieceTimeout: .seconds(600),
            lookup: lookup ?? { _ in [] })
    }

    /// Begins an exchange, waits until it is where it must be, and cancels it there.
    private static func cancel(
        _ transport: CurlTransport, when isThere: @escaping @Sendable () -> Bool,
        receive: @escaping @Sendable () async throws -> Void = {}
    ) async {
        let work = Task { try await transport.send(exchange) { _, _ in try await receive() } }
        let reached = await withCheckedContinuation { continuation in
            OtherThread { continuation.resume(returning: isThere()) }.detach()
        }
        #expect(reached)
        work.cancel()
        await #expect(throws: CancellationError.self) { try await work.value }
    }

    @Test func `before the start nothing is sent`() async throws {
        let arrived = Gate()
        let server = try ConnectionServer { _ in arrived.open() }
        let transport = try Self.transport(server.port)
        let work = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await transport.send(Self.exchange) { _, _ in }
        }
        await #expect(throws: CancellationError.self) { try await work.value }
        // One that does connect comes first.
        let socket = try RawSocket(port: server.port)
        #expect(patiently(arrived))
        _ = socket
    }

    @Test func `while the name is looked up, however long that takes`() async throws {
        let (begun, never) = (Gate(), Gate())
        let transport = try Self.transport(9) { _ in
            begun.open()
            _ = patiently(never)
            return []
        }
        await Self.cancel(transport) { patiently(begun) }
        never.open()
    }

    @Test func `while it connects`() async throws {
        // A queue that is full: the system leaves further connections without an answer.
        let (listener, port) = try ConnectionServer.listen(backlog: 0)
        defer { close(listener) }
        let first = try RawSocket(port: port)
        let transport = try Self.transport(port)
        await Self.cancel(transport) { Self.waits(forConnectionTo: port) }
        _ = first
    }

    @Test func `while it waits for the head`() async throws {
        let arrived = Gate()
        let server = try ConnectionServer { connection in
            if connection.request() != nil { arrived.open() }
            connection.waitForLeaving()
        }
        let transport = try Self.transport(server.port)
        await Self.cancel(transport) { patiently(arrived) }
    }

    @Test func `in the body, and the server sees the client leave`() async throws {
        let (begun, left) = (Gate(), Gate())
        let server = try ConnectionServer { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegun")
            if connection.waitForLeaving() { left.open() }
        }
        let transport = try Self.transport(server.port)
        await Self.cancel(transport, when: { patiently(begun) }, receive: { begun.open() })
        #expect(patiently(left))
    }

    @Test func `while the receiver is not ready for more`() async throws {
        let begun = Gate()
        let server = try ConnectionServer { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            let piece = [UInt8](repeating: 0, count: 1 << 16)
            while connection.send(piece) {}
        }
        let transport = try Self.transport(server.port)
        await Self.cancel(
            transport, when: { patiently(begun) },
            receive: {
                begun.open()
                try await Task.sleep(for: .seconds(600))
            })
    }

    @Test func `a shutdown ends what is under way`() async throws {
        let arrived = Gate()
        let server = try ConnectionServer { connection in
            if connection.request() != nil { arrived.open() }
            connection.waitForLeaving()
        }
        let transport = try Self.transport(server.port)
        let work = Task { try await transport.send(Self.exchange) { _, _ in } }
        let reached = await withCheckedContinuation { continuation in
            OtherThread { continuation.resume(returning: patiently(arrived)) }.detach()
        }
        #expect(reached)
        await transport.shutdown()
        await #expect(throws: TransportFailure.lost) { try await work.value }
        await #expect(throws: TransportFailure.notSent) { try await transport.send(Self.exchange) { _, _ in } }
    }

    /// Waits until the system's table shows a connection to the port that was asked for and not answered (SYN_SENT).
    private static func waits(forConnectionTo port: UInt16) -> Bool {
        let mark = String(format: "0100007F:%04X 02 ", port)
        let start = ContinuousClock.now
        while ContinuousClock.now - start < .seconds(3_600) {
            // The kernel says that the file is empty, and what takes that at its word reads the beginning only.
            let table = try? FileHandle(forReadingAtPath: "/proc/net/tcp")?.readToEnd()
            if String(decoding: table ?? Data(), as: UTF8.self).contains(mark) { return true }
            poll(nil, 0, 5)
        }
        return false
    }
}
