internal import Foundation

/// What a program that has ended said.
package struct Outcome: Sendable {
    package var status: Int32
    package var output: String
    package var errors: String
}

/// A program that tests run: ours, or one of the system.
package struct Program: Sendable {
    /// The `cliprise-mock` that was built together with the running tests, or that of `CLIPRISE_PROGRAMS`.
    package static let mock = Program(path: programs + "/cliprise-mock")
    /// The reference client that was built together with the running tests, or that of `CLIPRISE_PROGRAMS`.
    package static let cliprise = Program(path: programs + "/cliprise")
    package static let bash = Program(path: "bash")
    package static let curl = Program(path: "curl")
    package static let python = Program(path: "python3")
    package static let node = Program(path: "node")

    package let path: String

    /// - Parameter path: A path, or a name that is looked for in `PATH`.
    package init(path: String) {
        self.path = path
    }

    /// Runs to the end.
    package func run(
        _ arguments: [String], environment: [String: String] = [:], folder: String? = nil, input: String = "",
        limit: Double = Child.limit
    ) throws -> Outcome {
        let child = try Child(path, arguments, environment: environment, folder: folder, input: input, limit: limit)
        let status = try child.wait()
        return Outcome(status: status, output: child.outputText, errors: child.errorText)
    }

    /// Whether the program is there and ends well with these arguments.
    package func works(_ arguments: String...) -> Bool {
        (try? run(arguments).status) == 0
    }

    /// The folder of the test program, where the build puts every product, unless `CLIPRISE_PROGRAMS` names another.
    private static var programs: String {
        if let named = ProcessInfo.processInfo.environment["CLIPRISE_PROGRAMS"] { return named }
        let test = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: test).deletingLastPathComponent().path
    }
}

/// Runs `body` with the path of a new folder, which is removed afterwards.
package func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "cliprise-mock-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
}

/// The repository that the tests were built from.
package enum Repository {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    package static func path(_ relative: String) -> String { root.appending(path: relative).path }

    package static func text(_ relative: String) throws -> String {
        try String(contentsOfFile: path(relative), encoding: .utf8)
    }

    /// How many prices the published table has.
    package static let publishedPrices =
        (try? text("fixtures/prices/published-prices.json").matches(of: /"credits":/).count) ?? 0

    /// The ids of the built-in models, by the files that they are made from.
    package static let models: [String] = {
        let files = try? FileManager.default.contentsOfDirectory(atPath: path("fixtures/catalog"))
        return (files ?? []).map { String($0.dropLast(".json".count)) }.sorted()
    }()
}
