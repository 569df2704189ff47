import Foundation
import ProgramRunner
import RawSocket
import Testing

/// The program `cliprise`, as its users meet it.
@Suite(.ownThreads) struct ClipriseCommandTests {
    private static func run(
        _ arguments: [String], server: MockServer? = nil, key: String? = "test-key", input: String = "",
        environment: [String: String] = [:]
    ) throws -> Outcome {
        var variables = environment
        if let server { variables["CLIPRISE_BASE_URL"] = server.url }
        if let key { variables["CLIPRISE_API_KEY"] = key }
        variables["CLIPRISE_MOCK_ONLY"] = "1"
        return try Program.cliprise.run(arguments, environment: variables, input: input)
    }

    private static func fields(_ text: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
    }

    @Test func `run writes the file, reports its progress in plain lines, and prints JSON`() throws {
        let server = try MockServer(["--time-scale", "0"])
        let (folder, path) = try Folder.make("lighthouse.jpg")
        let outcome = try Self.run(
            [
                "run", "--model", "qwen-image-2", "--prompt", "A lighthouse", "--set", "image_size=16:9", "--set",
                "output_format=jpeg", "--set", "seed=424242", "--output", path, "--json",
            ], server: server)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let fields = try Self.fields(outcome.output)
        #expect(fields["state"] as? String == "downloaded" && fields["kind"] as? String == "jpeg")
        #expect(fields["file"] as? String == path)
        let size = try Data(contentsOf: URL(fileURLWithPath: path)).count
        #expect(fields["bytes"] as? Int == size)
        let task = try #require(fields["task"] as? String)
        #expect(outcome.errors.hasPrefix("accepted: task \(task)\n"))
        #expect(outcome.errors.contains("\ndownloading\n"))
        #expect(!outcome.errors.contains("\u{1B}") && !outcome.errors.contains("\r"))
        #expect(!outcome.errors.contains("test-key") && !outcome.output.contains("test-key"))
        #expect(try folder.names == ["lighthouse.jpg"])
        #expect(try server.stop() == 0)
    }

    @Test func `generate, status, wait and download do a job in steps`() throws {
        let server = try MockServer(["--time-scale", "1000"])
        let generated = try Self.run(["generate", "--file", "-", "-q"], server: server, input: lighthouse)
        #expect(generated.status == 0 && generated.errors == "")
        let task = generated.output.trimmingCharacters(in: .newlines)
        #expect(task.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        let early = try Self.run(["status", task], server: server)
        #expect(early.output == "processing\n" && early.status == 0)
        let late = try Self.run(["wait", task, "--deadline", "1", "-q"], server: server)
        #expect(late.status == 10)
        #expect(late.errors.contains("task \(task)"))
        _ = try server.admin("POST", "tasks/\(task)", body: #"{"state":"success"}"#)
        #expect(try Self.run(["wait", task], server: server).output == "succeeded\n")
        let (folder, path) = try Folder.make("picture.png")
        let downloaded = try Self.run(["download", task, "-o", path, "-q"], server: server)
        #expect(downloaded.status == 0)
        #expect(downloaded.output.contains(" bytes (jpeg) in \(path)\n"))
        #expect(downloaded.errors == "cliprise: note: \(path) is a jpeg file\n")
        _ = folder
        #expect(try server.stop() == 0)
    }

    struct Failing: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var code: Int32
        var word: String
        var key: String? = "test-key"
        var testDescription: String { word }
    }

    static let failing = [
        Failing(arguments: ["generate", "--model", "z-image"], code: 4, word: "invalid_api_key", key: "nobody"),
        Failing(
            arguments: ["generate", "--model", "z-image", "--prompt", "p", "--set", "aspect_ratio=1:1"], code: 5,
            word: "insufficient_credits", key: "poor"),
        Failing(arguments: ["generate", "--model", "no-such"], code: 6, word: "invalid_model"),
        Failing(arguments: ["generate", "--model", "z-image"], code: 6, word: "field_required"),
        Failing(arguments: ["status", "f11021d5b56bc19932b336ac0dbf413f"], code: 9, word: "unknown_task"),
    ]

    @Test func `each kind of failure has its exit code and its word`() throws {
        let server = try MockServer(["--account", "poor=0", "--account", "test-key=100"])
        for failing in Self.failing {
            let outcome = try Self.run(failing.arguments + ["--json", "-q"], server: server, key: failing.key)
            #expect(outcome.status == failing.code, "\(failing.word): \(outcome.errors)")
            let fields = try Self.fields(outcome.output)
            #expect(fields["error"] as? String == failing.word)
            #expect(fields["exit"] as? Int == Int(failing.code))
            #expect(outcome.errors.hasPrefix("cliprise: "))
            #expect(!outcome.errors.contains(failing.key ?? "-"))
        }
        #expect(try server.stop() == 0)
    }

