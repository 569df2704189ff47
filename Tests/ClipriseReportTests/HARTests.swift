import ClipriseJSON
import ClipriseJournal
import ClipriseReport
import ClipriseWire
import Testing

@Suite struct HARTests {
    /// The members that HAR 1.2 demands, but for those that it calls optional.
    static let entryMembers = ["startedDateTime", "time", "request", "response", "cache", "timings"]
    static let requestMembers = [
        "method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize",
    ]
    static let responseMembers = [
        "status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize",
        "bodySize",
    ]

    static func entries(_ views: [JournalView], _ body: (JSONValue) -> Void) {
        let result = withJSON(HAR.write(views, version: "1.2.3")) { value in
            let log = value.member("log")
            #expect(log?.member("version")?.string == "1.2")
            #expect(log?.member("creator")?.member("name")?.string == "cliprise-mock")
            #expect(log?.member("creator")?.member("version")?.string == "1.2.3")
            for entry in log?.member("entries")?.elements ?? value.elements { body(entry) }
        }
        #expect(throws: Never.self) { try result.get() }
    }

    @Test func `every entry has what HAR 1.2 demands`() {
        var count = 0
        Self.entries([JournalLinesTests.everything, Client().play()]) { entry in
            count += 1
            for name in Self.entryMembers { #expect(entry.member(name) != nil, "\(name)") }
            for name in Self.requestMembers { #expect(entry.member("request")?.member(name) != nil, "\(name)") }
            for name in Self.responseMembers { #expect(entry.member("response")?.member(name) != nil, "\(name)") }
            #expect((entry.member("time")?.number ?? -1) >= 0)
            for name in ["send", "wait", "receive"] {
                #expect((entry.member("timings")?.member(name)?.number ?? -1) >= 0)
            }
            #expect(entry.member("_clause")?.string?.isEmpty == false)
        }
        let exchanges = [JournalLinesTests.everything, Client().play()].flatMap(\.events).count {
            if case .exchange = $0.kind { true } else { false }
        }
        #expect(count == exchanges)
    }

    @Test func `entries stand in the order of arrival, whoever they are of`() {
        var second = Client().play()
        second.account = "other…"
        var times: [String] = []
        Self.entries([Client().play(), second]) { times.append($0.member("startedDateTime")?.string ?? "") }
        #expect(times == times.sorted())
        #expect(times.first == "2025-11-24T16:00:00.000Z")
    }

    @Test func `a URL names the task by its id, and no key`() {
        var urls: [String] = []
        Self.entries([JournalLinesTests.everything]) { urls.append($0.member("request")?.member("url")?.string ?? "") }
        let host = "https://business.api.cliprise.app/app/cliprise"
        #expect(urls.first == "\(host)/generate")
        #expect(urls.contains("\(host)/status?apiKey=REDACTED&taskId=0000000000000001ffffffffffffffff"))
        #expect(urls.contains("\(host)/status?apiKey=REDACTED&taskId=0000000000000001ffffffffffffffff&download=true"))
    }

    @Test func `an entry tells rule, fault and what became of it`() {
        var faults: [String] = []
        var errors: [String] = []
        Self.entries([JournalLinesTests.everything]) { entry in
            if let fault = entry.member("_fault")?.string {
                faults.append("\(entry.member("_rule")?.string ?? "") \(fault)")
            }
            if let error = entry.member("response")?.member("_error")?.string { errors.append(error) }
        }
        #expect(faults == ["slow latency"])
        #expect(errors == ["aborted", "in_flight"])
    }

    /// Seconds since 1970 and the moment in UTC, as `date -u` has it.
    static let moments: [(Int64, String)] = [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.000Z"), (951_782_399, "2000-02-28T23:59:59.000Z"),
        (951_868_800, "2000-03-01T00:00:00.000Z"), (4_102_444_800, "2100-01-01T00:00:00.000Z"),
        (1_709_164_800, "2024-02-29T00:00:00.000Z"),
    ]

    @Test(arguments: moments)
    func `a moment is written as ISO 8601 has it`(seconds: Int64, text: String) {
        var story = Story()
        story.realTime = seconds * 1_000_000_000
        story.accepted(1)
        var found = ""
        Self.entries([story.view]) { found = $0.member("startedDateTime")?.string ?? "" }
        #expect(found == text)
    }
}
