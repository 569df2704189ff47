import Foundation
import ProgramRunner
import RawSocket
import Testing

/// Where commands write, and what they do when they cannot.
@Suite(.ownThreads) struct OutputTests {
    static let commands = [
        ["models", "list", "--json"], ["models", "show", "veo-3-fast"], ["scenario", "schema"], ["scenario", "list"],
        ["simulate", "quiet-day", "--clients", "2", "--json"], ["--help"],
    ]

    private static func shell(_ line: String, _ words: [String]) throws -> Outcome {
        try Program.bash.run(["-c", line, Program.mock.path] + words)
    }

    @Test(arguments: commands)
    func `what cannot be printed is exit code 13`(words: [String]) throws {
        let outcome = try Self.shell(#""$0" "$@" >/dev/full"#, words)
        #expect(outcome.status == 13)
        #expect(outcome.errors == "cliprise-mock: standard output cannot be written: No space left on device\n")
    }

    @Test(arguments: commands)
    func `a reader that has enough ends a command quietly`(words: [String]) throws {
        let outcome = try Self.shell(#"set -o pipefail; "$0" "$@" | :"#, words)
        #expect(outcome.status != 1 && outcome.status != 2)
        #expect(outcome.errors == "")
    }

    @Test func `what is printed where standard error is closed reaches no file`() throws {
        try withFolder { folder in
            let report = "\(folder)/journal.jsonl"
            let words = ["exec", "--allow-idle", "--report", "journal=\(report)", "--", "true"]
            let outcome = try Self.shell(#""$0" "$@" 2>&-"#, words)
            #expect(outcome.status == 0)
            #expect(try String(contentsOfFile: report, encoding: .utf8).hasPrefix(#"{"kind":"account""#))
        }
    }

    static let terminals: [(variables: [String: String], columns: Int, isColoured: Bool)] = [
        (["TERM": "xterm", "NO_COLOR": ""], 80, true), (["TERM": "vt100", "NO_COLOR": ""], 120, true),
        (["TERM": "xterm", "NO_COLOR": "1"], 60, false), (["TERM": "dumb", "NO_COLOR": ""], 70, false),
        (["TERM": "", "NO_COLOR": ""], 30, false),
    ]

    /// Runs a program on a terminal of so many columns, and prints what it printed.
    static let terminal = """
        import fcntl, os, pty, struct, sys, termios
        pid, end = pty.fork()
        if pid == 0:
            fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
            os.execvp(sys.argv[2], sys.argv[2:])
        try:
            while piece := os.read(end, 4096): os.write(1, piece)
        except OSError: pass
        """

    @Test(.enabled(if: Program.python.works("--version"), "no python3"), arguments: terminals)
    func `a report fits its terminal, and has colours where they are wanted`(
        variables: [String: String], columns: Int, isColoured: Bool
    ) throws {
        try withFolder { folder in
            let journal = "\(folder)/journal.jsonl"
            let words = [
                "simulate", "lost-reply", "--policy", "naive", "--clients", "1", "--report", "journal=\(journal)",
            ]
            #expect(try Program.mock.run(words).status == 0)
            let outcome = try Program.python.run(
                ["-c", Self.terminal, "\(columns)", Program.mock.path, "grade", journal], environment: variables)
            #expect(outcome.output.contains("Grade F"), "\(outcome.output)\(outcome.errors)")
            #expect(outcome.output.contains("\u{1B}[") == isColoured)
            let lines = outcome.output.replacing("\r\n", with: "\n").replacing(/\e\[[0-9;]*m/, with: "").split(
                separator: "\n")
            #expect(lines.allSatisfy { $0.count <= max(columns, 60) }, "\(outcome.output)")
            #expect(lines.contains { $0.count > max(columns, 60) - 15 })
        }
    }

    @Test func `a report is there though the command removed its file or its folder`() throws {
        try withFolder { folder in
            let report = "\(folder)/build/report.json"
            for command in ["rm \"$0\"", "rm -r \"${0%/*}\" && mkdir \"${0%/*}\"", "rm -r \"${0%/*}\""] {
                try FileManager.default.createDirectory(atPath: "\(folder)/build", withIntermediateDirectories: true)
                let outcome = try Program.mock.run(
                    [
                        "exec", "--allow-idle", "--quiet", "--report", "json=\(report)", "--", "sh", "-c", command,
                        report,
                    ])
                let isThere = FileManager.default.fileExists(atPath: "\(folder)/build")
                #expect(outcome.status == (isThere ? 0 : 2))
                #expect(
                    (try? String(contentsOfFile: report, encoding: .utf8))?.hasPrefix("{") == (isThere ? true : nil))
                #expect(outcome.errors.contains("the report cannot be written there") == !isThere, "\(outcome.errors)")
            }
        }
    }

    @Test func `a closed standard output cannot be written, whatever was opened since`() throws {
        let outcome = try Self.shell(#""$0" "$@" >&-"#, ["simulate", "quiet-day", "--clients", "2", "--json"])
        #expect(outcome.status == 13)
        #expect(outcome.errors == "cliprise-mock: standard output cannot be written: Bad file descriptor\n")
        let server = try MockServer(["--host-gate", "loopback"])
        let client = try Program.bash.run(
            [
                "-c", #""$0" generate --model z-image --prompt a --set aspect_ratio=1:1 --quiet >&-"#,
                Program.cliprise.path,
            ],
            environment: [
                "CLIPRISE_BASE_URL": "http://127.0.0.1:\(server.port)", "CLIPRISE_API_KEY": "test-key",
                "CLIPRISE_CALLBACK_URL": "https://your-service.example.com/webhooks/cliprise",
            ])
        #expect(client.status == 13)
        #expect(
            client.errors.hasPrefix("cliprise: standard output cannot be written: Bad file descriptor (task "),
            "\(client.errors)")
    }

    static let readers = [
        ["scenario", "check"], ["simulate", "quiet-day", "--policy"], ["simulate", "quiet-day", "--arrivals"],
        ["simulate", "quiet-day", "--lives"], ["simulate", "quiet-day", "--from-log"], ["replay"], ["shrink"],
        ["grade"],
        ["simulate", "merge"], ["proxy", "--record", "x", "--from"], ["serve", "--port", "0", "--profile"],
    ]

    @Test(arguments: readers)
    func `a file that is no text in UTF-8 is named as what it is`(words: [String]) throws {
        try withFolder { folder in
            let file = "\(folder)/a.json"
            for (bytes, format) in [
                ([0xFF, 0xFE, 0x7B, 0, 0x7D, 0], "UTF-16, not UTF-8"),
                ([0x1F, 0x8B, 8, 0, 0, 0], "compressed with gzip"),
            ] as [([UInt8], String)] {
                try Data(bytes).write(to: URL(fileURLWithPath: file))
                let outcome = try Program.mock.run(words + [file])
                #expect(outcome.status == 2)
                #expect(outcome.errors.contains("\(file): is \(format)"), "\(outcome.errors)")
            }
        }
    }

    static let mistaken = [
        (["replay", "s.yaml"], "s.yaml: is a scenario, which serve, exec, simulate and shrink FILE -- COMMAND take"),
        (["shrink", "s.yaml"], "s.yaml: is a scenario"), (["grade", "s.yaml"], "s.yaml: is a scenario"),
        (["simulate", "quiet-day", "--policy", "./s.yaml"], "s.yaml: is a scenario"),
        (["replay", "j.jsonl"], "j.jsonl: is a journal, which grade takes"),
        (["scenario", "check", "j.jsonl"], "j.jsonl: is a journal"),
        (["simulate", "b.jsonl"], "b.jsonl: is a bundle, which replay, shrink and grade take"),
        (["state", "import", "b.jsonl", "x"], "b.jsonl: is a bundle"),
        (["simulate", "quiet-day", "--arrivals", "b.jsonl"], "b.jsonl: is a bundle"),
        (["simulate", "merge", "b.jsonl"], "b.jsonl: is a bundle"),
    ]

    @Test func `a file of this program that is another than what is read is named as what it is`() throws {
        try withFolder { folder in
            let show = try Program.mock.run(["scenario", "show", "storm"])
            try show.output.write(toFile: "\(folder)/s.yaml", atomically: true, encoding: .utf8)
            let run = ["simulate", "lost-reply", "--policy", "naive", "--clients", "1", "--record", "b.jsonl"]
            #expect(try Program.mock.run(run + ["--report", "journal=j.jsonl"], folder: folder).status == 0)
            for (words, says) in Self.mistaken {
                let outcome = try Program.mock.run(words, folder: folder)
                #expect(outcome.status == 2 && outcome.errors.contains(says), "\(words) \(outcome.errors)")
            }
            for words in [["replay", "b.jsonl"], ["grade", "j.jsonl"], ["scenario", "check", "s.yaml"]] {
                #expect(try Program.mock.run(words, folder: folder).status != 2)
            }
        }
    }

    @Test func `what is to go into one file twice is refused before the run`() throws {
        try withFolder { folder in
            for words in [
                ["exec", "--report", "json=a", "--report", "text=./a", "--", "touch", "ran"],
                ["exec", "--record", "a", "--report", "json=\(folder)/a", "--", "touch", "ran"],
                ["simulate", "quiet-day", "--policy", "naive", "--record", "a", "--report", "text=a"],
                ["simulate", "quiet-day", "--policy", "naive", "--plot", "a.svg", "--report", "text=a.svg"],
            ] {
                let outcome = try Program.mock.run(words, folder: folder)
                #expect(outcome.status == 2)
                #expect(
                    outcome.errors.contains("is to hold two things; give each a file of its own"), "\(outcome.errors)")
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
            }
            let nowhere = [
                "exec", "--allow-idle", "--report", "json=/dev/null", "--report", "text=/dev/null", "--", "true",
            ]
            #expect(try Program.mock.run(nowhere).status == 0)
        }
    }

    @Test func `charts and reports go into what is there: a pipe, a link, a file with its rights`() throws {
        try withFolder { folder in
            let (pipe, link, real) = ("\(folder)/p.svg", "\(folder)/l.svg", "\(folder)/real.svg")
            try "old".write(toFile: real, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: real)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real.svg")
            let outcome = try Program.bash.run([
                "-c",
                """
                mkfifo "$1" && { head -c 4 <"$1" & }
                "$0" simulate quiet-day --clients 2 --json --plot "$1" >/dev/null || exit 20
                wait
                "$0" simulate quiet-day --clients 2 --json --plot "$2" >/dev/null || exit 21
                test -p "$1" && test -L "$2"
                """, Program.mock.path, pipe, link,
            ])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output == "<svg")
            #expect(try String(contentsOfFile: real, encoding: .utf8).hasPrefix("<svg"))
            let rights = try FileManager.default.attributesOfItem(atPath: real)[.posixPermissions] as? Int
            #expect(rights == 0o600)
        }
    }

    @Test func `a pipe among the files of a catalogue is refused, not waited for`() throws {
        try withFolder { folder in
            #expect(mkfifo("\(folder)/a.json", 0o600) == 0)
            let outcome = try Program.mock.run(["models", "list", "--catalog", folder])
            #expect(outcome.status == 2)
            #expect(outcome.errors == "cliprise-mock: \(folder)/a.json: is no regular file\n")
        }
    }

    static let variables: [(environment: [String: String], status: Int32, errors: String)] = [
        (
            ["CLIPRISE_MOCK_KIND": "tcp://10.96.0.5:8080"], 0,
            "cliprise-mock: CLIPRISE_MOCK_KIND=tcp://10.96.0.5:8080 comes from a Kubernetes service of this name, and was "
                + "ignored\n"
        ),
        (
            [
                "CLIPRISE_MOCK_PORT": "tcp://10.96.0.5:8080", "CLIPRISE_MOCK_SERVICE_HOST": "10.96.0.5",
                "CLIPRISE_MOCK_SERVICE_PORT": "8080", "CLIPRISE_MOCK_SERVICE_PORT_HTTP": "8080",
                "CLIPRISE_MOCK_PORT_8080_TCP": "tcp://10.96.0.5:8080", "CLIPRISE_MOCK_PORT_8080_TCP_ADDR": "10.96.0.5",
                "CLIPRISE_MOCK_PORT_8080_TCP_PORT": "8080", "CLIPRISE_MOCK_PORT_8080_TCP_PROTO": "tcp",
                "CLIPRISE_MOCK_WEB_PORT": "tcp://10.96.0.6:80", "CLIPRISE_MOCK_ONLY": "1",
                "CLIPRISE_MOCK_ADMIN_URL": "http://127.0.0.1:1/__admin", "CLIPRISE_MOCK_SEED": "7",
            ], 0, ""
        ),
        (
            ["CLIPRISE_MOCK_JSN": "1"], 0,
            "cliprise-mock: CLIPRISE_MOCK_JSN in the environment is no option, and was ignored; did you mean "
                + "CLIPRISE_MOCK_JSON?\n"
        ),
        (
            ["CLIPRISE_MOCK_JSON": "ture"], 2,
            "cliprise-mock: CLIPRISE_MOCK_JSON=ture: write true or false (1 or 0, yes or no, on or off)\n"
        ),
        (["CLIPRISE_MOCK_JSON": "Off"], 0, ""), (["CLIPRISE_MOCK_JSON": "on"], 0, ""),
        (["CLIPRISE_MOCK_JSON": ""], 0, ""),
    ]

    @Test(arguments: variables.indices)
    func `the environment is read, left aside with a line, or refused`(index: Int) throws {
        let (environment, status, errors) = Self.variables[index]
        let outcome = try Program.mock.run(["models", "list"], environment: environment)
        #expect(outcome.status == status)
        #expect(outcome.errors == errors)
    }

    /// A line for each command, with all that it needs to be one.
    static let everyCommand = [
        "serve", "exec", "grade", "scenario list", "simulate", "replay", "prove", "shrink", "models list",
        "models show", "models schema",
        "models coverage", "certificate", "health", "quote", "openapi", "conformance", "mcp", "helper", "state check",
        "state export", "state import", "scenario show", "scenario check", "scenario schema",
    ]

    @Test(arguments: everyCommand)
    func `every option in a command's help can stand in the environment, and no other is passed to it`(
        command: String
    ) throws {
        let words = command.split(separator: " ").map(String.init)
        let help = try Program.mock.run(words + ["--help"]).output
        var names = Set(help.matches(of: /\n  (?:-[a-z], )?--([a-z-]+)/).map { String($0.1) })
        names.subtract(["help", "version"])
        // The address that serve listens on, and not the Host that conformance sends.
        if command == "conformance" { names.remove("host") }
        var environment: [String: String] = [:]
        func variable(_ name: String) -> String {
            "CLIPRISE_MOCK_\(name.uppercased().replacing("-", with: "_"))"
        }
        // What others have, and what this one has: a flag takes the value, and an option that does not says so below.
        for name in ["port", "seed", "json", "idle-timeout", "dir", "fleet"] { environment[variable(name)] = "true" }
        for name in names { environment[variable(name)] = "true" }
        let outcome = try Program.mock.run(words + ["--no-such-option"], environment: environment)
        #expect(outcome.status == 2, "\(outcome.errors)")
        #expect(!outcome.errors.contains("is no option"), "\(outcome.errors)")
        let inForce = outcome.errors.split(separator: "\n").first { $0.hasPrefix("From the environment: ") } ?? ""
        let told = Set(inForce.dropFirst("From the environment: ".count).split(separator: ", ").map(String.init))
        #expect(told == Set(names.map(variable)), "\(outcome.errors)")
    }

    @Test(arguments: [Program.mock, Program.cliprise])
    func `arguments are read although a preloaded library set a variable before the program began`(
        program: Program
    ) throws {
        try withFolder { folder in
            let source = "\(folder)/early.c"
            // What libfaketime does: the standard library then finds no argument.
            try """
            #include <stdlib.h>
            __attribute__((constructor)) static void early(void) { setenv("EARLY", "1", 1); }
            """.write(toFile: source, atomically: true, encoding: .utf8)
            let made = try Program.bash.run(["-c", #"clang -shared -fPIC -o "$0.so" "$0""#, source])
            #expect(made.status == 0, "\(made.errors)")
            let outcome = try program.run(["--version"], environment: ["LD_PRELOAD": "\(source).so"])
            #expect(outcome.status == 0 && outcome.output.hasPrefix("cliprise"), "\(outcome.output)\(outcome.errors)")
            let mistake = try program.run(["--no-such-option"], environment: ["LD_PRELOAD": "\(source).so"])
            #expect(mistake.status == 2 && mistake.errors.contains("no-such-option"), "\(mistake.errors)")
        }
    }

    @Test func `a server listens where it always does when a Kubernetes service has its name`() throws {
        let server = try MockServer(environment: [
            "CLIPRISE_MOCK_PORT_9_TCP": "tcp://x", "CLIPRISE_MOCK_HOST": "tcp://x",
        ])
        #expect(try server.admin("GET", "ready").status == 200)
        #expect(try server.stop() == 0)
    }

    @Test func `mistakes in a scenario are told without a control character`() throws {
        let text = "schema: cliprise-mock/v1\n\"\\e[31m\\r\\n::error::x\": 1\n"
        let outcome = try Program.mock.run(["scenario", "check", "-"], input: text)
        #expect(outcome.status == 2)
        #expect(outcome.errors.hasPrefix(#"standard input:2:1: unknown key "\u001b[31m\r\n::error::x"; allowed: "#))
    }

    @Test func `the name of a policy cannot colour a terminal or command a CI system`() throws {
        try withFolder { folder in
            let file = "\(folder)/p.yaml"
            try "name: \"\\e[31m\\n::error::x\"\n".write(toFile: file, atomically: true, encoding: .utf8)
            for form in [[], ["--json"], ["--csv"]] {
                let outcome = try Program.mock.run(
                    ["simulate", "quiet-day", "--clients", "2", "--policy", file] + form)
                #expect(outcome.status == 0)
                #expect(!outcome.output.contains("\u{1B}"))
                #expect(!outcome.output.split(separator: "\n").contains { $0.hasPrefix("::") })
            }
        }
    }
}
