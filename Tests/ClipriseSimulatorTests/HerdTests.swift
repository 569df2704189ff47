import ClipriseClient
import Testing

@testable import ClipriseSimulator

/// The comparison of jitters of the literature: everybody fails at one instant, and keeps failing.
@Suite struct HerdTests {
    static let published: [(jitter: RetryPolicy.Jitter, peak: ClosedRange<Int>)] = [
        // Published: 10,000, 327, 438 and 150; chance moves the last three by a few per cent.
        (.none, 10_000...10_000), (.full, 290...360), (.equal, 400...475), (.decorrelated, 125...175),
    ]

    @Test(arguments: published)
    func `ten thousand clients that fail at one instant come back as the literature says`(
        jitter: RetryPolicy.Jitter, peak: ClosedRange<Int>
    ) throws {
        var settings = try Samples.settings(
            "rules: [{when: {operation: generate}, fault: {status: 429}}]", clients: 10_000)
        settings.gradedAccounts = 0
        let result = try FleetRun.run(settings, policy: Samples.policy(jitter))
        let busiest = try #require(result.retryPeak20)
        #expect(peak.contains(busiest.count), "\(busiest.count)")
        #expect(result.peak.count >= 10_000)
    }
}