    @Test func `a failed task ends with 8, a lost reply with 7, a dead port with 3`() throws {
        let server = try MockServer(["--time-scale", "1000"])
        let task = try server.generate(lighthouse).taskID
        _ = try server.admin("POST", "tasks/\(task)", body: #"{"state":"failed","failMsg":"flagged"}"#)
        let failed = try Self.run(["wait", task], server: server)
        #expect(failed.status == 8 && failed.errors.contains("flagged"))
        #expect(try server.stop() == 0)

        let silent = try LineServer([""])
        let url = ["CLIPRISE_BASE_URL": "http://127.0.0.1:\(silent.port)"]
        let lost = try Self.run(["generate", "--file", "-"], input: lighthouse, environment: url)
        #expect(lost.status == 7 && lost.errors.contains("may have been accepted and charged"))
        #expect(silent.requests.count == 1)
        _ = consume silent
        // With the policy that would try for more than a minute: the first connection says at once that nobody is there.
        let address = try #require(url["CLIPRISE_BASE_URL"])
        for arguments in [
            ["generate", "--file", "-", "--json"], ["status", task, "--json"], ["wait", task, "--json"],
        ] {
            let dead = try Self.run(arguments, input: lighthouse, environment: url)
            #expect(dead.status == 3)
            #expect(dead.errors.contains("no connection to \(address): Connection refused"), "\(dead.errors)")
            #expect(try Self.fields(dead.output)["error"] as? String == "connection_refused")
        }
    }

    @Test func `the key comes from a file that only its owner can read`() throws {
        let server = try MockServer(["--time-scale", "1000"])
        let (folder, path) = try Folder.make("key")
        try Data("test-key\n".utf8).write(to: URL(fileURLWithPath: path))
        for (mode, isFine) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o660, false)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let outcome = try Self.run(
                ["generate", "--file", "-", "--key-file", path], server: server, key: nil, input: lighthouse)
            #expect(outcome.status == (isFine ? 0 : 2), "\(String(mode, radix: 8)): \(outcome.errors)")
            if !isFine { #expect(outcome.errors.contains("chmod 600 \(path)")) }
        }
        _ = folder
        #expect(try server.stop() == 0)
    }

    static let mistakes: [(arguments: [String], key: String?, mentions: String)] = [
        (["generate", "--model", "z-image"], nil, "set CLIPRISE_API_KEY"),
        (["generate"], "k", "--model"),
        (["generate", "--model", "z-image", "--file", "-"], "k", "--file is the whole request"),
        (["generate", "--model", "z-image", "--set", "x"], "k", "key=value"),
        (["generate", "--file", "/nonexistent.json"], "k", "/nonexistent.json: cannot be read"),
        (["generate", "--file", "-"], "k", "standard input:1:1: the text ends too early"),
        (["generate", "--model", "z-image", "--policy", "naiv"], "k", "did you mean \"naive\"?"),
        (["generate", "--model", "z-image", "--deadline", "0"], "k", "1 to 86400"),
        (["generate", "--model", "z-image", "--base-url", "localhost"], "k", "http://127.0.0.1:8080"),
        (["generate", "--model", "z-image", "--key", "k"], "k", "--key"),
        (["generate", "--model", "z-image", "--key-file", "/nonexistent"], nil, "/nonexistent: No such file"),
        // Without a base URL it would be the live service, which CLIPRISE_MOCK_ONLY forbids.
        (["generate", "--model", "z-image"], "k", "is the live service"),
        (["run", "--model", "z-image"], "k", "--output"),
        (["run", "--model", "z-image", "--output", ""], "k", "the name of the output is empty"),
        (["wait"], "k", "<task>"),
        (["generat"], "k", "did you mean \"generate\"?"),
    ]

    @Test(arguments: mistakes)
    func `a mistake ends with 2, says what to do and sends nothing`(
        row: (arguments: [String], key: String?, mentions: String)
    ) throws {
        let outcome = try Self.run(row.arguments, key: row.key)
        #expect(outcome.status == 2, "\(outcome.errors)")
        #expect(outcome.output == "")
        #expect(outcome.errors.contains(row.mentions), "\(outcome.errors)")
    }

    @Test func `an interrupt ends with 130 and names the task`() throws {
        let server = try MockServer(["--time-scale", "1000"])
        let (folder, path) = try Folder.make("x.jpg")
        let child = try Child(
            Program.cliprise.path, ["run", "--file", "-", "--output", path],
            environment: ["CLIPRISE_BASE_URL": server.url, "CLIPRISE_API_KEY": "test-key"], input: lighthouse)
        try child.wait(for: "the first pause") { child.errorText.contains("not finished; next try in ") }
        let task = try #require(child.errorText.firstMatch(of: /accepted: task ([0-9a-f]{32})/)).1
        child.signal(SIGINT)
        #expect(try child.wait() == 130)
        #expect(child.errorText.contains("the job was cancelled (task \(task))"))
        #expect(try folder.names == [])
        #expect(try server.stop() == 0)
    }

    @Test(arguments: ["", "generate", "status", "wait", "download", "run"])
    func `help shows examples`(command: String) throws {
        let arguments = command.isEmpty ? ["--help"] : [command, "--help"]
        let outcome = try Program.cliprise.run(arguments)
        #expect(outcome.status == 0 && outcome.errors == "")
        #expect(outcome.output.contains(#/examples?:\n +cliprise /#))
    }
}
