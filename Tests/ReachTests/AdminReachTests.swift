import Foundation
import ProgramRunner
import RawSocket
import Testing

/// TLS, the proxy and the wider host gate open no new way to the admin API.
@Suite(.enabled(if: Program.curl.works("--version"), "curl is not installed")) struct AdminReachTests {
    @Test func `over TLS the same requests are let in as without`() throws {
        try withFolder { folder in
            let secure = try SecureServer(in: folder)
            let here = secure.url + "/__admin/accounts"
            #expect(try secure.curl(here).code == "200")
            #expect(try secure.curl("-H", "Origin: \(secure.url)", here).code == "200")
            for fields in [
                ["Host: evil.example.com"], ["Host: business.api.cliprise.app"], ["Origin: https://evil.example.com"],
                // The page of the plain port is another origin.
                ["Origin: http://127.0.0.1:\(secure.port)"], ["Origin: null"], ["Sec-Fetch-Site: cross-site"],
            ] {
                #expect(try secure.curl("-H", fields[0], here).code == "403", "\(fields)")
            }
            let named = "https://business.api.cliprise.app/__admin/accounts"
            #expect(try secure.curl("--connect-to", "::127.0.0.1:\(secure.port)", named).code == "403")
        }
    }

    @Test(arguments: [[], ["--accept-host", "mock.test"], ["--host-gate", "loopback"]])
    func `through CONNECT nobody comes to the admin API`(options: [String]) throws {
        try withFolder { folder in
            let secure = try SecureServer(options, in: folder)
            let url = "https://business.api.cliprise.app/__admin/accounts"
            for host in [
                "business.api.cliprise.app", "127.0.0.1", "localhost:\(secure.port)", "mock.test", "evil.example.com",
            ] {
                #expect(try secure.proxied("-H", "Host: \(host)", url).code == "403", "\(host)")
            }
            // The target of a CONNECT is a host and a port, whatever else stands in it.
            for target in [
                "/__admin/accounts", "http://127.0.0.1/__admin/accounts", "127.0.0.1:\(secure.port)",
                "business.api.cliprise.app", "business.api.cliprise.app:443/__admin", "a@business.api.cliprise.app:443",
            ] {
                let socket = try RawSocket(port: secure.server.port)
                try socket.send("CONNECT \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                let answer = String(decoding: socket.read(.max).bytes, as: UTF8.self)
                #expect(answer.hasPrefix("HTTP/1.1 4"), "\(target): \(answer)")
                #expect(!answer.contains("credits"), "\(target)")
            }
        }
    }

    @Test(arguments: ["http", "https"])
    func `a name that is led here opens nothing`(scheme: String) throws {
        try withFolder { folder in
            // Past the proxy: what leads here is the library that the command loads.
            let run = try Program.mock.run(
                [
                    "exec", "--intercept", "--tls-dir", folder, "--command-code", "--", "curl", "-q", "-sS",
                    "--noproxy",
                    "*", "--max-time", "10", "--cacert", folder + "/ca.pem", "-w", "\n%{http_code}",
                    "\(scheme)://business.api.cliprise.app/__admin/accounts",
                ])
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.code == "403", "\(run.output)")
        }
    }

    @Test func `the absolute form names the host that counts`() throws {
        try withFolder { folder in
            let secure = try SecureServer(["--host-gate", "loopback"], in: folder)
            for target in [
                "http://evil.example.com/__admin/accounts", "http://business.api.cliprise.app/__admin/accounts",
                "https://business.api.cliprise.app/__admin/accounts",
            ] {
                let reply = try exchange("GET \(target) HTTP/1.1", port: secure.server.port, host: "127.0.0.1")
                #expect(reply.status == 403 && !reply.text.contains("test-key"), "\(target): \(reply.text)")
            }
        }
    }

    @Test(.enabled(if: Self.address != nil, "this machine has no address but the loopback's"))
    func `a peer that is not of this machine needs the token, over TLS and through CONNECT as well`() throws {
        let address = try #require(Self.address)
        try withFolder { folder in
            let secure = try SecureServer(["--host", "0.0.0.0", "--admin-token", "word"], in: folder)
            let port = secure.port
            for host in ["127.0.0.1", "localhost", "business.api.cliprise.app"] {
                let url = "https://\(address):\(port)/__admin/accounts"
                #expect(try secure.curl("-k", "-H", "Host: \(host)", url).code == "401", "\(host)")
                #expect(
                    try secure.curl("-k", "-H", "Host: \(host)", "-H", "Authorization: Bearer word", url).code == "200")
            }
            let tunnelled = try secure.curl(
                "-k", "--noproxy", "", "-x", "http://\(address):\(secure.server.port)", "-H", "Host: 127.0.0.1", "-H",
                "Authorization: Bearer word", "https://business.api.cliprise.app/__admin/accounts")
            #expect(tunnelled.code == "403", "\(tunnelled.output)")
        }
    }

    /// An address of this machine beyond the loopback.
    private static let address: String? = {
        let run = try? Program(path: "hostname").run(["-I"])
        return run?.output.split(separator: " ").map(String.init).first { $0.contains(".") }
    }()
}
