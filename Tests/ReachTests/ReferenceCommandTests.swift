import Foundation
import ProgramRunner
import Testing

/// The three curl commands of the reference, verbatim with their https, against the TLS port.
///
/// Changed are the placeholders for key and task; a `.curlrc` adds where to connect and whom to trust.
@Suite(.enabled(if: Program.curl.works("--version"), "curl is not installed"))
struct ReferenceCommandTests {
    @Test func `the commands of the reference make a picture over https`() throws {
        let text = try Repository.text("fixtures/reference/curl-commands.txt")
        let parts = text.split(separator: /(?m)^(Generate \(cURL\)|Example body\.json:|Status|Download)\n/)
        try #require(parts.count == 4)
        try withFolder { folder in
            // No task ends by itself here, so that the first status is 300 for certain.
            let secure = try SecureServer(["--time-scale", "1000"], in: folder + "/tls")
            func write(_ text: String, to name: String) throws {
                try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
            }
            try write(String(parts[1]), to: "body.json")
            try write(
                """
                connect-to = "::127.0.0.1:\(secure.port)"
                cacert = "\(secure.authority)"
                silent
                show-error
                write-out = "%{stderr}%{http_code}"
                """, to: ".curlrc")
            func run(_ command: Substring, task: String = "") throws -> (code: String, output: String) {
                try #require(command.contains("https://business.api.cliprise.app/"))
                let filled = command.replacing("YOUR_CLIPRISE_API_KEY", with: "test-key")
                    .replacing("YOUR_KEY", with: "test-key").replacing("YOUR_TASK_ID", with: task)
                let outcome = try Program.bash.run(
                    ["-c", String(filled)], environment: ["CURL_HOME": folder], folder: folder)
                #expect(outcome.status == 0)
                return (outcome.errors, outcome.output)
            }

            let accepted = try run(parts[0])
            #expect(accepted.code == "200")
            let match = try #require(accepted.output.wholeMatch(of: /\[{"code":200,"taskId":"([0-9a-f]{32})"}\]/))
            let task = String(match.1)
            #expect(try run(parts[2], task: task) == ("300", #"{"status":"processing"}"#))
            _ = try secure.server.admin("POST", "tasks/\(task)", body: #"{"state":"success"}"#)
            let done = try run(parts[2], task: task)
            #expect(done.code == "200")
            #expect(
                done.output.hasPrefix(
                    #"{"status":"success","fileURL":"https://business.api.cliprise.app/app/cliprise/status?"#),
                "\(done.output)")
            #expect(try run(parts[3], task: task) == ("200", ""))
            let file = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/output.bin"))
            #expect(file.starts(with: [0xFF, 0xD8, 0xFF]))
            #expect(try secure.server.stop() == 0)
        }
    }
}
