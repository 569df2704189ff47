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
        let article = try Repository.text("Sources/cliprise-mock/cliprise-mock.docc/CommandsAndOptions.md")
        let command = try ["ServeCommand", "WorldOptions"].map {
            try Repository.text("Sources/cliprise-mock/\($0).swift")
        }.joined()
        let options = command.matches(of: /@(?:Option|Flag)\((?!help: \.hidden)(?:.|\n)*?var ([a-zA-Z]+)/)
            .map { String($0.1) }
        try #require(options.contains("port") && options.contains("adminToken"), "the pattern finds no options")
        for option in options {
            let flag = option.reduce(into: "--") { $0 += $1.isUppercase ? "-\($1.lowercased())" : String($1) }
            if !article.contains(flag) { Issue.record("CommandsAndOptions does not name \(flag)") }
        }
    }

    @Test func `the README is short, and what it links to is there`() throws {
        let readme = try Repository.text("README.md")
        #expect(readme.utf8.count <= 12 << 10)
        let links = readme.matches(of: /\]\(((?:Sources|Tests|fixtures)[^)]*)\)/).map { String($0.1) }
        try #require(links.count > 5, "the pattern finds no links")
        for link in links { #expect(Repository.exists(link), "\(link)") }
    }

    private static let articles = "Sources/cliprise-mock/cliprise-mock.docc"

    @Test func `the first page of the documentation leads to every article`() throws {
        let page = try Repository.text("\(Self.articles)/cliprise-mock.md")
        let articles = try Repository.names(in: Self.articles).filter { $0.hasSuffix(".md") }
        try #require(articles.count > 20)
        for article in articles where article != "cliprise-mock.md" {
            #expect(page.contains("<doc:\(article.dropLast(3))>"), "\(article)")
        }
    }

    /// A row behind a blank line is shown as text.
    @Test func `every row of a table in the articles stands below its head`() throws {
        for article in try Repository.names(in: Self.articles) where article.hasSuffix(".md") {
            let lines = try Repository.text("\(Self.articles)/\(article)")
                .split(separator: "\n", omittingEmptySubsequences: false)
            for (number, line) in lines.enumerated() where line.hasPrefix("|") && !lines[number - 1].hasPrefix("|") {
                #expect(lines[number + 1].contains(/^\|[ :|-]+\|$/), "\(article):\(number + 1)")
            }
        }
    }

    @Test func `the files that the map names are there`() throws {
        let map = try Repository.text("Sources/cliprise-mock/cliprise-mock.docc/TheHouse.md")
        let names = map.matches(of: /`((?:Sources|Tests|fixtures)\/[^`…]*)`/).map { String($0.1) }
        try #require(names.count > 20, "the pattern finds no files")
        for name in names { #expect(Repository.exists(name), "\(name)") }
    }

    @Test func `what is added most takes three files at most, by the map`() throws {
        let map = try Repository.text("Sources/cliprise-mock/cliprise-mock.docc/TheHouse.md")
        let added = [
            "a model", "a fault", "a scenario key", "an expectation", "an admin route", "a field of the journal",
        ]
        for what in added {
            let row = try #require(map.split(separator: "\n").first { $0.hasPrefix("| \(what) |") }, "\(what)")
            let files = Set(row.matches(of: /`((?:Sources|fixtures)\/[^`]*)`/).map { String($0.1) })
            #expect((1...3).contains(files.count), "\(what): \(files.sorted())")
        }
    }

    @Test func `every module is in the map`() throws {
        let map = try Repository.text("Sources/cliprise-mock/cliprise-mock.docc/TheHouse.md")
        for module in try Repository.names(in: "Sources") where module.first != "C" || module.hasPrefix("Clip") {
            #expect(map.contains("`\(module)`"), "\(module)")
        }
    }
}
