import ClipriseHTTP
import ClipriseLocks
import ClipriseWire
import Glibc
import RawSocket
import Testing

/// Over real sockets of this machine.
@Suite(.ownThreads) struct HTTPLoopTests {
    private static func call(_ host: HTTPCall.Host, port: UInt16, target: String = "/", _ fields: [HTTPField] = [])
        -> HTTPCall
    {
        HTTPCall(
            .get, scheme: .http, host: host, port: port, target: target, fields: [HTTPField("Host", "h")] + fields,
            limits: HTTPLimits(connect: .seconds(10), total: .seconds(30)))
    }

    private static func name(_ name: String, _ addresses: String...) -> HTTPCall.Host {
        .name(name, lookup: SharedLookup { addresses.compactMap { IPAddress($0) } })
    }

    /// Names that libcurl knows an answer for, or might ask somebody about.
    @Test(arguments: ["localhost", "a.localhost", "h.invalid", "1.2.3.4.example"])
    func `a connection goes where the lookup says and nowhere else`(name: String) async throws {
        let (right, wrong) = try OneAnswer.pair()
        let loop = HTTPLoop()
        #expect(await Receiver.end(loop, Self.call(Self.name(name, "127.0.0.2"), port: right.port)).status == 200)
        #expect(right.connections == 1 && wrong.connections == 0)
    }

    /// A text that libcurl takes for an address counts by what the lookup said of it as well.
    @Test func `an address in odd spelling is not a way past the lookup`() async throws {
        let server = try OneAnswer(lastByte: 1)
        let result = await Receiver.end(HTTPLoop(), Self.call(Self.name("0x7f.1", "127.0.0.2"), port: server.port))
        guard case .failed(let failure) = result.end, case .notConnected = failure.kind else {
            Issue.record("\(result)")
            return
        }
        #expect(!failure.mayHaveLeft && server.connections == 0)
    }

    @Test func `an address of the other version stands in for one that refuses`() async throws {
        let server = try OneAnswer(lastByte: 1)
        let call = Self.call(Self.name("h.invalid", "::1", "127.0.0.1"), port: server.port)
        #expect(await Receiver.end(HTTPLoop(), call).status == 200)
    }

    static let unsound: [(target: String, fields: [HTTPField])] = [
        ("/ HTTP/1.1\r\nX: y", []), ("/a b", []), ("/\u{0}", []), ("/é", []),
        ("/", [HTTPField("X", "a\r\nY: b")]), ("/", [HTTPField("X\r\nY", "b")]), ("/", [HTTPField("X:", "b")]),
        ("/", [HTTPField("", "b")]),
    ]

    @Test(arguments: unsound)
    func `what would be read as more than one line is not sent`(target: String, fields: [HTTPField]) async throws {
        let server = try OneAnswer(lastByte: 1)
        let call = Self.call(.address(.v4(0x7F00_0001)), port: server.port, target: target, fields)
        let result = await Receiver.end(HTTPLoop(), call)
        guard case .failed(let failure) = result.end else {
            Issue.record("\(result)")
            return
        }
        #expect(!failure.mayHaveLeft && server.connections == 0)
    }

    static let longHeads: [(fields: String, reason: String)] = [
        ("X: \(String(repeating: "y", count: 150_000))\r\n", "a line of its head is longer than 100 KiB"),
        (String(repeating: "X: y\r\n", count: 50_000), "its head is longer than 256 KiB"),
    ]

    @Test(arguments: longHeads)
    func `a head that is too long is reported as such`(fields: String, reason: String) async throws {
        let server = try OneAnswer(lastByte: 1, fields: fields)
        let result = await Receiver.end(HTTPLoop(), Self.call(.address(.v4(0x7F00_0001)), port: server.port))
        guard case .failed(let failure) = result.end, case .notHTTP = failure.kind else {
            Issue.record("\(result)")
            return
        }
        #expect(failure.reason == reason)
    }

    @Test func `calls that come together share one lookup`() {
        let (begun, go, answered) = (Gate(), Gate(), Gate())
        let count = Locked(0)
        let lookup = SharedLookup {
            count.withLock { $0 += 1 }
            begun.open()
            go.pass()
            return [.v4(1)]
        }
        for _ in 0..<3 { lookup.ask { _ in answered.open() } }
        #expect(begun.pass())
        go.open()
        for _ in 0..<3 { #expect(answered.pass()) }
        lookup.ask { _ in answered.open() }
        #expect(answered.pass())
        #expect(count.withLock { $0 } == 1)
    }

    @Test func `after a shutdown nothing is sent`() async throws {
        let server = try OneAnswer(lastByte: 1)
        let loop = HTTPLoop()
        loop.shutdown()
        let result = await Receiver.end(loop, Self.call(.address(.v4(0x7F00_0001)), port: server.port))
        guard case .failed(let failure) = result.end, case .shutDown = failure.kind else {
            Issue.record("\(result)")
            return
        }
        #expect(server.connections == 0)
    }
}

/// Waits for the end of one exchange.
private final class Receiver: HTTPReceiver {
    private let status = Locked(0)
    private let onEnd: @Sendable (HTTPEnd, Int) -> Void

    private init(_ onEnd: @escaping @Sendable (HTTPEnd, Int) -> Void) { self.onEnd = onEnd }

    static func end(_ loop: HTTPLoop, _ call: HTTPCall) async -> (end: HTTPEnd, status: Int) {
        await withCheckedContinuation { continuation in
            _ = loop.start(call, Receiver { continuation.resume(returning: ($0, $1)) })
        }
    }

    func receive(_ head: HTTPHead) { status.withLock { $0 = head.status } }
    func receive(_ piece: UnsafeRawBufferPointer) -> HTTPAppetite { .more }
    func end(_ end: HTTPEnd) { onEnd(end, status.withLock { $0 }) }
}

/// A listener on `127.0.0.x` that answers each connection at once.
private final class OneAnswer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let count = Locked(0)

    /// Two on one port: the first on 127.0.0.2, the other on 127.0.0.1.
    static func pair() throws -> (OneAnswer, OneAnswer) {
        // What is free on one address may be taken on the other.
        var taken: [OneAnswer] = []
        while taken.count < 100 {
            let first = try OneAnswer(lastByte: 2)
            if let second = try? OneAnswer(lastByte: 1, port: first.port) { return (first, second) }
            taken.append(first)
        }
        throw NoPort()
    }

    struct NoPort: Error {}

    /// - Parameter fields: Of the answer, each with its line end.
    init(lastByte: UInt32, port: UInt16 = 0, fields: String = "") throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = (0x7F00_0000 | lastByte).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound, listen(listener, 16) == 0 else {
            close(listener)
            throw NoPort()
        }
        self.port = UInt16(bigEndian: address.sin_port)
        self.listener = listener
        let count = count
        OtherThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                count.withLock { $0 += 1 }
                var space = [UInt8](repeating: 0, count: 4_096)
                recv(connection, &space, space.count, 0)
                let answer = "HTTP/1.1 200 OK\r\n\(fields)Content-Length: 0\r\nConnection: close\r\n\r\n"
                send(connection, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
                close(connection)
            }
            close(listener)
        }.detach()
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    var connections: Int { count.withLock { $0 } }
}
