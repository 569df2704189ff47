import Foundation
import ProgramRunner
import Testing

@Suite struct CertificateTests {
    private static let files = ["bundle.pem", "ca-key.pem", "ca.jks", "ca.pem", "server-key.pem", "server.pem"]

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test func `certificate makes its files once, keeps keys to their owner, and says how to trust them`() throws {
        try withFolder { parent in
            let folder = parent + "/a/b"
            let first = try Program.mock.run(["certificate", "--dir", folder])
            #expect(first.status == 0, "\(first.errors)")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }
            #expect(names.sorted() == Self.files)
            for key in ["ca-key.pem", "server-key.pem"] { #expect(try mode("\(folder)/\(key)") == 0o600) }
            #expect(try mode(folder) == 0o700)
            for word in [
                "curl", "requests", "httpx", "Node", "Go", "Java", "Ruby", "update-ca-certificates", "\(folder)/ca.pem",
            ] {
                #expect(first.output.contains(word), "\(word)")
            }
            #expect(!first.output.contains("PRIVATE"))
            let before = try Self.files.map { try bytes("\(folder)/\($0)") }
            let second = try Program.mock.run(["certificate", "--dir", folder])
            #expect(second.status == 0 && second.output.contains("nothing was due"), "\(second.output)")
            #expect(try Self.files.map { try bytes("\(folder)/\($0)") } == before)
        }
    }

    private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    @Test func `without --dir it is the data folder of the user`() throws {
        try withFolder { folder in
            let data = try Program.mock.run(
                ["certificate"], environment: ["XDG_DATA_HOME": folder + "/data", "HOME": folder + "/home"])
            #expect(data.output.hasPrefix("\(folder)/data/cliprise-mock: made "), "\(data.output)\(data.errors)")
            let home = try Program.mock.run(
                ["certificate"], environment: ["XDG_DATA_HOME": "", "HOME": folder + "/home"])
            #expect(home.output.hasPrefix("\(folder)/home/.local/share/cliprise-mock: made "), "\(home.output)")
        }
        let none = try Program.mock.run(["certificate"], environment: ["XDG_DATA_HOME": "", "HOME": ""])
        #expect(none.status == 2 && none.errors.contains("--dir DIR"), "\(none.errors)")
    }

    @Test(.enabled(if: Program(path: "openssl").works("version"), "openssl is not installed"))
    func `the authority can vouch for the mocked host and this machine, and for nobody else`() throws {
        try withFolder { folder in
            #expect(try Program.mock.run(["certificate", "--dir", folder]).status == 0)
            func openssl(_ arguments: String...) throws -> Outcome {
                try Program(path: "openssl").run(arguments, folder: folder)
            }
            for name in ["business.api.cliprise.app", "localhost"] {
                let check = try openssl("verify", "-CAfile", "ca.pem", "-verify_hostname", name, "server.pem")
                #expect(check.status == 0, "\(name): \(check.errors)")
            }
            for address in ["127.0.0.1", "::1"] {
                let check = try openssl("verify", "-CAfile", "ca.pem", "-verify_ip", address, "server.pem")
                #expect(check.status == 0, "\(address): \(check.errors)")
            }
            let other = try openssl("verify", "-CAfile", "ca.pem", "-verify_hostname", "example.com", "server.pem")
            #expect(other.status != 0)
            // Whoever has the authority's key cannot use it for another host.
            _ = try openssl(
                "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "evil.key", "-out",
                "evil.csr", "-subj", "/CN=evil")
            for name in ["DNS:example.com", "DNS:api.cliprise.app", "IP:192.0.2.1", "IP:2001:db8::1"] {
                try Data("subjectAltName=\(name)\n".utf8).write(to: URL(fileURLWithPath: folder + "/evil.ext"))
                let signed = try openssl(
                    "x509", "-req", "-in", "evil.csr", "-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial",
                    "-extfile", "evil.ext", "-days", "1", "-out", "evil.pem")
                #expect(signed.status == 0, "\(signed.errors)")
                let check = try openssl("verify", "-CAfile", "ca.pem", "evil.pem")
                #expect(check.status != 0 && check.errors.contains("permitted subtree violation"), "\(name)")
            }
        }
    }

    @Test func `a server's certificate that is spoilt is made anew, below the same authority`() throws {
        try withFolder { folder in
            #expect(try Program.mock.run(["certificate", "--dir", folder]).status == 0)
            let authority = try text(folder + "/ca.pem")
            for file in ["server.pem", "server-key.pem"] {
                try Data("spoilt".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(file)"))
                let again = try Program.mock.run(["certificate", "--dir", folder])
                #expect(again.output.contains("made server.pem, server-key.pem\n"), "\(again.output)")
            }
            #expect(try text(folder + "/ca.pem") == authority)
        }
    }

    @Test(.enabled(if: Program(path: "openssl").works("version"), "openssl is not installed"))
    func `a running server presents a certificate that was renewed, and goes on with the old one meanwhile`() throws {
        try withFolder { folder in
            let secure = try SecureServer(in: folder)
            func presented() throws -> String {
                let arguments = ["s_client", "-connect", "127.0.0.1:\(secure.port)", "-CAfile", secure.authority]
                let run = try Program(path: "openssl").run(arguments, input: "")
                #expect(run.output.contains("Verify return code: 0"), "\(run.output)")
                return String(run.output.split(separator: /-----(BEGIN|END) CERTIFICATE-----/).dropFirst().first ?? "")
            }
            let first = try presented()
            #expect(try text(folder + "/server.pem").contains(first))
            #expect(try presented() == first)
            // Spoilt, it is not presented; then it is made anew, as at the end of its time.
            try Data("spoilt".utf8).write(to: URL(fileURLWithPath: "\(folder)/server.pem"))
            #expect(try Program.mock.run(["certificate", "--dir", folder]).status == 0)
            let second = try text(folder + "/server.pem")
            var last = first
            for _ in 0..<1_000 where last == first { last = try presented() }
            #expect(second.contains(last) && last != first)
            #expect(try secure.curl(secure.url + "/__admin/ready").code == "200")
        }
    }

    @Test func `an authority that does not fit its key is not replaced behind anyone's back`() throws {
        try withFolder { folder in
            #expect(try Program.mock.run(["certificate", "--dir", folder]).status == 0)
            try FileManager.default.removeItem(atPath: folder + "/ca-key.pem")
            for command in [["certificate", "--dir", folder], ["serve", "--port", "0", "--tls", "--tls-dir", folder]] {
                let run = try Program.mock.run(command)
                #expect(run.status == 2 && run.errors.contains("do not belong together"), "\(run.errors)")
            }
        }
    }

    @Test func `options about TLS want TLS`() throws {
        for options in [["--tls-port", "0"], ["--tls-dir", "x"], ["--tls-silent-close"]] {
            let run = try Program.mock.run(["serve", "--port", "0"] + options)
            #expect(run.status == 2 && run.errors.contains("want --tls"), "\(run.errors)")
        }
        let exec = try Program.mock.run(["exec", "--tls-dir", "x", "--", "true"])
        #expect(exec.status == 2 && exec.errors.contains("--tls or --intercept"), "\(exec.errors)")
    }
}
