import Foundation
import ProgramRunner
import RawSocket
import Testing

/// Bad and good clients under scenarios, as `matrix.tsv` lists them: no wrong exit code, and the mistake is named.
///
/// What is not installed is a test that says so; `.ci/setup --clients` installs all, and `.ci/run` sets `CLIPRISE_CI`,
/// which allows none to be missing.
@Suite(.ownThreads) struct MatrixTests {
    typealias Library = MatrixRow.Library

    @Test func `there are at least forty bad clients and twenty good ones, each of a library that is known`() {
        #expect(MatrixRow.all.count { !$0.isGood } >= 40)
        #expect(MatrixRow.all.count { $0.isGood } >= 20)
        for row in MatrixRow.all where row.library == nil { Issue.record("\(row.testDescription)") }
        for library in Library.allCases {
            let good = library.rows.count { $0.isGood }
            #expect(good > 0 && good < library.rows.count, "\(library)")
        }
        // The same client under the same scenario twice would say nothing more.
        #expect(Set(MatrixRow.all.map(\.testDescription)).count == MatrixRow.all.count)
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["CLIPRISE_CI"] != nil, "only .ci/run installs all clients"))
    func `every library is installed`() {
        for library in Library.allCases where !library.isInstalled { Issue.record("\(library) is not installed") }
    }

    /// Whether a scenario's clock is the machine's: then the client's sleeps pass at once.
    private static func isReal(_ scenario: String) throws -> Bool {
        try Program.mock.run(["scenario", "show", scenario]).output.contains("\nclock: real")
    }

    private func check(_ row: MatrixRow) throws {
        let library = try #require(row.library)
        try withFolder { folder in
            let options = try Self.isReal(row.scenario) ? ["--virtual-time"] : []
            let outcome = try Program.mock.run(
                ["exec", "--scenario", row.scenario, "--report", "json=\(folder)/r.json"] + options + ["--"]
                    + row.command(library), environment: ["GO111MODULE": "off"], limit: 240)
            #expect(outcome.status == (row.isGood ? 0 : 1), "\(outcome.errors)")
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/r.json"))
            let report = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            let verdicts = report["verdicts"] as? [[String: Any]] ?? []
            let failing = verdicts.filter { $0["outcome"] as? String == "fail" && $0["demanded"] as? Bool == true }
            let names = failing.compactMap { $0["name"] as? String }
            let said = outcome.errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            if row.isGood {
                #expect(names.isEmpty)
            } else {
                #expect(names.contains(row.named) || row.named.contains(" ") && said.contains(row.named))
            }
            let spending = report["spending"] as? [String: Any]
            if let lost = spending?["lost"] as? Int, lost > 0 {
                #expect(said.contains("FAILED: \(lost) of "), "the credits lost are named")
            }
            let lines = outcome.errors.split(separator: "\n")
            let told = lines.drop { !$0.hasPrefix("FAILED: ") && !$0.hasPrefix("passed: ") }
            for line in told { #expect(line.count <= 80, "\(line)") }
        }
    }

    @Test(.enabled(if: Library.python.isInstalled, "python3 is not installed"), arguments: Library.python.rows)
    func `Python's http.client`(row: MatrixRow) throws { try check(row) }

    @Test(.enabled(if: Library.requests.isInstalled, "requests is not installed"), arguments: Library.requests.rows)
    func `Python's requests`(row: MatrixRow) throws { try check(row) }

    @Test(.enabled(if: Library.httpx.isInstalled, "httpx is not installed"), arguments: Library.httpx.rows)
    func `Python's httpx`(row: MatrixRow) throws { try check(row) }

    @Test(.enabled(if: Library.aiohttp.isInstalled, "aiohttp is not installed"), arguments: Library.aiohttp.rows)
    func `Python's aiohttp`(row: MatrixRow) throws { try check(row) }

    @Test(.enabled(if: Library.curl.isInstalled, "curl is not installed"), arguments: Library.curl.rows)
    func curl(row: MatrixRow) throws { try check(row) }

    @Test(.enabled(if: Library.node.isInstalled, "node is not installed"), arguments: Library.node.rows)
    func `Node's fetch`(row: MatrixRow) throws { try check(row) }

    @Test(.enabled(if: Library.ruby.isInstalled, "ruby is not installed"), arguments: Library.ruby.rows)
    func `Ruby's Net::HTTP`(row: MatrixRow) throws { try check(row) }

    @Test(.enabled(if: Library.php.isInstalled, "php is not installed"), arguments: Library.php.rows)
    func `PHP's streams`(row: MatrixRow) throws { try check(row) }

    @Test(.enabled(if: Library.go.isInstalled, "go is not installed"), arguments: Library.go.rows)
    func `Go's net/http`(row: MatrixRow) throws { try check(row) }

    @Test(.enabled(if: Library.java.isInstalled, "no JDK is installed"), arguments: Library.java.rows)
    func `the JDK's HttpURLConnection and HttpClient`(row: MatrixRow) throws { try check(row) }

    // MARK: What the documentation says

    /// `name` of each scenario in the last column of the README's table of mistakes.
    static let mistakes: [(mistake: String, scenarios: [String])] = {
        let text = (try? Repository.text("README.md")) ?? ""
        let lines = text.split(separator: "\n").drop { !$0.hasPrefix("| mistake |") }.dropFirst(2)
        return lines.prefix { $0.hasPrefix("|") }.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let names = (cells.last ?? "").split(separator: ",").map { $0.trimmingCharacters(in: [" ", "`"]) }
            return (cells[0], names)
        }
    }()

    @Test func `each of the README's ten mistakes has a bad client under every scenario that shows it`() {
        #expect(Self.mistakes.count == 10)
        let bad = Set(MatrixRow.all.filter { !$0.isGood }.map(\.scenario))
        for mistake in Self.mistakes {
            #expect(!mistake.scenarios.isEmpty, "\(mistake.mistake)")
            for scenario in mistake.scenarios where !bad.contains(scenario) {
                Issue.record("no bad client under \(scenario): \(mistake.mistake)")
            }
        }
    }

    @Test func `the article has each row of the matrix once, and no wrong one`() throws {
        let article = try Repository.text("Sources/cliprise-mock/cliprise-mock.docc/Matrix.md")
        let rows = article.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
            .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
        var results: [String: (exit: String, failed: String)] = [:]
        for row in rows {
            let kind = row[2] == "0" ? "good" : "bad"
            for client in row[1].components(separatedBy: "; ") {
                let known = results.updateValue((row[2], row[5]), forKey: "\(kind): \(client) | \(row[0])")
                #expect(known == nil, "\(client) under \(row[0]) stands twice")
            }
        }
        #expect(results.count == MatrixRow.all.count)
        for row in MatrixRow.all {
            let result = try #require(results["\(row.client) | \(row.scenario)"], "\(row.client) under \(row.scenario)")
            #expect(result.exit == (row.isGood ? "0" : "1"))
            #expect(result.failed.isEmpty == row.isGood || row.named.contains(" "))
        }
    }
}
