import Foundation
import ProgramRunner
import Testing

/// A client with one mistake or none, under one scenario.
struct MatrixRow: Sendable, CustomTestStringConvertible {
    let isGood: Bool
    let scenario: String
    /// What follows the program; a first word without an ending is a habit of `client.py`.
    let arguments: [String]
    /// What a bad client's report must name.
    let named: String

    var testDescription: String { "\(isGood ? "good" : "bad") \(scenario): \(arguments.joined(separator: " "))" }

    /// What the article calls the client.
    var client: String {
        "\(isGood ? "good" : "bad"): \(arguments.isEmpty ? "all defaults" : arguments.joined(separator: " "))"
    }

    static let all: [MatrixRow] = {
        let text = (try? Repository.text("Tests/VerdictTests/matrix.tsv")) ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return MatrixRow(
                isGood: cells[0] == "good", scenario: cells[1],
                arguments: cells.count > 2 ? cells[2].split(separator: " ").map(String.init) : [],
                named: cells.count > 3 ? cells[3] : "")
        }
    }()

    /// A library of HTTP, and what its clients need.
    enum Library: String, CaseIterable {
        case python, requests, httpx, aiohttp, curl, node, ruby, php, go, java

        /// The file of its clients.
        var file: String {
            switch self {
            case .python: "client.py"
            case .requests: "retry_adapter.py"
            case .httpx: "httpx_jobs.py"
            case .aiohttp: "aiohttp_jobs.py"
            case .curl: "curl.sh"
            case .node: "fetch.mjs"
            case .ruby: "net_http.rb"
            case .php: "streams.php"
            case .go: "net_http.go"
            case .java: "UrlConnection.java"
            }
        }

        /// What runs the file.
        var command: [String] {
            switch self {
            case .python, .requests, .httpx, .aiohttp: ["python3"]
            case .curl: ["bash"]
            case .node, .ruby, .php: [rawValue]
            case .go: ["go", "run"]
            case .java: ["java", "-XX:TieredStopAtLevel=1"]
            }
        }

        var isInstalled: Bool {
            switch self {
            case .python: Program.python.works("--version")
            case .requests, .httpx, .aiohttp: Program.python.works("-c", "import \(rawValue)")
            case .curl: Program.curl.works("--version")
            case .go: Program(path: "go").works("version")
            case .java: Program(path: "javac").works("-version")
            case .node, .ruby, .php: Program(path: rawValue).works("--version")
            }
        }

        var rows: [MatrixRow] { MatrixRow.all.filter { $0.library == self } }
    }

    /// Nil for a file that no library has.
    var library: Library? {
        guard let first = arguments.first, first.contains(".") else { return .python }
        return Library.allCases.first { $0.file == first }
    }

    /// The command line of the client.
    func command(_ library: Library) -> [String] {
        let habits = library == .python ? arguments[...] : arguments.dropFirst()
        return library.command + [Repository.path("Tests/VerdictTests/clients/\(library.file)")] + habits
    }
}
