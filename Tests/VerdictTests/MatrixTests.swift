import Foundation
import ProgramRunner
import RawSocket
import Testing

/// Bad and good clients under scenarios, as `matrix.tsv` lists them: no wrong exit code, and the mistake is named.
@Suite(.ownThreads, .enabled(if: Program.python.works("--version"), "python3 is not installed"))
struct MatrixTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let isGood: Bool
        let scenario: String
        let arguments: [String]
        /// What a bad client's report must name.
        let named: String

        var testDescription: String { "\(isGood ? "good" : "bad") \(scenario): \(arguments.joined(separator: " "))" }
    }

    static let rows: [Row] = {
        let text = (try? Repository.text("Tests/VerdictTests/matrix.tsv")) ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return Row(
                isGood: cells[0] == "good", scenario: cells[1],
                arguments: cells.count > 2 ? cells[2].split(separator: " ").map(String.init) : [],
                named: cells.count > 3 ? cells[3] : "")
        }
    }()

    /// What runs a client that is not the one in Python with its habits, by the ending of its file.
    static let interpreters = [
        "sh": "bash", "mjs": "node", "py": "python3", "php": "php", "rb": "ruby", "pl": "perl",
    ]

    /// The command of a row; nil where its language is not installed.
    static func command(_ arguments: [String]) -> [String]? {
        let folder = "Tests/VerdictTests/clients"
        guard let file = arguments.first, let ending = file.split(separator: ".").dropFirst().last,
            let interpreter = interpreters[String(ending)]
        else { return ["python3", Repository.path("\(folder)/client.py")] + arguments }
        guard Program(path: interpreter).works("--version") else { return nil }
        return [interpreter, Repository.path("\(folder)/\(file)")] + arguments.dropFirst()
    }

    @Test func `there are at least forty bad clients and twenty good ones`() {
        #expect(Self.rows.count { !$0.isGood } >= 40)
        #expect(Self.rows.count(where: \.isGood) >= 20)
    }

    @Test(arguments: rows)
    func `a bad client ends with 1 and its mistake is named, a good one ends with 0`(row: Row) throws {
        try withFolder { folder in
            guard let command = Self.command(row.arguments) else { return }
            let outcome = try Program.mock.run(
                ["exec", "--scenario", row.scenario, "--report", "json=\(folder)/r.json", "--"] + command)
            #expect(outcome.status == (row.isGood ? 0 : 1), "\(outcome.errors)")
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/r.json"))
            let report = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            let verdicts = report["verdicts"] as? [[String: Any]] ?? []
            let failing = verdicts.filter { $0["outcome"] as? String == "fail" && $0["demanded"] as? Bool == true }
            let names = failing.compactMap { $0["name"] as? String }
            if row.isGood {
                #expect(names.isEmpty)
            } else {
                #expect(names.contains(row.named) || row.named.contains(" ") && outcome.errors.contains(row.named))
            }
        }
    }
}
