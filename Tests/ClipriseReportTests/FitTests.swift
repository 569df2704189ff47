import ClipriseJSON
import ClipriseReport
import ClipriseWire
import Testing

/// How near the fitted numbers come, of clients with 20 waits in rows of four or five.
@Suite struct FitTests {
    /// What a hundred or more fits found.
    struct Found {
        var (base, factor, cap) = (0, 0, 0)
        /// Fits that hold the true numbers in their spans or in those of what else they name, and those that say nothing
        /// but a number that is off by more than 20 %.
        var (held, bare) = (0, 0)
    }

    static func isNear(_ value: Double?, _ truth: Double) -> Bool { value.map { abs($0 / truth - 1) <= 0.2 } ?? false }

    static func seconds(_ span: TimeSpan?) -> Double? { span.map { Double($0.nanoseconds) / 1e9 } }

    /// With a hundredth and 3 ms for rounding and the lateness of timers.
    private static func holds(_ range: ClosedRange<Double>?, _ truth: Double) -> Bool {
        range.map { $0.lowerBound * 0.99 - 0.003 <= truth && truth <= $0.upperBound * 1.01 + 0.003 } ?? false
    }

    static func measure(_ one: PublishedWait, _ clients: Int) -> Found {
        var found = Found()
        WaitErrorRateTests.clients(one.habit, clients, shapes: [.fours, .fives]) { rows in
            guard let fit = WaitsAlone(rows: rows, judged: 1).fit else { return }
            let truth = one.capReached(by: rows)
            let (base, factor, cap) = near(fit, one, truth)
            found.base += base ? 1 : 0
            found.factor += factor ? 1 : 0
            found.cap += cap ? 1 : 0
            let both = [fit] + (fit.other.map { [$0] } ?? [])
            found.held += both.contains { isHeld($0, one, truth) } ? 1 : 0
            found.bare += both.allSatisfy { isBare($0, one, truth) } ? 1 : 0
        }
        return found
    }

    private static func near(
        _ fit: BackoffFit, _ one: PublishedWait, _ cap: Double?
    ) -> (base: Bool, factor: Bool, cap: Bool) {
        let found = seconds(fit.cap)
        return (
            isNear(seconds(fit.base), one.base), one.isFactorFound(fit),
            cap.map { isNear(found, $0) } ?? (found == nil)
        )
    }

    /// Whether the spans hold the true numbers; without any, whether the numbers are near to them.
    private static func isHeld(_ fit: BackoffFit, _ one: PublishedWait, _ cap: Double?) -> Bool {
        let isNear = near(fit, one, cap)
        guard let spread = fit.spread else { return isNear.base && isNear.factor && isNear.cap }
        return holds(spread.base, one.base) && (one.factor.map { holds(spread.factor, $0) } ?? isNear.factor)
            && (cap.map { holds(spread.cap, $0) } ?? (fit.cap == nil || spread.mayLackCap))
    }

    /// Whether any number is off and stands there without a span; a cap that is not named is no number.
    private static func isBare(_ fit: BackoffFit, _ one: PublishedWait, _ cap: Double?) -> Bool {
        let isNear = near(fit, one, cap)
        func isTold(_ range: ClosedRange<Double>?, _ value: Double?) -> Bool {
            guard let range, let value else { return false }
            return range.upperBound > 1.2 * value || range.lowerBound < 0.8 * value
        }
        let found = seconds(fit.cap)
        return !isNear.base && !isTold(fit.spread?.base, seconds(fit.base))
            || !isNear.factor && !isTold(fit.spread?.factor, fit.factor)
            || found != nil && !isNear.cap && !(fit.spread?.mayLackCap ?? false) && !isTold(fit.spread?.cap, found)
    }

    @Test(arguments: PublishedWait.all + PublishedWait.heldOut)
    func `base, factor and cap are found within a fifth, or the span that holds them is reported`(one: PublishedWait) {
        let clients = WaitErrorRateTests.clients / 10
        let found = Self.measure(one, clients)
        #expect(found.base * 100 >= clients * one.found.base, "base: \(found.base) of \(clients)")
        #expect(found.factor * 100 >= clients * one.found.factor, "factor: \(found.factor) of \(clients)")
        #expect(found.cap * 100 >= clients * one.found.cap, "cap: \(found.cap) of \(clients)")
        #expect(found.held * 100 >= clients * 85, "spread: \(found.held) of \(clients)")
        #expect(found.bare * 100 <= clients * 5, "bare numbers that are off: \(found.bare) of \(clients)")
    }
}

@Suite struct ManyWaitsTests {
    /// Nothing that is open with 20 waits may be decided the wrong way for ever.
    @Test(arguments: PublishedWait.all + PublishedWait.heldOut)
    func `a thousand waits tell every number and every kind of jitter`(one: PublishedWait) throws {
        var chance = Story()
        let rows = one.habit.rows(.fives, waits: 1_000, &chance)
        let fit = try #require(WaitsAlone(rows: rows, judged: 1).fit)
        #expect(one.isNamed(fit.jitter), "\(fit)")
        #expect(one.isFactorFound(fit), "\(fit)")
        #expect(abs((FitTests.seconds(fit.base) ?? 0) / one.base - 1) <= 0.06, "\(fit)")
        let cap = FitTests.seconds(fit.cap)
        #expect(one.capReached(by: rows).map { FitTests.isNear(cap, $0) } ?? (cap == nil), "\(fit)")
    }
}

