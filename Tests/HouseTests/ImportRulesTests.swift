import Foundation
import Testing

/// The layering of the package, as a table.
///
/// A module may import what its row lists and no more, and a row names only modules of rows above it.
@Suite struct ImportRulesTests {
    static let rows: [(module: String, mayImport: Set<String>)] = [
        ("CCertificates", []),
        ("CClipriseCrash", []),
        ("CClipriseData", []),
        ("CClipriseJSON", []),
        ("CCurl", []),
        ("CGlyphs", []),
        ("CGnuTLS", []),
        ("CJPEG", []),
        ("CLame", []),
        ("CMicroHTTPD", []),
        ("CMicroHTTPDHooks", []),
        ("CPrefetch", []),
        ("CVirtualTime", []),
        ("CSQLite", []),
        ("CYAML", []),
        ("CZlib", []),
        ("ClipriseLocks", ["Glibc"]),
        ("ClipriseWire", ["CPrefetch", "Glibc"]),
        ("ClipriseJSON", ["CClipriseJSON", "ClipriseWire"]),
        ("ClipriseForm", ["ClipriseJSON", "ClipriseWire"]),
        ("EmbedFiles", ["Foundation", "PackagePlugin"]),
        ("ClipriseFiles", []),
        ("ClipriseCatalog", ["ClipriseFiles", "ClipriseForm", "ClipriseJSON", "ClipriseWire", "Synchronization"]),
        ("ClipriseVersion", ["CClipriseData", "ClipriseFiles", "ClipriseWire"]),
        (
            "MicroHTTPD",
            [
                "CClipriseCrash", "CMicroHTTPD", "CMicroHTTPDHooks", "CVirtualTime", "ClipriseLocks", "ClipriseWire",
                "Glibc",
            ]
        ),
        ("ClipriseMedia", ["CGlyphs", "CJPEG", "CLame", "CZlib", "ClipriseLocks", "ClipriseWire", "Glibc"]),
        ("EmbedVirtualTime", ["Foundation", "PackagePlugin"]),
        ("ClipriseVirtualTime", ["CVirtualTime", "ClipriseWire", "Glibc"]),
        ("ClipriseHTTP", ["CCurl", "ClipriseLocks", "ClipriseWire", "Dispatch", "Glibc"]),
        ("ClipriseScenario", ["CYAML", "ClipriseFiles", "ClipriseWire"]),
        ("ClipriseJournal", ["ClipriseForm", "ClipriseScenario", "ClipriseWire"]),
        ("ClipriseReport", ["ClipriseForm", "ClipriseJSON", "ClipriseJournal", "ClipriseScenario", "ClipriseWire"]),
        (
            "ClipriseClient",
            ["ClipriseHTTP", "ClipriseLocks", "ClipriseWire", "Glibc", "Synchronization"]
        ),
        ("cliprise", ["ArgumentParser", "ClipriseClient", "ClipriseVersion", "ClipriseWire", "Glibc"]),
        (
            "ClipriseEngine",
            ["CZlib", "ClipriseCatalog", "ClipriseForm", "ClipriseJournal", "ClipriseScenario", "ClipriseWire"]
        ),
        (
            "ClipriseAdmin",
            [
                "ClipriseEngine", "ClipriseFiles", "ClipriseForm", "ClipriseJSON", "ClipriseJournal",
                "ClipriseScenario", "ClipriseWire",
            ]
        ),
        (
            "ClipriseState",
            [
                "CSQLite", "ClipriseAdmin", "ClipriseCatalog", "ClipriseEngine", "ClipriseJournal", "ClipriseLocks",
                "ClipriseReport", "ClipriseScenario", "ClipriseWire", "Glibc",
            ]
        ),
        (
            "ClipriseCallbacks",
            ["CGnuTLS", "ClipriseHTTP", "ClipriseLocks", "ClipriseVersion", "ClipriseWire", "Dispatch"]
        ),
        (
            "ClipriseBundle",
            [
                "ClipriseCatalog", "ClipriseEngine", "ClipriseForm", "ClipriseJSON", "ClipriseJournal", "ClipriseLocks",
                "ClipriseMedia", "ClipriseReport", "ClipriseScenario", "ClipriseWire", "Dispatch", "Glibc",
            ]
        ),
        (
            "ClipriseSimulator",
            [
                "ClipriseBundle", "ClipriseCatalog", "ClipriseClient", "ClipriseEngine", "ClipriseJSON",
                "ClipriseJournal", "ClipriseLocks", "ClipriseReport", "ClipriseScenario", "ClipriseVersion",
                "ClipriseWire", "Dispatch",
            ]
        ),
        ("ClipriseCharts", ["ClipriseSimulator", "ClipriseWire"]),
        (
            "ClipriseServer",
            [
                "ClipriseAdmin", "ClipriseCallbacks", "ClipriseCatalog", "ClipriseEngine", "ClipriseJournal",
                "ClipriseLocks", "ClipriseMedia", "ClipriseReport", "ClipriseScenario", "ClipriseState",
                "ClipriseVersion", "ClipriseWire", "CVirtualTime", "Dispatch", "Glibc", "MicroHTTPD",
                "Synchronization",
            ]
        ),
        (
            "ClipriseMockTesting",
            [
                "ClipriseCatalog", "ClipriseEngine", "ClipriseReport", "ClipriseScenario", "ClipriseServer",
                "ClipriseSimulator", "Foundation", "MicroHTTPD",
            ]
        ),
        ("ClipriseOpenAPI", ["ClipriseCatalog", "ClipriseWire"]),
        (
            "ClipriseConformance",
            [
                "ClipriseCatalog", "ClipriseEngine", "ClipriseHTTP", "ClipriseJSON", "ClipriseOpenAPI", "ClipriseWire",
            ]
        ),
        (
            "ClipriseProxy",
            [
                "ClipriseCatalog", "ClipriseConformance", "ClipriseEngine", "ClipriseForm", "ClipriseHTTP",
                "ClipriseJSON", "ClipriseLocks", "ClipriseOpenAPI", "ClipriseScenario", "ClipriseWire", "MicroHTTPD",
            ]
        ),
        (
            "ClipriseMCP",
            [
                "ClipriseConformance", "ClipriseJSON", "ClipriseLocks", "ClipriseOpenAPI", "ClipriseScenario",
                "ClipriseVersion", "ClipriseWire", "Dispatch", "Glibc",
            ]
        ),
        (
            "cliprise-mock",
            [
                "ArgumentParser", "CCertificates", "CClipriseCrash", "CClipriseData", "ClipriseAdmin",
                "ClipriseBundle", "ClipriseCallbacks", "ClipriseCatalog", "ClipriseCharts",
                "ClipriseClient", "ClipriseConformance",
                "ClipriseEngine", "ClipriseHTTP",
                "ClipriseJSON",
                "ClipriseJournal", "ClipriseMCP", "ClipriseOpenAPI", "ClipriseProxy", "ClipriseReport",
                "ClipriseScenario",
                "ClipriseServer",
                "ClipriseSimulator", "ClipriseState",
                "ClipriseVersion", "ClipriseVirtualTime", "ClipriseWire", "Dispatch", "Glibc", "MicroHTTPD",
                "Synchronization",
            ]
        ),
    ]

