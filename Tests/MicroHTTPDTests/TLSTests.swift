import CCertificates
import ClipriseLocks
import ClipriseWire
import Foundation
import MicroHTTPD
import ProgramRunner
import RawSocket
import Testing

/// An authority and a certificate below it, made once for these tests.
struct Identity: Sendable {
    static let made: Identity? = {
        let (host, now) = ("business.api.cliprise.app", Int64(Date().timeIntervalSince1970))
        var (authority, server) = (ccert_pair(), ccert_pair())
        guard ccert_make_authority(host, now, &authority) == 0,
            ccert_make_server(&authority, host, now, &server) == 0, let ca = authority.certificate,
            let certificate = server.certificate, let key = server.key
        else { return nil }
        return Identity(
            authority: String(cString: ca),
            settings: TLSSettings(certificate: String(cString: certificate), key: String(cString: key)))
    }()

    var authority: String
    var settings: TLSSettings
}

extension Served {
    /// Serves TLS too.
    static func secure(
        _ plans: [String: ResponsePlan] = [:], _ adjust: (inout ListenerConfiguration) -> Void = { _ in }
    ) throws -> Served {
        let identity = try #require(Identity.made)
        return try Served(plans) {
            $0.tls = identity.settings
            adjust(&$0)
        }
    }

    /// Runs curl, which asks for the mocked host and trusts the authority.
    func curl(_ paths: [String], _ options: [String] = []) throws -> Outcome {
        let port = try #require(listener.tlsPort)
        return try withFolder { folder in
            try Data(try #require(Identity.made).authority.utf8).write(to: URL(fileURLWithPath: folder + "/ca.pem"))
            let urls = paths.map { "https://business.api.cliprise.app\($0)" }
            return try Program.curl.run(
                [
                    "-q", "-sS", "--max-time", "10", "--noproxy", "*", "--cacert", folder + "/ca.pem", "--connect-to",
                    "::127.0.0.1:\(port)",
                ] + options + urls)
        }
    }
}

@Suite(.enabled(if: Program.curl.works("--version"), "curl is not installed")) struct TLSTests {
    @Test(arguments: [["--tls-max", "1.2"], ["--tlsv1.3"]])
    func `requests and answers go through TLS, several on one connection`(version: [String]) throws {
        let large = String(repeating: "x", count: 300_000)
        let served = try Served.secure([
            "/a": .text("one "), "/b": .text(large),
            "/c": .steps(nil, .send(" two"), .pause(.milliseconds(5)), .send("!")),
            "/d": ResponsePlan(status: 200, body: .throttled(Array(" slow".utf8), bytesPerSecond: 100)),
        ])
        let run = try served.curl(["/a", "/b", "/c", "/d"], version)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output == "one \(large) two! slow")
        #expect(served.requests.map(\.isFromLoopback) == [true, true, true, true])
        let name = Array("business.api.cliprise.app".utf8)
        #expect(served.requests.allSatisfy { $0.security == .init(serverName: name, isTunnelled: false) })
        #expect(served.record.withLock { $0.exchanges.allSatisfy { $0.port == served.listener.tlsPort } })
        #expect(served.record.withLock(\.refused).isEmpty)
    }

    @Test func `older versions are refused, and HTTP/1.1 is what is agreed on`() throws {
        let served = try Served.secure(["/": .text("ok")])
        #expect(try served.curl(["/"], ["--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"]).status == 35)
        let told = served.wait { $0.refused.first }?.message ?? ""
        #expect(told.contains("speaks no version of TLS that is spoken here"), "\(told)")
        let run = try served.curl(["/"], ["-v"])
        #expect(run.errors.contains("ALPN: server accepted http/1.1"), "\(run.errors)")
        #expect(run.errors.contains("HTTP/1.1 200 OK"))
    }

    @Test func `a request body arrives through TLS, and one that grows too long is answered`() throws {
        let served = try Served.secure(["/": .text("ok")]) { $0.bodyLimit = 100_000 }
        let body = String(repeating: "a", count: 50_000)
        #expect(try served.curl(["/"], ["--data-binary", body]).output == "ok")
        #expect(served.requests.first?.text == body)
        let run = try served.curl(
            ["/"],
            ["-w", "%{http_code}", "-H", "Transfer-Encoding: chunked", "-H", "Expect:"]
                + [body, body, body].flatMap { ["--data-binary", $0] })
        #expect(run.output.hasSuffix("413"), "\(run.output) \(run.errors)")
        #expect(try served.curl(["/"]).output == "ok")
    }

