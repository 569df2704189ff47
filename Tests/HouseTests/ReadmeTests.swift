import Foundation
import Testing

@Suite struct ReadmeTests {
    /// The lines of the README's shell blocks, in order.
    static func shellBlocks() throws -> [String] {
        var blocks: [String] = []
        var current: [Substring]?
        for line in try Repository.text("README.md").split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "```sh" {
                current = []
            } else if line == "```", let block = current {
                blocks.append(block.joined(separator: "\n"))
                current = nil
            } else {
                current?.append(line)
            }
        }
        return blocks
    }

    @Test func `the first command runs the server and the second runs all tests`() throws {
        let blocks = try Self.shellBlocks()
        try #require(blocks.count >= 2)
        #expect(blocks[0] == ".ci/setup && swift run cliprise-mock")
        #expect(blocks[1] == ".ci/setup --clients && swift test")
    }

    @Test func `the check runs the README's commands themselves`() throws {
        let run = try Repository.text(".ci/run")
        #expect(run.contains("\n\(try Self.shellBlocks()[1])\n"))
        #expect(run.contains("\n.ci/readme-first-command\n"))
    }

    @Test func `the changelog begins with the version in force`() throws {
        let source = try Repository.text("Sources/ClipriseVersion/Version.swift")
        let number = try #require(source.firstMatch(of: /number = "([0-9.]+)"/)).1
        let changelog = try Repository.text("Sources/cliprise-mock/cliprise-mock.docc/Changelog.md")
        let newest = try #require(changelog.firstMatch(of: /\n## ([0-9.]+)\n/)).1
        #expect(newest == number)
    }

    @Test func `the version stands in one place of the sources`() throws {
        let source = try Repository.text("Sources/ClipriseVersion/Version.swift")
        let number = try #require(source.firstMatch(of: /number = "([0-9.]+)"/)).1
        for path in try Repository.files(below: "Sources", endings: [".swift", ".c", ".h"])
        where path != "Sources/ClipriseVersion/Version.swift" {
            #expect(!(try Repository.text(path)).contains("\"\(number)\""), "\(path)")
        }
    }

    @Test func `every option of serve is explained`() throws {
        let readme = try Repository.text("README.md")
        let command = try ["ServeCommand", "WorldOptions"].map {
            try Repository.text("Sources/cliprise-mock/\($0).swift")
        }.joined()
        let options = command.matches(of: /@(?:Option|Flag)\((?:.|\n)*?var ([a-zA-Z]+)/).map { String($0.1) }
        try #require(options.contains("port") && options.contains("adminToken"), "the pattern finds no options")
        for option in options {
            let flag = option.reduce(into: "--") { $0 += $1.isUppercase ? "-\($1.lowercased())" : String($1) }
            if !readme.contains(flag) { Issue.record("the README does not name \(flag)") }
        }
    }
}