@Suite struct FitTextTests {
    private static func fit(_ rows: [[Double]]) throws -> BackoffFit {
        try #require(WaitsAlone(rows: rows, judged: 1).fit)
    }

    /// The wait before the first retry is 1 s at most, each next one twice that, drawn from 0 on.
    @Test func `few draws are reported with their span, and waits without chance as bare numbers`() throws {
        let drawn = try Self.fit([[0.31, 1.7, 0.9, 7.2], [0.88, 0.4, 3.1, 2.2], [0.52, 1.1, 2.4, 5.9]])
        let told = drawn.description.wholeMatch(of: /[0-9.]+ m?s \(.+ to .+\) × 2( \(.+\))? each time.*, full jitter/)
        #expect(told != nil, "\(drawn.description)")
        let spread = try #require(drawn.spread)
        #expect(spread.base.contains(1) && spread.base.upperBound > 1.2 * Double(drawn.base.nanoseconds) / 1e9)
        let exact = try Self.fit([[1, 2, 4, 8], [1, 2, 4, 8]])
        #expect(exact.description == "1 s × 2 each time, no jitter")
        #expect(exact.spread == nil)
    }

    /// 2 s × 2 to 30 s, each wait drawn from the upper part; that they rise by nearly one factor is chance.
    @Test func `one row of drawn waits that rise is not said to be without jitter, one of exact waits is`() throws {
        let drawn = try Self.fit([[1.894, 3.818, 7.326, 13.961, 23.515]])
        #expect(!drawn.description.contains("no jitter"), "\(drawn.description)")
        for exact in [[1, 2.002, 4.001, 8.003, 16.004], [0.1, 0.161, 0.257, 0.411, 0.656], [2, 4, 6, 8, 10, 12]] {
            #expect(try Self.fit([exact]).description.hasSuffix(", no jitter"), "\(exact)")
        }
    }

    static let words: [(rows: [[Double]], text: String)] = [
        ([[0.2, 0.2, 0.4, 0.6, 1], [0.2, 0.2, 0.4, 0.6, 1]], "1, 1, 2, 3, 5 times 200 ms (Fibonacci), no jitter"),
        ([[1, 1, 2, 3, 4], [1, 1, 2, 3, 4]], "1, 1, 2, 3, 5 times 1 s (Fibonacci) up to 4 s, no jitter"),
        ([[0, 1, 2, 4, 8], [0.001, 1, 2, 4, 8]], "at once, then 1 s × 2 each time, no jitter"),
        ([[0, 0.4, 0.8, 1.5, 1.5], [0, 0.4, 0.8, 1.5]], "at once, then 400 ms × 2 each time up to 1.5 s, no jitter"),
        (
            [[0.3, 0.6, 0.9, 0.9], [0.3, 0.6, 0.9, 0.9]],
            "300 ms × 2 each time up to 900 ms, no jitter; or 300 ms more each time up to 900 ms, no jitter"
        ),
        ([[0.5, 1, 1.5, 2, 2.5], [0.5, 1, 1.5, 2, 2.5]], "500 ms more each time, no jitter"),
    ]

    @Test(arguments: words)
    func `waits without chance are described in words that can be checked`(rows: [[Double]], text: String) throws {
        #expect(try Self.fit(rows).description == text)
    }

    /// The numbers of draws are what they are; the shape of the sentence is what is read.
    @Test(arguments: [
        ("Google", #"^[0-9.]+ m?s × 2 each time, plus 0 to [0-9.]+ m?s$"#),
        ("gRPC", #"^[0-9.]+ m?s × 1\.6 each time, ± [0-9]+ %$"#),
        ("Polly, linear", #"^[0-9.]+ m?s more each time, plus 0 to 50 % of it$"#),
        ("decorrelated", #"^[0-9.]+ m?s( \(.+ to .+\))? to 3 × the wait before, decorrelated jitter$"#),
        ("urllib3, backoff_jitter", #"^at once, then [0-9.]+ m?s( \(.+\))? × 2( \(.+\))? each time, plus 0 to .+s$"#),
    ])
    func `waits with chance are described in the words of their policy`(name: String, pattern: String) throws {
        let one = try #require(PublishedWait.all.first { $0.name == name })
        let words = try Regex(pattern)
        var (told, clients) = (0, 0)
        WaitErrorRateTests.clients(one.habit, 40, shapes: [.fives]) { rows in
            clients += 1
            guard let text = WaitsAlone(rows: rows, judged: 1).fit?.description else { return }
            if text.wholeMatch(of: words) != nil { told += 1 }
        }
        #expect(told * 10 >= clients * 8, "\(told) of \(clients)")
    }

    @Test func `the report in JSON has the numbers of the words`() throws {
        let view = WaitTests.view(rows: 6, retries: 5) { index, _, story in
            index == 0 ? 0 : Double(1 << (index - 1)) + story.draw()
        }
        let json = Grade.report(of: [view]).json
        #expect(String(decoding: json, as: UTF8.self).contains("\"jitterSeconds\""))
        let read = withJSON(json) { value in
            let habits = value.member("retryBackoff")?.elements ?? value.elements
            var found: [String] = []
            for habit in habits where habit.member("kind")?.string == "polling" {
                found = ["jitter", "growth"].map { habit.member($0)?.string ?? "" }
                #expect(habit.member("firstAtOnce")?.boolean == true)
            }
            #expect(found == ["added", "exponential"])
        }
        #expect(throws: Never.self) { try read.get() }
    }
}
