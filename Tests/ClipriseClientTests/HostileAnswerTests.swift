import ClipriseWire
import Foundation
import ProgramRunner
import RawSocket
import Testing

@testable import ClipriseClient

/// What a server says is shown to people, and must not reach their terminal as it is.
@Suite(.ownThreads) struct HostileAnswerTests {
    static let evil = #"\u001b]0;pwned\u0007\u001b[2J\u001b[31mRED\r\n::error::x\u009b31m\u202e\u2028\u007f"#

    static let answers: [(status: String, body: String, code: Int32, word: String)] = [
        ("400 Bad Request", #"{"msg":"\#(evil)"}"#, 6, "rejected"),
        ("200 OK", #"{"code":400,"msg":"\#(evil)"}"#, 6, "rejected"),
        ("200 OK", #"[{"code":200,"taskId":"\u001b[31m../../x\r\nX: y&apiKey=other"}]"#, 12, "malformed_task_id"),
        ("200 OK", #"[{"code":200,"taskId":"\u202eabc"}]"#, 12, "malformed_task_id"),
        (
            "402 Payment Required", #"{"error":{"code":"insufficient_credits","action_url":"https://x/\#(evil)"}}"#, 5,
            "insufficient_credits"
        ),
    ]

    private static func http(_ status: String, _ body: String) -> String {
        "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\nConnection: close"
            + "\r\n\r\n\(body)"
    }

    private static func isPlain(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0 == "\n" || Printable.isPlain($0) }
    }

    private static func run(_ words: [String], _ answers: [String]) throws -> Outcome {
        let server = try LineServer(answers)
        return try Program.cliprise.run(
            words,
            environment: ["CLIPRISE_BASE_URL": "http://127.0.0.1:\(server.port)", "CLIPRISE_API_KEY": "test-key"],
            input: lighthouse)
    }

    @Test(arguments: answers.indices, [["-q"], ["--json"], []])
    func `nothing of an answer reaches the terminal as it is`(index: Int, options: [String]) throws {
        let answer = Self.answers[index]
        let outcome = try Self.run(["generate", "--file", "-"] + options, [Self.http(answer.status, answer.body)])
        #expect(outcome.status == answer.code, "\(outcome.errors)")
        #expect(Self.isPlain(outcome.errors) && Self.isPlain(outcome.output))
        #expect(!(outcome.errors + outcome.output).split(separator: "\n").contains { $0.hasPrefix("::") })
        guard options == ["--json"] else { return }
        let fields = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(fields["error"] as? String == answer.word)
    }

    @Test func `the reason of a failed task is shown with escapes`() throws {
        let outcome = try Self.run(
            ["wait", "abc"],
            [Self.http("400 Bad Request", #"{"code":400,"status":"failed","failMsg":"\#(Self.evil)"}"#)])
        #expect(outcome.status == 8)
        #expect(Self.isPlain(outcome.errors))
        #expect(outcome.errors.contains(#"\u001b[31mRED\r\n::error::x\u009b31m\u202e\u2028\u007f"#))
    }

    @Test(arguments: [("a", true), ("A-z_9", true), (String(repeating: "a", count: 128), true)])
    func `an id is letters, digits, - and _`(id: String, isOne: Bool) {
        #expect(GenerateReading.isTaskID(id) == isOne)
    }

    @Test(arguments: ["", "a b", "a/b", "a.b", "é", "a\n", "%41", String(repeating: "a", count: 129)])
    func `any other is none`(id: String) {
        #expect(!GenerateReading.isTaskID(id))
    }

    @Test func `an id that cannot be printed is reported on standard error, with exit code 13`() throws {
        let server = try MockServer()
        let outcome = try Program.bash.run(
            ["-c", #""$0" generate --file - --json -q >/dev/full"#, Program.cliprise.path],
            environment: ["CLIPRISE_BASE_URL": server.url, "CLIPRISE_API_KEY": "test-key"], input: lighthouse)
        #expect(outcome.status == 13)
        #expect(
            outcome.errors.wholeMatch(
                of: #/cliprise: standard output cannot be written: No space left on device \(task [0-9a-f]{32}\)\n/#)
                != nil,
            "\(outcome.errors)")
        #expect(try server.stop() == 0)
    }

    @Test func `a file goes into a pipe, through a link, and keeps the rights of what was there`() throws {
        let server = try MockServer(["--time-scale", "0"])
        let task = try server.generate(lighthouse).taskID
        let size = try server.status(task, download: true).body.count
        try withFolder { folder in
            let real = "\(folder)/real.jpg"
            try "old".write(toFile: real, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: real)
            let outcome = try Program.bash.run(
                [
                    "-c",
                    """
                    cd "$1" && mkfifo pipe && ln -s real.jpg link && ln -s new.jpg dangling && mkdir folder || exit 20
                    { wc -c <pipe >count & }
                    "$0" download "$2" -q -o pipe && wait && test -p pipe && cat count || exit 21
                    "$0" download "$2" -q -o link && test -L link || exit 22
                    "$0" download "$2" -q -o dangling && test -L dangling && wc -c <new.jpg || exit 23
                    if mknod null c 1 3 2>mknod; then
                        "$0" download "$2" -q -o null && test -c null || exit 24
                    fi
                    rm -f null mknod
                    "$0" download "$2" -q -o folder; test $? = 13 || exit 25
                    ln -s loop loop && "$0" download "$2" -q -o loop; test $? = 13 && test -L loop || exit 26
                    rm loop
                    mkfifo nobody && "$0" download "$2" -q -o nobody 2>words; test $? = 13 || exit 28
                    grep -q 'nobody reads from this pipe' words && rm nobody words || exit 29
                    for name in /dev/stdout /dev/fd/1 /proc/self/fd/1; do
                        "$0" download "$2" -o $name 2>words | wc -c && test -s words || exit 27
                    done
                    rm words
                    ls
                    """, Program.cliprise.path, folder, task,
                ], environment: ["CLIPRISE_BASE_URL": server.url, "CLIPRISE_API_KEY": "test-key"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            // Through the pipe and by each name of standard output, and nothing behind the file.
            #expect(outcome.output.split(separator: "\n").count { $0 == "\(size)" } >= 4, "\(outcome.output)")
            #expect(
                outcome.output.hasSuffix("count\ndangling\nfolder\nlink\nnew.jpg\npipe\nreal.jpg\n"),
                "\(outcome.output)")
            #expect(outcome.errors.hasPrefix("cliprise: folder: is a folder; name a file in it"))
            let facts = try FileManager.default.attributesOfItem(atPath: real)
            #expect(facts[.posixPermissions] as? Int == 0o640 && facts[.size] as? Int == size)
        }
        #expect(try server.stop() == 0)
    }
}
