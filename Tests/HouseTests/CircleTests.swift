import Testing

/// Files that name each other can only be understood together: each such circle has a reason, or is none.
@Suite struct CircleTests {
    static let map = "Sources/cliprise-mock/cliprise-mock.docc/TheHouse.md"

    struct Row {
        let module: String
        let files: Set<String>
        let reason: String
    }

    /// The table below the map's heading "Circles of files".
    static func rows() throws -> [Row] {
        let text = try Repository.text(map)
        let heading = try #require(text.firstRange(of: "\n## Circles of files\n"))
        let rest = text[heading.upperBound...]
        let section = rest[..<(rest.firstRange(of: "\n## ")?.lowerBound ?? rest.endIndex)]
        return try section.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            let cells = line.split(separator: " | ")
            try #require(cells.count == 3, "\(line)")
            return Row(
                module: try #require(codes(in: cells[0]).first), files: Set(codes(in: cells[1])),
                reason: String(cells[2].dropLast(2)))
        }
    }

    /// What stands between backquotes.
    private static func codes(in cell: Substring) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
            .map { String($0.element) }
    }

    static func graph(of module: String) throws -> FileGraph {
        let folder = "Sources/\(module)"
        let files = try Repository.files(below: folder, endings: [".swift", ".c", ".h"]).map {
            SourceFile(path: String($0.dropFirst(folder.count + 1)), text: try Repository.text($0))
        }
        return FileGraph(files)
    }

    @Test func `no files name each other in a circle but those that the map names with a reason`() throws {
        let rows = try Self.rows()
        let modules = try Repository.names(in: "Sources")
        for row in rows {
            #expect(modules.contains(row.module), "the map names circles of \(row.module), which is no module")
            #expect(row.reason.split(separator: " ").count > 4, "\(row.files.sorted()) has no reason in the map")
        }
        for module in modules {
            let graph = try Self.graph(of: module)
            let found = graph.circles
            let listed = rows.filter { $0.module == module }.map(\.files)
            for circle in found where !listed.contains(circle) {
                let arrows = graph.sentences(within: circle).joined(separator: "; ")
                Issue.record("\(module) has a circle that the map does not name: \(circle.sorted()): \(arrows)")
            }
            for circle in listed where !found.contains(circle) {
                Issue.record("the map names a circle of \(module) that is none: \(circle.sorted())")
            }
            #expect(Set(listed).count == listed.count, "the map names a circle of \(module) twice")
        }
    }

    /// Where a declaration is found and where not; the file beside it names `Sought` and nothing else.
    static let texts: [(text: String, declares: Bool)] = [
        ("struct Sought {}", true), ("@main\nfinal class Sought {", true), ("package import A\nenum Sought {", true),
        ("@available(*, deprecated) public typealias Sought = Int", true), ("private func Sought() {", true),
        ("/* old */\nactor Sought", true), ("let a = \"\"\"\n    \"\n    \"\"\"\nprotocol Sought {", true),
        ("    struct Sought {}", false), ("// struct Sought", false), ("/*\nstruct Sought\n*/", false),
        ("let a = \"\"\"\nstruct Sought\n\"\"\"", false), ("let Sought = 1", false), ("extension Sought {", false),
        ("struct SoughtToo {", false),
    ]

    @Test(arguments: texts)
    func `a file declares what a line without indentation does, beyond comments and texts`(
        text: String, declares: Bool
    ) {
        let graph = FileGraph([SourceFile(path: "a", text: text), SourceFile(path: "b", text: "let b = Sought()")])
        #expect(graph.arrows["b"] == (declares ? [FileGraph.Arrow(target: "a", word: "Sought")] : []))
    }

    static let uses: [(text: String, names: Bool)] = [
        ("let a: [Sought?] = []", true), ("f(\"\\\"\", Sought.self)", true), ("a // b\nSought", true),
        ("// Sought", false), ("/* a\nSought */", false), ("let a = \"Sought\"", false), ("let a = Sought2()", false),
        ("let a = \"\"\"\n\"Sought\"\n\"\"\"", false),
    ]

    @Test(arguments: uses)
    func `a file names what stands in its code, beyond comments and texts`(text: String, names: Bool) {
        let graph = FileGraph([SourceFile(path: "a", text: "enum Sought {}"), SourceFile(path: "b", text: text)])
        #expect(graph.arrows["b"]?.isEmpty == !names)
    }

    @Test func `a circle holds the files that lead to each other, and none that only leads to it or from it`() {
        func file(_ name: String, _ text: String) -> SourceFile {
            SourceFile(path: name, text: "struct \(name) { var a: \(text) }")
        }
        let files = [
            file("A", "B"), file("B", "C"), file("C", "(A, E)"), file("D", "A"), file("E", "E"), file("F", "G"),
            file("G", "F"),
        ]
        #expect(FileGraph(files).circles == [["A", "B", "C"], ["F", "G"]])
        #expect(FileGraph(files).sentences(within: ["F", "G"]) == ["F names G of G", "G names F of F"])
    }
}
