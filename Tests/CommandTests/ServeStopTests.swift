import Foundation
import ProgramRunner
import RawSocket
import Testing

/// A signal ends the server with exit code 0 soon, whatever its clients are doing.
@Suite(.ownThreads) struct ServeStopTests {
    private func expectQuickEnd(_ server: MockServer, _ signal: Int32 = SIGTERM) throws {
        let start = ContinuousClock.now
        #expect(try server.stop(signal) == 0)
        // Far from the minute for which a connection may be idle, and from what a request may take.
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `a signal ends an idle server`(signal: Int32) throws {
        try expectQuickEnd(try MockServer(), signal)
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `a signal ends a server with 50 idle keep-alive connections`(signal: Int32) throws {
        let server = try MockServer()
        let sockets = try (0..<50).map { _ in try RawSocket(port: server.port, timeout: 30) }
        for socket in sockets {
            try socket.send("GET /__admin/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            #expect(socket.readResponse()?.status == 200)
        }
        try expectQuickEnd(server, signal)
        for socket in sockets { #expect(socket.read(1).bytes.isEmpty) }
    }

    static let unfinished = [
        "", "GET /app/cli", "GET /app/cliprise/status HTTP/1.1\r\nHost: business.api.cliprise.app\r\nX-Slow:",
        "POST /app/cliprise/generate HTTP/1.1\r\nHost: business.api.cliprise.app\r\nContent-Length: 1000\r\n\r\n{",
    ]

    @Test(arguments: unfinished)
    func `a signal ends a server with requests that never end`(start: String) throws {
        let server = try MockServer()
        let sockets = try (0..<5).map { _ in try RawSocket(port: server.port, timeout: 30) }
        for socket in sockets { try socket.send(start) }
        // An answer on a later connection shows that the server has seen the others.
        #expect(try server.admin("GET", "health").status == 200)
        try expectQuickEnd(server)
    }

    /// A server, a finished task, and a started download of its file through a small window.
    private func withDownload(_ body: (MockServer, RawSocket, _ whole: Reply) throws -> Void) throws {
        let server = try MockServer(["--time-scale", "0"])
        let task = try server.generate(
            """
            {"model":"grok-imagine","callBackUrl":"https://your-service.example.com/hook",\
            "input":{"prompt":"A lighthouse","aspect_ratio":"1:1"}}
            """
        ).taskID
        let whole = try server.status(task, download: true)
        try #require(whole.body.count > 200_000)
        let socket = try RawSocket(port: server.port, receiveBuffer: 4_096, timeout: 30)
        try socket.send(
            """
            GET /app/cliprise/status?apiKey=test-key&taskId=\(task)&download=true HTTP/1.1\r
            Host: \(documentedHost)\r\n\r\n
            """)
        #expect(String(decoding: socket.read(15).bytes, as: UTF8.self) == "HTTP/1.1 200 OK")
        try body(server, socket, whole)
    }

    @Test func `a signal ends a server whose client has stopped reading a download`() throws {
        try withDownload { server, _, _ in try expectQuickEnd(server) }
    }

    @Test func `a download under way at the signal is finished first`() throws {
        try withDownload { (server, socket, whole) throws in
            server.child.signal(SIGTERM)
            let rest = socket.read(.max)
            #expect(rest.end == .closed)
            #expect(rest.bytes.suffix(whole.body.count) == whole.body[...])
            #expect(try server.child.wait() == 0)
        }
    }
}
