import Foundation
import ProgramRunner
import Testing

/// A `cliprise-mock serve --tls` on free ports, whose certificates are in a folder of its own.
struct SecureServer {
    let server: MockServer
    let folder: String

    init(_ arguments: [String] = [], in folder: String) throws {
        self.folder = folder
        server = try MockServer(["--tls", "--tls-dir", folder] + arguments)
    }

    var url: String { server.ready["tls_url"] ?? "" }
    var port: UInt16 { UInt16(url.split(separator: ":").last ?? "") ?? 0 }
    var authority: String { folder + "/ca.pem" }

    /// Runs curl, which trusts the authority; the last line of its output is the status.
    func curl(_ arguments: String...) throws -> Outcome {
        try Program.curl.run(
            ["-q", "-sS", "--max-time", "10", "--cacert", authority, "-w", "\n%{http_code}"] + arguments)
    }

    /// The same through the server as a proxy.
    func proxied(_ arguments: String...) throws -> Outcome {
        try Program.curl.run(
            [
                "-q", "-sS", "--max-time", "10", "--cacert", authority, "-w", "\n%{http_code}", "--noproxy", "", "-x",
                server.url,
            ] + arguments)
    }

    /// Makes a task that is done, and returns its id.
    func finishedTask() throws -> String {
        let task = try server.generate(lighthouse).taskID
        _ = try server.admin("POST", "tasks/\(task)", body: #"{"state":"success"}"#)
        return task
    }
}

extension Outcome {
    /// The status that curl printed last.
    var code: String { output.split(separator: "\n").last.map(String.init) ?? "" }
    /// The address of the file in an answer to status.
    var fileURL: String { output.firstMatch(of: /"fileURL":"([^"?]+)/).map { String($0.1) } ?? output }
}
