import ClipriseLocks
import ClipriseWire
import Foundation
import MicroHTTPD
import ProgramRunner
import RawSocket
import Testing

/// A listener as the proxy of a client: CONNECT.
@Suite(.enabled(if: Program.curl.works("--version"), "curl is not installed")) struct TunnelTests {
    private static func listener(
        ended: Listener.Observer? = nil, _ handler: @escaping Listener.Handler
    ) throws -> Listener {
        var configuration = ListenerConfiguration()
        configuration.tls = try #require(Identity.made).settings
        return try Listener(
            configuration, ended: ended, tunnel: { $0.target == Array("business.api.cliprise.app:443".utf8) },
            handler: handler)
    }

    private func curl(_ listener: Listener, _ urls: [String]) throws -> Outcome {
        try Program.curl.run(
            ["-q", "-k", "-sS", "--max-time", "10", "--noproxy", "", "-x", "http://127.0.0.1:\(listener.port)"] + urls)
    }

    @Test func `a CONNECT to a host that is taken leads to the TLS of the listener`() throws {
        let requests = Locked<[Request]>([])
        let ends = Locked<[ExchangeEnd]>([])
        let listener = try Self.listener(ended: { end in ends.withLock { $0.append(end) } }) { request, _ in
            requests.withLock { $0.append(request) }
            return .text("ok ")
        }
        let url = "https://business.api.cliprise.app/x"
        let run = try curl(listener, [url, url])
        #expect(run.output == "ok ok ", "\(run.errors)")
        listener.stop()
        let name = Array("business.api.cliprise.app".utf8)
        let seen = requests.withLock { $0 }
        #expect(seen.count == 2)
        #expect(seen.allSatisfy { $0.isFromLoopback && $0.security == .init(serverName: name, isTunnelled: true) })
        #expect(ends.withLock { $0.map(\.outcome) } == [.completed, .completed])
    }

    @Test func `other hosts go to the handler`() throws {
        let listener = try Self.listener { request, _ in
            ResponsePlan(status: 403, contentType: .text, body: .plain(request.target))
        }
        let run = try curl(listener, ["https://api.example.com/x"])
        #expect(run.status == 56 && run.errors.contains("403"), "\(run.errors)")
    }

    @Test func `faults keep their meaning in a tunnel`() throws {
        let plans: [String: ResponsePlan] = [
            "/fin": .steps(9, .send("abcde"), .abort(.close)), "/rst": .steps(9, .send("abcde"), .abort(.reset)),
        ]
        let listener = try Self.listener { request, _ in plans[String(decoding: request.target, as: UTF8.self)] }
        let fin = try curl(listener, ["https://business.api.cliprise.app/fin"])
        #expect(fin.status == 18 && fin.output == "abcde", "\(fin.errors)")
        let rst = try curl(listener, ["https://business.api.cliprise.app/rst"])
        #expect(rst.status == 56 && rst.output == "abcde" && rst.errors.contains("reset by peer"), "\(rst.errors)")
    }

    @Test func `a client that leaves ends its tunnel, and a tunnel does not keep the listener from stopping`() throws {
        let listener = try Self.listener { _, _ in .text("ok") }
        let line = "CONNECT business.api.cliprise.app:443 HTTP/1.1\r\nHost: business.api.cliprise.app:443\r\n\r\n"
        do {
            let client = try RawSocket(port: listener.port)
            try client.send(line)
            #expect(client.read(through: "\r\n\r\n")?.hasPrefix("HTTP/1.1 200 ") == true)
        }
        let silent = try RawSocket(port: listener.port)
        try silent.send(line)
        #expect(silent.read(through: "\r\n\r\n")?.hasPrefix("HTTP/1.1 200 ") == true)
        listener.stop()
        #expect(silent.readToEnd().end != .timedOut)
    }
}
