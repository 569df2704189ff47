import Foundation
import ProgramRunner
import Testing

/// Where a client is told to fetch its file: there where it found the server.
@Suite(.enabled(if: Program.curl.works("--version"), "curl is not installed")) struct FileURLTests {
    private static let status = "/app/cliprise/status?apiKey=test-key&taskId="

    @Test(
        arguments: [
            // By hand, as in the banner: the URL must not lead to the real service.
            ("business.api.cliprise.app", "http://127.0.0.1:PORT"),
            // A port that is mapped to another one outside, and names of a compose network.
            ("business.api.cliprise.app:9000", "http://business.api.cliprise.app:9000"),
            ("localhost:9000", "http://localhost:9000"), ("mock.test:9000", "http://mock.test:9000"),
            ("mock.test", "http://mock.test"), ("127.0.0.1:PORT", "http://127.0.0.1:PORT"),
        ])
    func `without TLS it is the Host that was asked`(host: String, base: String) throws {
        let server = try MockServer(["--host-gate", "loopback", "--accept-host", "mock.test"])
        let task = try server.generate(lighthouse).taskID
        _ = try server.admin("POST", "tasks/\(task)", body: #"{"state":"success"}"#)
        let reply = try server.status(task, host: host.replacing("PORT", with: "\(server.port)"))
        let url = reply.fields["fileURL"] as? String ?? reply.text
        #expect(url.hasPrefix(base.replacing("PORT", with: "\(server.port)") + Self.status), "\(url)")
    }

    @Test func `with TLS it is the name that the client connected to`() throws {
        try withFolder { folder in
            let secure = try SecureServer(["--host-gate", "loopback"], in: folder)
            let task = try secure.finishedTask()
            let here = "\(secure.url)\(Self.status)\(task)"
            #expect(try secure.curl(here).fileURL == "\(secure.url)/app/cliprise/status")
            let byHand = try secure.curl("-H", "Host: business.api.cliprise.app", here)
            #expect(byHand.fileURL == "\(secure.url)/app/cliprise/status")
            #expect(
                try secure.curl("\(secure.url)\(Self.status)\(task)&download=true", "-o", "/dev/null").code == "200")
        }
    }

    @Test func `--public-url beats the Host, and its host is let in for the file alone`() throws {
        let server = try MockServer(["--public-url", "https://Files.test:8443/"])
        let task = try server.generate(lighthouse).taskID
        _ = try server.admin("POST", "tasks/\(task)", body: #"{"state":"success"}"#)
        let url = try server.status(task).fields["fileURL"] as? String ?? ""
        #expect(url.hasPrefix("https://files.test:8443/app/cliprise/status?"), "\(url)")
        #expect(try server.status(task, download: true, host: "files.test:8443").status == 200)
        #expect(try server.status(task, host: "files.test:8443").status == 400)
        #expect(
            try exchange("GET /__admin/accounts HTTP/1.1", port: server.port, host: "files.test:8443").status == 403)
    }

    @Test(arguments: [
        "files.test", "ftp://files.test", "http://", "http://a/b", "http://a b", "http://a:x", "http://a?b",
    ])
    func `--public-url is scheme and host`(text: String) throws {
        let run = try Program.mock.run(["serve", "--port", "0", "--public-url", text])
        #expect(run.status == 2 && run.errors.contains("--public-url"), "\(run.errors)")
    }

    @Test func `a refused Host is reported with its port when that is the reason`() throws {
        let exact = try MockServer(["--host-gate", "exact"])
        #expect(try exact.generate(lighthouse, host: "business.api.cliprise.app:8443").status == 400)
        let told = try exact.admin("GET", "unmatched").text
        #expect(told.contains("business.api.cliprise.app:8443") && told.contains("--host-gate documented"), "\(told)")
        let mapped = try MockServer()
        let task = try mapped.generate(lighthouse).taskID
        #expect(try mapped.status(task, download: true, host: "localhost:9000").status == 400)
        let mappedTold = try mapped.admin("GET", "unmatched").text
        #expect(mappedTold.contains("listens on port \(mapped.port)"), "\(mappedTold)")
        #expect(mappedTold.contains("--public-url http://localhost:9000"), "\(mappedTold)")
    }
}
