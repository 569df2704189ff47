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

    @Test func `there are at least forty bad clients and twenty good ones`() {
        #expect(Self.rows.count { !$0.isGood } >= 40)
        #expect(Self.rows.count(where: \.isGood) >= 20)
    }

    @Test(arguments: rows)
    func `a bad client ends with 1 and its mistake is named, a good one ends with 0`(row: Row) throws {
        try withFolder { folder in
            let client = Repository.path("Tests/VerdictTests/clients/client.py")
            let outcome = try Program.mock.run(
                [
                    "exec", "--scenario", row.scenario, "--report", "json=\(folder)/r.json", "--", "python3", client,
                ] + row.arguments)
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
