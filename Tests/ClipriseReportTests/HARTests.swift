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

    @Test func `an entry reports rule, fault and what became of it`() {
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

    @Test func `what an exchange said stands in its entry, and what is no text as base64`() {
        var posts: [String] = []
        var contents: [String] = []
        Self.entries([JournalLinesTests.everything]) { entry in
            if let post = entry.member("request")?.member("postData") {
                let fields = entry.member("request")?.member("headers")?.elements.map {
                    "\($0.member("name")?.string ?? "")=\($0.member("value")?.string ?? "")"
                }
                posts.append(
                    "\(fields ?? []) \(post.member("mimeType")?.string ?? "") \(post.member("text")?.string ?? "")")
            }
            let content = entry.member("response")?.member("content")
            if let text = content?.member("text")?.string {
                contents.append(
                    "\(content?.member("encoding")?.string ?? "") \(text) \(content?.member("comment")?.string ?? "")")
            }
        }
        #expect(posts == ["[\"Host=h\", \"X-\\u{07}=\\\"a\\\"\"]  {\"é\": 1}\u{0}"])
        #expect(contents == ["base64 //4= the beginning of 99999 bytes"])
    }

    @Test func `an entry claims no header field that is not known`() {
        var story = Story()
        story.limited(1, retryAfter: .milliseconds(1_500))
        story.limited(2, retryAfter: .seconds(3), isDate: true)
        story.poll(story.accepted(3))
        var fields: [String] = []
        var texts: [String] = []
        var comments: [String] = []
        Self.entries([story.view]) { entry in
            for side in ["request", "response"] {
                for field in entry.member(side)?.member("headers")?.elements ?? entry.elements {
                    fields.append(
                        "\(side) \(field.member("name")?.string ?? ""): \(field.member("value")?.string ?? "")")
                }
            }
            texts.append(entry.member("response")?.member("statusText")?.string ?? "")
            comments.append(entry.member("comment")?.string ?? "")
        }
        #expect(fields == ["response Retry-After: 2"])
        #expect(texts == ["Too Many Requests", "Too Many Requests", "OK", "Multiple Choices"])
        #expect(comments[1] == "test…c7c7 #3, GEN-7, Retry-After is a date, 3 s from then")
    }

    @Test func `what the journal does not know is left out of a URL, and said`() {
        var story = Story()
        story.exchange(
            {
                $0.status = 400
                $0.clause = .sta2
            }, .status)
        story.exchange(
            {
                $0.status = 400
                $0.clause = .sta1
            }, .status)
        var urls: [String] = []
        var comments: [String] = []
        Self.entries([story.view]) { entry in
            urls.append(entry.member("request")?.member("url")?.string ?? "")
            comments.append(entry.member("comment")?.string ?? "")
        }
        let status = "https://business.api.cliprise.app/app/cliprise/status"
        #expect(urls == ["\(status)?apiKey=REDACTED", status])
        #expect(comments[0] == "test…c7c7 #2, STA-2, the taskId that was asked for is not kept")
    }

    @Test func `an answer at once takes no time and says so, and several files are a zip`() {
        var story = Story()
        let task = story.accepted(1)
        story.download(task)
        story.download(task) { $0.clause = .sta6 }
        var view = story.view
        for index in view.events.indices {
            guard case .exchange(var exchange) = view.events[index].kind, exchange.operation == .download else {
                continue
            }
            exchange.endedRealTime = view.events[index].realTime
            view.events[index].kind = .exchange(exchange)
        }
        var times: [Double] = []
        var types: [String] = []
        var atOnce: [Bool] = []
        Self.entries([view]) { entry in
            times.append(entry.member("time")?.number ?? -1)
            types.append(entry.member("response")?.member("content")?.member("mimeType")?.string ?? "")
            atOnce.append(entry.member("comment")?.string?.contains("at once") == true)
        }
        #expect(times == [5, 0, 0])
        #expect(types == ["application/json", "application/octet-stream", "application/zip"])
        #expect(atOnce == [false, true, true])
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
