import Foundation
import ProgramRunner
import RawSocket
import Testing

/// The three curl commands of the reference, as it prints them.
///
/// Changed are the scheme, and the placeholders for key and task; a `.curlrc` adds `--connect-to` and prints the status.
@Suite(.ownThreads, .enabled(if: Program.curl.works("--version"), "curl is not installed"))
struct ReferenceCommandTests {
    private let generate: String
    private let body: String
    private let status: String
    private let download: String

    init() throws {
        let text = try Repository.text("fixtures/reference/curl-commands.txt")
        let parts = text.split(separator: /(?m)^(Generate \(cURL\)|Example body\.json:|Status|Download)\n/)
            .map { String($0).replacing("https://business", with: "http://business") }
        try #require(parts.count == 4)
        (generate, body, status, download) = (parts[0], parts[1], parts[2], parts[3])
    }

    @Test func `the three commands of the reference make a picture`() throws {
        // No task ends by itself here, so that the first status is 300 for certain.
        let server = try MockServer(["--time-scale", "1000"])
        try withFolder { folder in
            try write(body, to: "\(folder)/body.json")
            try write(
                """
                connect-to = "::127.0.0.1:\(server.port)"
                silent
                show-error
                write-out = "%{stderr}%{http_code}"
                """, to: "\(folder)/.curlrc")
            func run(_ command: String, task: String = "") throws -> (code: String, output: String) {
                let filled = command.replacing("YOUR_CLIPRISE_API_KEY", with: "test-key")
                    .replacing("YOUR_KEY", with: "test-key").replacing("YOUR_TASK_ID", with: task)
                let outcome = try Program.bash.run(
                    ["-c", filled], environment: ["CURL_HOME": folder], folder: folder)
                #expect(outcome.status == 0)
                return (outcome.errors, outcome.output)
            }

            let accepted = try run(generate)
            #expect(accepted.code == "200")
            let match = try #require(accepted.output.wholeMatch(of: /\[{"code":200,"taskId":"([0-9a-f]{32})"}\]/))
            let task = String(match.1)

            #expect(try run(status, task: task) == ("300", #"{"status":"processing"}"#))
            let ended = try server.admin("POST", "tasks/\(task)", body: #"{"state":"success"}"#)
            #expect(ended.status == 200, "\(ended.text)")
            let done = try run(status, task: task)
            #expect(done.code == "200")
            #expect(done.output.hasPrefix(#"{"status":"success","fileURL":"http"#))
            #expect(done.output.contains("download=true"))

            #expect(try run(download, task: task) == ("200", ""))
            let file = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/output.bin"))
            #expect(try JPEGSize([UInt8](file)).isNearly(16, 9))
        }
        #expect(try server.stop() == 0)
    }

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
}
