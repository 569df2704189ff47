import Foundation
import Testing

@Suite struct TidyTests {
    /// Modules whose results depend on nothing but their arguments.
    static let pureModules = [
        "ClipriseWire", "ClipriseJSON", "ClipriseForm", "ClipriseCatalog", "ClipriseJournal", "ClipriseReport",
        "ClipriseEngine", "ClipriseAdmin",
    ]

    @Test func `the top level holds the agreed entries and no others`() throws {
        let agreed: Set<String> = ["Package.swift", "Sources", "Tests", "fixtures", "scenarios", "README.md"]
        // What `swift build` writes and git ignores.
        let names = Set(try Repository.names(in: "")).subtracting(["Package.resolved"])
        #expect(names.isSubset(of: agreed), "\(names.subtracting(agreed).sorted())")
    }

    @Test(arguments: ["Sources", "Tests"])
    func `no Swift file is longer than 400 lines`(folder: String) throws {
        for path in try Repository.files(below: folder, endings: [".swift"]) + ["Package.swift"] {
            let lines = try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(lines <= 401, "\(path) has \(lines) lines")
        }
    }

    @Test(arguments: pureModules)
    func `a pure module asks for no time, no chance and no hash order`(module: String) throws {
        let forbidden = ["Date()", "ContinuousClock", "UUID(", ".random(", "hashValue", "clock_gettime", "getenv("]
        for path in try Repository.files(below: "Sources/\(module)", endings: [".swift"]) {
            let text = try Repository.text(path)
            for word in forbidden where text.contains(word) { Issue.record("\(path) uses \(word)") }
        }
    }

    @Test func `nothing prints but through the one writer`() throws {
        for path in try Repository.files(below: "Sources", endings: [".swift"]) {
            let text = try Repository.text(path)
            for word in ["print(", "debugPrint(", "NSLog("] where text.contains(word) {
                Issue.record("\(path) uses \(word)")
            }
        }
    }

    @Test func `no unfinished places are left in the sources`() throws {
        for path in try Repository.files(below: "Sources", endings: [".swift", ".c", ".cpp", ".h"]) {
            let text = try Repository.text(path)
            for word in ["TO" + "DO", "FIX" + "ME", "try" + "!", "as" + "!", "@unchecked " + "Sendable"] {
                if text.contains(word) { Issue.record("\(path) has \(word)") }
            }
        }
    }

    @Test func `every folder of fixtures is described and read by a test`() throws {
        let readme = try Repository.text("fixtures/README.md")
        let tests = try Repository.files(below: "Tests", endings: [".swift", ".sh", ".py"])
        let sources = try tests.map(Repository.text).joined()
        for name in try Repository.names(in: "fixtures") where name != "README.md" {
            if !readme.contains("`\(name)") { Issue.record("fixtures/README.md does not name \(name)") }
            let isRead = sources.contains("fixtures/\(name)") || sources.contains("\"\(name)/")
            if !isRead { Issue.record("no test names fixtures/\(name)") }
        }
    }
}
