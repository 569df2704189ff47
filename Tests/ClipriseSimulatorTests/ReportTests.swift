import ClipriseClient
import ClipriseScenario
import Foundation
import FoundationXML
import Testing

@testable import ClipriseCharts
@testable import ClipriseSimulator

@Suite struct ReportTests {
    static func comparison() throws -> Comparison { try sample.get() }

    private static let sample = Result {
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
        // Arrivals together and in panels, the times, and two curves of credits.
        #expect(html.components(separatedBy: "<svg class=\"chart\"").count - 1 == 5)
    }

    @Test func `the picture is one well-formed SVG document that loads nothing and has a style for the dark`() throws {
        var comparison = try Self.comparison()
        comparison.results[0].policy = "a<b>\"\u{301}&\u{1}"
        let svg = comparison.svg
        #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width="))
        #expect(svg.components(separatedBy: "<svg").count == 2)
        #expect(svg.contains("@media (prefers-color-scheme: dark)"))
        #expect(svg.contains("seed: 1"))
        for word in ["<script", "https://", "url(", "@import", "<image", "href"] {
            #expect(!svg.contains(word), "\(word)")
        }
        let parser = XMLParser(data: Data(svg.utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
    }

    @Test func `a quote with an accent on it does not end an attribute`() {
        #expect(HTMLPage.escaped("\"\u{301}<\u{338}") == "&quot;\u{301}&lt;\u{338}")
    }

    @Test func `the same windows stand at the same place in every chart over time`() throws {
        let html = try Self.comparison().html
        let bands = html.matches(of: /<rect x="([^"]*)" y="[^"]*" width="([^"]*)"/).map { "\($0.1) \($0.2)" }
        // Requests, two panels of peaks, credits spent and held.
        #expect(bands.count == 5)
        #expect(Set(bands).count == 1)
    }

    @Test func `the peaks that the charts name are those of the table`() throws {
        let comparison = try Self.comparison()
        let row = try #require(comparison.rows.first { $0.name == "peak arrivals in 100 ms" })
        for (cell, result) in zip(row.cells, comparison.results) {
            let count = FigureText.grouped(Int64(result.peak.count))
            #expect(cell.hasPrefix("\(count) at "))
            #expect(comparison.svg.contains(">peak \(count)<"))
        }
    }

    @Test func `table and CSV show every policy once for each figure`() throws {
        let comparison = try Self.comparison()
        #expect(comparison.rows.allSatisfy { $0.cells.count == 2 })
        let lines = comparison.csv.split(separator: "\r\n")
        #expect(lines.count == 3)
        #expect(Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }).count == 1)
        #expect(comparison.table.contains("Graded: 10 of 40 accounts, evenly spread."))
    }

    @Test func `a policy's name with comma, quote and line break stays one field of CSV`() throws {
        var comparison = try Self.comparison()
        comparison.results[0].policy = "a,b\"c\nd"
        #expect(comparison.csv.split(separator: "\r\n")[1].hasPrefix("\"a,b\"\"c\nd\",40,"))
    }

    static func best(_ row: String, _ change: (inout RunResult, Int) -> Void) throws -> Set<Int>? {
        var comparison = try Self.comparison()
        comparison.results.append(comparison.results[0])
        for index in comparison.results.indices { change(&comparison.results[index], index) }
        return comparison.rows.first { $0.name == row }?.best
    }

    @Test func `all that tie for the best are best, and none where all are the same`() throws {
        #expect(try Self.best("given up") { $0.givenUp = [3, 5, 3][$1] } == [0, 2])
        #expect(try Self.best("given up") { result, _ in result.givenUp = 3 } == [])
        #expect(try Self.best("done") { $0.done = [3, 5, 4][$1] } == [1])
        #expect(try Self.best("grade") { $0.grade?.letter = ["C", nil, "B"][$1] } == [2])
        #expect(try Self.best("requests per job, mean") { $0.requestsPerJob = [2.004, 2.001, 3][$1] } == [0, 1])
    }

    @Test func `a policy without a result is the best at nothing that results are needed for`() throws {
        func idle(_ result: inout RunResult, _ index: Int) {
            guard index == 1 else { return }
            (result.done, result.timeToResult, result.amplification) = (0, .init([], of: 40), nil)
            (result.requests, result.requestsPerJob, result.recovery, result.retryPeak) = (0, 0, 0, nil)
        }
        let rows = ["p50", "longest", "requests", "requests per job, mean", "amplification", "peak retries in 100 ms"]
        for row in rows { #expect(try Self.best(row, idle) == [0, 2], "\(row)") }
    }

    @Test func `a policy that had nothing to retry beats one that retried`() throws {
        #expect(try Self.best("peak retries in 20 ms") { if $1 == 1 { $0.retryPeak20 = nil } } == [1])
    }

    @Test func `every row but the given ones and the bill has a best`() throws {
        var comparison = try Self.comparison()
        // Worse in everything.
        var result = comparison.results[1]
        (result.failed, result.givenUp, result.outcomeUnknown, result.done) = (1, 1, 1, 1)
        result.money.heldAtEnd = 1
        (result.money.doubleCharged, result.money.neverFetched, result.money.breaches) = (1, 1, [""])
        (result.refusedByCapacity, result.longestQueue, result.recovery) = (1, 1, 1 << 40)
        (result.pollsPerJob, result.pollsPerJobP95, result.amplification) = (1e6, 1 << 30, 1e6)
        (result.retryPeak, result.retryPeak20) = (.init(count: 1 << 30, at: 0), .init(count: 1 << 30, at: 0))
        (result.peak, result.requests, result.requestsPerJob) = (.init(count: 1 << 30, at: 0), 1 << 40, 1e6)
        (result.timeToResult, result.lostInOutage) = (.init([1 << 50], of: 1), 1)
        result.grade?.letter = "F"
        result.pollBound?.meanLag = 1e15
        comparison.results[1] = result
        let without = comparison.rows.filter { $0.best != [0] }.map(\.name)
        #expect(without == ["jobs", "  least possible", "spent"])
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
        #expect(FigureText.fixed(number, digits: digits) == text)
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