    @Test func `an answer under TLS can be held and grow`() throws {
        var configuration = ListenerConfiguration()
        configuration.tls = try #require(Identity.made).settings
        let listener = try Listener(configuration) { _, exchange in
            for ordinal in 1...3 { exchange.release(adding: [.send("\(ordinal)"), .hold]) }
            exchange.release()
            return HoldTests.stream
        }
        let port = try #require(listener.tlsPort)
        let run = try Program.curl.run(["-q", "-k", "-sS", "--max-time", "10", "https://127.0.0.1:\(port)/"])
        #expect(run.output == "123", "\(run.errors)")
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var plan: ResponsePlan
        /// curl's exit codes: 18 fewer bytes than announced, 52 no answer, 56 the connection broke.
        var status: Int32
        var body = ""
        /// What curl says.
        var words = "curl"
    }

    static let broken = [
        Broken(testDescription: "FIN before the head", plan: .steps(9, .abort(.close)), status: 52),
        Broken(
            testDescription: "RST before the head", plan: .steps(9, .abort(.reset)), status: 56, words: "reset by peer"),
        Broken(
            testDescription: "FIN in the body", plan: .steps(9, .send("abcde"), .abort(.close)), status: 18,
            body: "abcde"),
        Broken(
            testDescription: "RST in the body", plan: .steps(9, .send("abcde"), .abort(.reset)), status: 56,
            body: "abcde", words: "reset by peer"),
    ]

    @Test(arguments: broken)
    func `an abort under TLS is what it is without`(broken: Broken) throws {
        let served = try Served.secure(["/": broken.plan])
        let run = try served.curl(["/"])
        #expect(run.status == broken.status, "\(run.errors)")
        #expect(run.output == broken.body)
        #expect(run.errors.contains(broken.words), "\(run.errors)")
        #expect(served.wait { $0.ends.first }?.outcome == .abortedByPlan)
    }

    /// Prints how the connection ended after what came; other clients often do not tell the two apart.
    private static let reader = """
        import socket, ssl, sys

        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
        secure = context.wrap_socket(plain, suppress_ragged_eofs=False)
        secure.sendall(b"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
        answer = b""
        try:
            while piece := secure.recv(4096):
                answer += piece
            end = "close_notify"
        except ssl.SSLEOFError:
            end = "FIN"
        print(answer.split(b"\\r\\n\\r\\n")[-1].decode(), end)
        """

    @Test(.enabled(if: Program.python.works("-c", "import ssl"), "python3 is not installed"), arguments: [true, false])
    func `an abort with FIN says the closing word or not, as the listener was set up`(isSilent: Bool) throws {
        let whole = ResponsePlan.steps(5, .send("abcde"), .abort(.close))
        for plan in [ResponsePlan.steps(9, .send("abcde"), .abort(.close)), .steps(9, .abort(.close)), whole] {
            let served = try Served.secure(["/": plan]) { $0.tls?.closesSilently = isSilent }
            let run = try Program.python.run(["-c", Self.reader, "\(try #require(served.listener.tlsPort))"])
            #expect(run.output.hasSuffix(isSilent ? " FIN\n" : " close_notify\n"), "\(run.output)\(run.errors)")
        }
    }

    @Test func `plain HTTP to a TLS port harms nobody, and is reported with the cure`() throws {
        let served = try Served.secure(["/": .text("ok")])
        let client = try RawSocket(port: try #require(served.listener.tlsPort))
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let (text, end) = client.readToEnd()
        #expect(!text.hasPrefix("HTTP") && end != .timedOut)
        let told = served.wait { $0.refused.first }
        #expect(told?.reason == .tlsHandshake)
        #expect(told?.message.contains("https://") == true, "\(told?.message ?? "")")
        #expect(try served.curl(["/"]).output == "ok")
    }

    @Test func `a client that does not trust the authority is reported`() throws {
        let served = try Served.secure(["/": .text("ok")])
        let port = try #require(served.listener.tlsPort)
        let run = try Program.curl.run(["-q", "-sS", "--max-time", "10", "https://127.0.0.1:\(port)/"])
        #expect(run.status == 60, "\(run.errors)")
        #expect(served.wait { $0.refused.first }?.message.contains("the client said: ") == true)
        #expect(served.requests.isEmpty)
    }

    @Test func `a handshake that takes too long is cut`() throws {
        let served = try Served.secure { $0.headTimeout = .milliseconds(300) }
        let client = try RawSocket(port: try #require(served.listener.tlsPort))
        try client.send("\u{16}\u{3}\u{1}")
        #expect(client.readToEnd().end != .timedOut)
        #expect(served.wait { $0.refused.first }?.message.contains("too long") == true)
    }

    @Test(arguments: [("nonsense", true), ("", false)])
    func `an identity that cannot be used is an error at the start`(text: String, isCertificate: Bool) throws {
        var settings = try #require(Identity.made).settings
        if isCertificate { settings.certificate = text } else { settings.key = text }
        #expect(throws: ListenerError.tlsIdentityUnusable) { _ = try Served { $0.tls = settings } }
    }

    @Test func `a key does not get into a log`() throws {
        let settings = try #require(Identity.made).settings
        var configuration = ListenerConfiguration()
        configuration.tls = settings
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), "\(configuration)", dumped] {
            #expect(!text.contains("PRIVATE"))
        }
    }
}
