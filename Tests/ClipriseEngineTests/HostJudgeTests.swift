import ClipriseWire
import Testing

@testable import ClipriseEngine

@Suite struct HostTests {
    @Test(
        arguments: [
            ("a", "a", nil), ("a:", "a", nil), ("a: \t", "a", nil), ("[::1]:", "[::1]", nil),
            ("A-b.c_d9", "A-b.c_d9", nil), ("a:80", "a", 80), ("a:0", "a", 0),
            ("a:65535", "a", 65_535), ("a:00080", "a", 80), ("a \t", "a", nil), ("[::1]", "[::1]", nil),
            ("[::ffff:127.0.0.1]:443", "[::ffff:127.0.0.1]", 443), ("a.", "a.", nil),
        ] as [(String, String, UInt16?)])
    func `a host is a name and perhaps a port`(text: String, name: String, port: UInt16?) {
        let host = Host(Array(text.utf8)[...])
        #expect(host.map { String(decoding: $0.name, as: UTF8.self) } == name)
        #expect(host?.port == port)
    }

    @Test(
        arguments: [
            "", " ", ":80", ":", "a::", "a: 80", "a:b", "a:-1", "a:65536", "a:000080", "a:80:80", "a b", "a/", "a,a",
            "a@b", "ä",
            "http://a", "[", "[::1", "[::1]80", "[::1]::", "[g]", "::1", "a\u{0}", "a?x", "a#x", "%61",
        ])
    func `anything else is no host`(text: String) {
        #expect(Host(Array(text.utf8)[...]) == nil)
    }

    @Test(
        arguments: [
            ("localhost", true), ("LocalHost", true), ("a.localhost", true), ("127.0.0.1", true),
            ("127.255.255.255", true), ("[::1]", true), ("localhost.", false), ("notlocalhost", false),
            ("localhost.example.com", false), ("127.0.0.1.example.com", false), ("127.0.0", false),
            ("127.0.0.256", false), ("127.1", false), ("128.0.0.1", false), ("127.0.0.1.", false), ("[::2]", false),
            ("0.0.0.0", false), ("127.0..1", false),
        ])
    func `the loopback is known by its names and addresses`(text: String, isLoopback: Bool) {
        #expect(Host(Array(text.utf8)[...])?.isLoopback == isLoopback)
    }
}

@Suite struct HostJudgeTests {
    struct Caller: Sendable, CustomTestStringConvertible {
        var host: String
        var documented: HostJudge.Verdict
        var exact: HostJudge.Verdict
        var loopback: HostJudge.Verdict

        var testDescription: String { host }
    }

    static let callers = [
        Caller(host: "business.api.cliprise.app", documented: .accepted, exact: .accepted, loopback: .accepted),
        Caller(host: "BUSINESS.api.Cliprise.App", documented: .accepted, exact: .accepted, loopback: .accepted),
        Caller(host: "business.api.cliprise.app:", documented: .accepted, exact: .accepted, loopback: .accepted),
        Caller(host: "business.api.cliprise.app:8080", documented: .accepted, exact: .refused, loopback: .accepted),
        Caller(host: "business.api.cliprise.app:80", documented: .accepted, exact: .refused, loopback: .accepted),
        Caller(host: "business.api.cliprise.app:443", documented: .accepted, exact: .refused, loopback: .accepted),
        Caller(host: "business.api.cliprise.app:8081", documented: .accepted, exact: .refused, loopback: .accepted),
        Caller(host: "business.api.cliprise.app.", documented: .refused, exact: .refused, loopback: .refused),
        Caller(host: "business.api.cliprise.ap", documented: .refused, exact: .refused, loopback: .refused),
        Caller(host: "xbusiness.api.cliprise.app", documented: .refused, exact: .refused, loopback: .refused),
        Caller(host: "localhost:8080", documented: .refused, exact: .refused, loopback: .accepted),
        Caller(host: "127.0.0.1:9999", documented: .refused, exact: .refused, loopback: .accepted),
        Caller(host: "[::1]", documented: .refused, exact: .refused, loopback: .accepted),
        Caller(host: "192.168.0.1", documented: .refused, exact: .refused, loopback: .refused),
        Caller(host: "mock:5", documented: .accepted, exact: .accepted, loopback: .accepted),
        Caller(host: "mock:", documented: .accepted, exact: .accepted, loopback: .accepted),
        Caller(host: "MOCK", documented: .accepted, exact: .accepted, loopback: .accepted),
        Caller(host: "", documented: .malformed, exact: .malformed, loopback: .malformed),
        Caller(host: "mock/", documented: .malformed, exact: .malformed, loopback: .malformed),
    ]

    @Test(arguments: callers)
    func `each rule lets in its hosts`(caller: Caller) {
        func verdict(_ rule: EngineSettings.HostGate) -> HostJudge.Verdict {
            let gate = HostJudge(EngineSettings(hostGate: rule, acceptedHosts: ["mock"]))
            return gate.judge(Host(Array(caller.host.utf8)[...]))
        }
        #expect(verdict(.documented) == caller.documented)
        #expect(verdict(.exact) == caller.exact)
        #expect(verdict(.loopback) == caller.loopback)
    }
}
