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
}
