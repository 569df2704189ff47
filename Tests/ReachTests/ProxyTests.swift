import Foundation
import ProgramRunner
import RawSocket
import Testing

/// The server as a client's proxy, and what it refuses as one.
@Suite(.enabled(if: Program.curl.works("--version"), "curl is not installed")) struct ProxyTests {
    private static let status = "/app/cliprise/status?apiKey=test-key&taskId="

    @Test func `a URL of the service that is fixed in code leads to the mock, with TLS and without`() throws {
        try withFolder { folder in
            let secure = try SecureServer(in: folder)
            let task = try secure.finishedTask()
            for scheme in ["http", "https"] {
                let base = "\(scheme)://business.api.cliprise.app"
                let run = try secure.proxied("\(base)\(Self.status)\(task)")
                #expect(run.code == "200", "\(run.output)\(run.errors)")
                #expect(run.fileURL == "\(base)/app/cliprise/status", "the file too is fetched through the proxy")
            }
        }
    }

    static let foreign = [
        ("http://api.example.com/v1/x?key=secret", "GET http://api.example.com/v1/x"),
        ("https://api.example.com/v1/x", "CONNECT api.example.com:443"),
        ("https://cliprise.app/", "CONNECT cliprise.app:443"),
        ("https://business.api.cliprise.app.example.com/", "CONNECT business.api.cliprise.app.example.com:443"),
        ("http://business.api.cliprise.app.:80/", "GET http://business.api.cliprise.app./"),
        ("http://api.example.com/__admin/accounts", "GET http://api.example.com/__admin/accounts"),
        ("http://localhost:1/x", "GET http://localhost:1/x"), ("https://127.0.0.1:1/x", "CONNECT 127.0.0.1:1"),
        ("https://[::1]/x", "CONNECT [::1]:443"),
    ]

    @Test(arguments: foreign)
    func `any other host is refused with a line that names it`(url: String, line: String) throws {
        try withFolder { folder in
            let secure = try SecureServer(in: folder)
            // With the body of a refused CONNECT, which curl does not show otherwise.
            let run = try secure.proxied("-v", url)
            #expect(run.code == (line.hasPrefix("CONNECT") ? "000" : "403"), "\(run.output)")
            #expect((run.output + run.errors).contains("403 Forbidden"), "\(run.errors)")
            let told = try secure.server.admin("GET", "unmatched").text
            #expect(told.contains("tried another host: \(line);"), "\(told)")
            #expect(!told.contains("secret"))
        }
    }

    @Test func `exec --intercept fails with the request when something tried another host`() throws {
        try withFolder { folder in
            let script = """
                curl -q -sS --cacert "$CURL_CA_BUNDLE" https://business.api.cliprise.app/app/cliprise/status
                curl -q -sS http://api.example.com/v1/forgotten?token=1; curl -q -sS https://api.example.org/; exit 0
                """
            for quiet in [[], ["--quiet"]] {
                let run = try Program.mock.run(
                    ["exec", "--intercept", "--allow-idle", "--tls-dir", folder] + quiet + [
                        "--", "bash", "-c", script,
                    ],
                    environment: ["NO_PROXY": "*", "no_proxy": "*", "https_proxy": "http://127.0.0.1:1"])
                #expect(run.status == 1)
                #expect(run.errors.contains("  GET http://api.example.com/v1/forgotten\n"), "\(run.errors)")
                #expect(run.errors.contains("  CONNECT api.example.org:443\n"))
                #expect(!run.errors.contains("token=1"))
                #expect(run.output.contains(#"{"msg":"invalid_api_key"}"#), "\(run.output)")
            }
        }
    }

    @Test func `exec sets what clients need, and no proxy without --intercept`() throws {
        try withFolder { folder in
            func environment(_ options: String...) throws -> [String: String] {
                let run = try Program.mock.run(
                    ["exec", "--allow-idle", "--tls-dir", folder] + options + ["--", "env"],
                    environment: ["HTTPS_PROXY": "http://corporate.test", "NO_PROXY": "internal.test"])
                #expect(run.status == 0, "\(run.errors)")
                let pairs = run.output.split(separator: "\n").map { $0.split(separator: "=", maxSplits: 1) }
                return Dictionary(pairs.map { (String($0[0]), String($0.last ?? "")) }) { $1 }
            }
            let tls = try environment("--tls")
            #expect(tls["CLIPRISE_BASE_URL"]?.hasPrefix("https://127.0.0.1:") == true)
            #expect(tls["CLIPRISE_MOCK_ADMIN_URL"]?.hasPrefix("http://127.0.0.1:") == true)
            #expect(tls["HTTPS_PROXY"] == "http://corporate.test" && tls["NO_PROXY"]?.contains("internal.test") == true)
            let both = try environment("--intercept")
            let base = try #require(both["CLIPRISE_BASE_URL"])
            #expect(base.hasPrefix("http://127.0.0.1:"))
            for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"] { #expect(both[name] == base) }
            for name in ["NO_PROXY", "no_proxy"] { #expect(both[name] == "127.0.0.1,localhost,::1") }
            #expect(both["NODE_USE_ENV_PROXY"] == "1")
            for variables in [tls, both] {
                #expect(variables["NODE_EXTRA_CA_CERTS"] == "\(folder)/ca.pem")
                let bundled = [
                    "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTPLIB2_CA_CERTS",
                    "PERL_LWP_SSL_CA_FILE",
                ]
                for name in bundled { #expect(variables[name] == "\(folder)/bundle.pem") }
                #expect(variables["JAVA_TOOL_OPTIONS"]?.contains("\(folder)/ca.jks") == true)
            }
        }
    }

    @Test(
        .enabled(
            if: Program(path: "perl").works("-MLWP::Protocol::https", "-e", "1"), "Perl's LWP is not installed"),
        arguments: ["--intercept", "--tls"])
    func `Perl's LWP, which asks no other variable, trusts the server`(option: String) throws {
        let script = """
            use LWP::UserAgent;
            my $base = $ARGV[0] eq "--tls" ? $ENV{CLIPRISE_BASE_URL} : "https://business.api.cliprise.app";
            print LWP::UserAgent->new->get("$base/app/cliprise/status")->decoded_content;
            """
        try withFolder { folder in
            let run = try Program.mock.run(
                ["exec", option, "--allow-idle", "--tls-dir", folder, "--", "perl", "-e", script, "--", option])
            #expect(run.output == #"{"msg":"invalid_api_key"}"#, "\(run.output)\(run.errors)")
        }
    }

    @Test(.enabled(if: Self.address != nil && Program.python.works("--version"), "no python3, or no other address"))
    func `a connection to another host past the proxy is refused and fails the run, on the ports of HTTP`() throws {
        let address = try #require(Self.address)
        let script = """
            import socket
            # Another port is nobody's business, nor is this machine.
            for place in [("\(address)", 443), ("\(address)", 80), ("\(address)", 1), ("127.0.0.1", 80)]:
                try:
                    socket.create_connection(place)
                except ConnectionRefusedError:
                    pass
            """
        try withFolder { folder in
            let run = try Program.mock.run(
                ["exec", "--intercept", "--allow-idle", "--tls-dir", folder, "--", "python3", "-c", script])
            #expect(run.status == 1)
            #expect(run.errors.contains("  CONNECT \(address):443\n  CONNECT \(address):80\n"), "\(run.errors)")
            #expect(!run.errors.contains("\(address):1\n") && !run.errors.contains("127.0.0.1:80"))
        }
    }

    /// An address of this machine beyond the loopback.
    private static let address: String? = {
        let run = try? Program(path: "hostname").run(["-I"])
        return run?.output.split(separator: " ").map(String.init).first { $0.contains(".") }
    }()
}