    @Test func `every module has a row and every row a module`() throws {
        #expect(try Repository.names(in: "Sources") == Self.rows.map(\.module).sorted())
    }

    @Test func `a row names only modules of rows above it`() {
        var above: Set<String> = []
        let ours = Set(Self.rows.map(\.module))
        for row in Self.rows {
            #expect(row.mayImport.intersection(ours).isSubset(of: above), "\(row.module)")
            above.insert(row.module)
        }
    }

    @Test(arguments: rows.map(\.module))
    func `a module imports only what its row allows`(module: String) throws {
        let allowed = try #require(Self.rows.first { $0.module == module }).mayImport
        for path in try Repository.files(below: "Sources/\(module)", endings: [".swift"]) {
            for line in try Repository.text(path).split(separator: "\n") {
                guard let imported = Self.importedModule(line) else { continue }
                #expect(allowed.contains(imported), "\(path) imports \(imported)")
            }
        }
    }

    /// The module that a line imports, or nil.
    static func importedModule(_ line: Substring) -> String? {
        let words = line.split(separator: " ").filter { !$0.hasPrefix("@") }
        let access: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
        let kinds: Set<Substring> = ["struct", "class", "enum", "func", "protocol", "typealias", "var", "let"]
        var rest = words[...]
        if let first = rest.first, access.contains(first) { rest = rest.dropFirst() }
        guard rest.first == "import" else { return nil }
        rest = rest.dropFirst()
        if let first = rest.first, kinds.contains(first) { rest = rest.dropFirst() }
        return rest.first.map { String($0.split(separator: ".")[0]) }
    }

    static let lines: [(line: Substring, module: String?)] = [
        ("import A", "A"), ("internal import B", "B"), ("@testable import C", "C"), ("package import struct D.E", "D"),
        ("// import F", nil), ("let importance = 1", nil),
    ]

    @Test(arguments: lines)
    func `an import is recognised in all its forms`(line: Substring, module: String?) {
        #expect(Self.importedModule(line) == module)
    }
}
