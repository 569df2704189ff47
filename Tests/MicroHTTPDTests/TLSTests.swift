import ClipriseLocks
import ClipriseWire
import Glibc
import MicroHTTPD
import ProgramRunner
import RawSocket
import Testing

@Suite struct TLSTests {
    /// For `localhost`, signed by itself, made for these tests alone.
    static let identity = TLSIdentity(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBnDCCAUGgAwIBAgIUQAXve/XH0klcOxDmZERjhg3IqjwwCgYIKoZIzj0EAwIw
            FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDE1MzMzMFoYDzIxMjYxMDMx
            MTUzMzMwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
            PQMBBwNCAASohCKaAlALANClJHiy7q/5ntOPPRGMuClrroqY/h3RLuKPSRnNw2QY
            whtQMHV6LuRPHFXYvhy2PvLz2SBMJKbPo28wbTAdBgNVHQ4EFgQUQo3TBON/z4fx
            1Eza69pyPKV375swHwYDVR0jBBgwFoAUQo3TBON/z4fx1Eza69pyPKV375swDwYD
            VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
            zj0EAwIDSQAwRgIhAO8dLHWi0FZ2SQ2z+nX9eXnAcuLrMswDnhaLDHLPgJ8QAiEA
            4V3hS40YJMy47jOkqVYKpdY5Caj5tZ4TrnRPE5hr1tk=
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgB0B1kl5unwQL6pO+
            8JLvV9FrecTtT/FCgz+nTbJ3bBmhRANCAASohCKaAlALANClJHiy7q/5ntOPPRGM
            uClrroqY/h3RLuKPSRnNw2QYwhtQMHV6LuRPHFXYvhy2PvLz2SBMJKbP
            -----END PRIVATE KEY-----
            """)

    private func serve(_ plans: [String: ResponsePlan]) throws -> Served {
        try Served(plans) {
            $0.tls = Self.identity
            $0.bodyLimit = 100_000
        }
    }

    /// Runs curl, which accepts any certificate.
    private func curl(_ port: UInt16, _ paths: [String], _ options: [String] = []) throws -> Outcome {
        let urls = paths.map { "https://127.0.0.1:\(port)\($0)" }
        return try Program.curl.run(["-q", "-k", "-sS", "--max-time", "10"] + options + urls)
    }

    @Test func `requests and answers go through TLS, several on one connection`() throws {
        let large = String(repeating: "x", count: 300_000)
        let served = try serve([
            "/a": .text("one "), "/b": .text(large),
            "/c": .steps(nil, .send(" two"), .pause(.milliseconds(5)), .send("!")),
            "/d": ResponsePlan(status: 200, body: .throttled(Array(" slow".utf8), bytesPerSecond: 100)),
        ])
        let run = try curl(served.port, ["/a", "/b", "/c", "/d"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output == "one \(large) two! slow")
        #expect(served.requests.count == 4)
    }

    @Test func `a request body arrives through TLS`() throws {
        let served = try serve(["/": .text("ok")])
        let body = String(repeating: "a", count: 60_000)
        #expect(try curl(served.port, ["/"], ["--data-binary", body]).output == "ok")
        #expect(served.requests.first?.text == body)
    }

    @Test func `an answer under TLS can be held and grow`() throws {
        var configuration = ListenerConfiguration()
        configuration.tls = Self.identity
        let listener = try Listener(configuration) { _, exchange in
            for ordinal in 1...3 { exchange.release(adding: [.send("\(ordinal)"), .hold]) }
            exchange.release()
            return HoldTests.stream
        }
        #expect(try curl(listener.port, ["/"]).output == "123")
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var plan: ResponsePlan
        /// curl's exit codes: 18 fewer bytes than announced, 52 no answer, 56 the connection broke.
        var status: Int32
        var body: String
    }

    static let broken = [
        Broken(
            testDescription: "FIN before the head", plan: .steps(9, .abort(.close)), status: 52, body: ""),
        Broken(testDescription: "RST before the head", plan: .steps(9, .abort(.reset)), status: 56, body: ""),
        Broken(
            testDescription: "FIN in the body", plan: .steps(9, .send("abcde"), .abort(.close)), status: 18,
            body: "abcde"),
        Broken(
            testDescription: "RST in the body", plan: .steps(9, .send("abcde"), .abort(.reset)), status: 56,
            body: "abcde"),
    ]

    @Test(arguments: broken)
    func `an abort under TLS is what it is without`(broken: Broken) throws {
        let served = try serve(["/": broken.plan])
        let run = try curl(served.port, ["/"])
        #expect(run.status == broken.status, "\(run.errors)")
        #expect(run.output == broken.body)
        #expect(run.errors.contains("reset by peer") == (broken.status == 56), "\(run.errors)")
        #expect(served.wait { $0.ends.first }?.outcome == .abortedByPlan)
    }

    @Test func `a body of unknown length that becomes too long ends the connection`() throws {
        let served = try serve(["/": .text("ok")])
        let body = String(repeating: "a", count: 60_000)
        let run = try curl(
            served.port, ["/"],
            ["-H", "Transfer-Encoding: chunked", "-H", "Expect:", "--data-binary", body, "--data-binary", body])
        #expect(run.status != 0 && run.output == "")
        #expect(served.wait { $0.ends.first }?.outcome == .refused)
        #expect(try curl(served.port, ["/"]).output == "ok")
    }

    @Test func `plain HTTP to a TLS port gets no answer and harms nobody`() throws {
        let served = try serve(["/": .text("ok")])
        let client = try served.connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let (text, end) = client.readToEnd()
        #expect(!text.hasPrefix("HTTP") && end != .timedOut)
        #expect(try curl(served.port, ["/"]).output == "ok")
    }

    @Test func `connections that wait under TLS do not keep the processor busy`() throws {
        var configuration = ListenerConfiguration()
        configuration.tls = Self.identity
        let held = Gate()
        let exchanges = Locked<[Exchange]>([])
        // The answer is the processor time of the loop's thread so far; nanoseconds.
        let listener = try Listener(configuration) { request, exchange in
            if request.path == Array("/hold".utf8)[...] {
                exchanges.withLock { $0.append(exchange) }
                held.open()
                return HoldTests.stream
            }
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return .text("\(time.tv_sec * 1_000_000_000 + time.tv_nsec)")
        }
        let port = listener.port
        let silent = try RawSocket(port: port, timeout: 1)
        let halfway = try RawSocket(port: port)
        try halfway.send("\u{16}\u{3}\u{1}")
        let stream = try Child("curl", ["-q", "-k", "-sS", "--max-time", "10", "https://127.0.0.1:\(port)/hold"])
        #expect(held.pass())
        let before = try #require(Int(try curl(port, ["/"]).output))
        #expect(silent.read(1).end == .timedOut)
        let after = try #require(Int(try curl(port, ["/"]).output))
        #expect(after - before < 300_000_000, "a loop that spins takes all of the second")
        for exchange in exchanges.withLock({ $0 }) { exchange.release() }
        #expect(try stream.wait() == 0)
        withExtendedLifetime(halfway) {}
    }

    @Test(arguments: [
        TLSIdentity(certificate: "nonsense", key: identity.key),
        TLSIdentity(certificate: identity.certificate, key: ""),
    ])
    func `an identity that cannot be used is an error at the start`(identity: TLSIdentity) {
        #expect(throws: ListenerError.tlsIdentityUnusable) { _ = try Served { $0.tls = identity } }
    }

    @Test func `a key does not get into a log`() {
        #expect(!"\(Self.identity)".contains("PRIVATE") && !String(reflecting: Self.identity).contains("PRIVATE"))
    }
}
