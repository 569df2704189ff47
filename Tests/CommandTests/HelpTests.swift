import Foundation
import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct HelpTests {
    static let pages: [([String], mentions: [String])] = [
        (["--help"], ["serve", "models", "quote", "CLIPRISE_MOCK_", "Exit codes: 0", "1", "2", "3"]),
        (["help"], ["serve", "models", "quote"]),
        (["serve", "--help"], ["--port", "--account", "--host-gate", "--time-scale", "examples:"]),
        (["help", "serve"], ["--port"]),
        (["--port", "0", "--open", "--help"], ["--port", "examples:"]),
        (["models", "--help"], ["list", "show"]),
        (["models", "list", "--help"], ["--kind", "--json", "--catalog", "example:"]),
        (["models", "show", "--help"], ["<model>", "--json", "examples:"]),
        (["quote", "--help"], ["<file>", "standard input", "--strict", "exit code 1", "examples:"]),
    ]

    @Test(arguments: pages.map(\.0), [0])
    func `each command has a page of help on standard output`(arguments: [String], code: Int32) throws {
        let page = try #require(Self.pages.first { $0.0 == arguments })
        let outcome = try Program.mock.run(arguments)
        #expect(outcome.status == code)
        #expect(outcome.errors == "")
        for word in page.mentions { #expect(outcome.output.contains(word), "no \(word)") }
    }

    @Test func `no line of help is wider than a terminal`() throws {
        for page in Self.pages {
            for line in try Program.mock.run(page.0).output.split(separator: "\n")
            // A usage line is one line whatever its length.
            where !line.hasPrefix("USAGE:") {
                #expect(line.count <= 80, "\(line)")
            }
        }
    }

    @Test func `an example in the help of serve stands on a line of its own`() throws {
        let help = try Program.mock.run(["serve", "--help"]).output
        for example in ["cliprise-mock serve --port 0 --account ci=500", "cliprise-mock serve --time-scale 0"] {
            #expect(help.contains("\n    \(example)\n") || help.contains("\n  \(example)\n"), "\(help)")
        }
    }

    @Test(arguments: [Program.mock, Program.cliprise])
    func `the version is one line with the commit and the catalogue's hash`(program: Program) throws {
        let outcome = try program.run(["--version"])
        #expect(outcome.status == 0)
        let form = /cliprise(?:-mock)? \d+\.\d+\.\d+ \(commit ([0-9a-f]{8}|dev), catalogue [0-9a-f]{16}\)\n/
        #expect(outcome.output.wholeMatch(of: form) != nil, "\(outcome.output)")
    }

    @Test func `the version names the catalogue by the hash that the admin API shows`() throws {
        let server = try MockServer()
        let reply = try server.admin("GET", "version")
        let hash = try #require(reply.fields["catalogHash"] as? String)
        for program in [Program.mock, Program.cliprise] {
            #expect(try program.run(["--version"]).output.contains("catalogue \(hash))"))
        }
        #expect(reply.fields["version"] as? String == "0.2.0")
        _ = try server.stop()
    }

    /// Shells that complete nothing for a word do not complete files either.
    @Test(arguments: [Program.mock, Program.cliprise])
    func `where a file is wanted, shells complete files`(program: Program) throws {
        let dump = try program.run(["--experimental-dump-help"]).output
        var commands = [try #require(try Dump(Data(dump.utf8)).command)]
        var wanted = 0
        while let command = commands.popLast() {
            commands += command.subcommands ?? []
            for argument in command.arguments ?? [] where argument.kind != "flag" && argument.namesFile {
                wanted += 1
                #expect(argument.completionKind != nil, "\(command.commandName): \(argument)")
            }
        }
        #expect(wanted > 3)
    }

    @Test func `shells complete the names of helpers`() throws {
        let script = try Program.mock.run(["--generate-completion-script", "bash"]).output
        for name in ["pytest", "kubernetes-indexed-job"] { #expect(script.contains(name)) }
    }
}

/// What `--experimental-dump-help` says, as far as it is asked here.
private struct Dump: Decodable {
    struct Command: Decodable {
        var commandName: String
        var arguments: [Argument]?
        var subcommands: [Command]?
    }

    struct Argument: Decodable {
        struct Completion: Decodable {}

        var kind: String
        var valueName: String?
        var abstract: String?
        var completionKind: Completion?

        /// By the name of its value, or by what is said of it.
        var namesFile: Bool {
            let names = ["file", "files", "dir", "file|name", "name|file", "file.csv", "journal", "bundle", "key-file"]
            return names.contains(valueName ?? "") || abstract?.contains("for standard input") == true
        }
    }

    var command: Command?

    init(_ json: Data) throws { self = try JSONDecoder().decode(Dump.self, from: json) }
}
