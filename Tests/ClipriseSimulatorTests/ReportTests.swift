import ClipriseClient
import ClipriseScenario
import Foundation
import Testing

@testable import ClipriseSimulator

@Suite struct ReportTests {
    static func comparison() throws -> Comparison {
        var settings = try Samples.settings(
            """
            about: A <short> outage & a "quote".
            rules: [{name: down, during: {from: 5s, for: 10s}, fault: {status: 503}}]
            """, clients: 40)
        settings.scenario.name = "sample"
        settings.gradedAccounts = 10
        return try Comparison.run(
            settings, policies: [.standard, try RetryPolicy(named: "naive")], arrival: "burst", version: "1.0")
    }

    @Test func `the page loads nothing from elsewhere and runs no script`() throws {
        let html = try Self.comparison().html
        for word in ["<script", "http://", "https://", "url(", "@import", "<link", "<img"] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(html.contains("A &lt;short&gt; outage &amp; a &quot;quote&quot;."))
        // Two panels of arrivals, the times, and two curves of credits.
        #expect(html.components(separatedBy: "<svg").count - 1 == 4)
    }

    @Test func `table and CSV show every policy once for each figure`() throws {
        let comparison = try Self.comparison()
        #expect(comparison.rows.allSatisfy { $0.cells.count == 2 })
        let lines = comparison.csv.split(separator: "\r\n")
        #expect(lines.count == 3)
        #expect(Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }).count == 1)
        #expect(comparison.table.contains("Graded: 10 of 40 accounts, evenly spread."))
    }

    @Test func `the same policy twice is refused`() throws {
        let settings = try Samples.settings("about: nothing")
        #expect(throws: FleetError.samePolicyTwice("full-jitter")) {
            try Comparison.run(settings, policies: [.standard, .standard], arrival: "burst", version: "1")
        }
    }

    static let numbers: [(Double, Int, String)] = [
        (0, 2, "0.00"), (1.005, 1, "1.0"), (2.25, 1, "2.3"), (-1.5, 0, "-2"), (99.999, 2, "100.00"), (12, 0, "12"),
    ]

    @Test(arguments: numbers)
    func `numbers are rounded half away from zero`(number: Double, digits: Int, text: String) {
        #expect(NumberText.fixed(number, digits: digits) == text)
    }

    @Test func `quantiles are those of the nearest rank`() {
        let quantiles = RunResult.Quantiles((1...200).map(Int64.init), of: 200)
        #expect(quantiles.p50 == 100)
        #expect(quantiles.p95 == 190)
        #expect(quantiles.p99 == 198)
        #expect(quantiles.max == 200)
    }

    @Test func `jobs without a result stand behind all others`() {
        // 95 of 100: the 95th is the last that there is.
        let quantiles = RunResult.Quantiles((1...95).map(Int64.init), of: 100)
        #expect(quantiles.p50 == 50)
        #expect(quantiles.p95 == 95)
        #expect(quantiles.p99 == nil)
        #expect(quantiles.max == 95)
        let none = RunResult.Quantiles([], of: 100)
        #expect(none.p50 == nil && none.max == nil)
    }
}
