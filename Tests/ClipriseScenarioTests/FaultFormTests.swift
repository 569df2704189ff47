import ClipriseWire
import Foundation
import Testing

@testable import ClipriseScenario

@Suite struct FaultFormTests {
    struct Written: Sendable, CustomTestStringConvertible {
        var text: String
        var fault: Fault
        var testDescription: String { text }

        init(_ text: String, _ kind: Fault.Kind, _ phase: Fault.Phase) {
            self.text = text
            fault = Fault(kind, phase: phase)
        }
    }

    static let forms = answers + bodies + others

    static let answers = [
        Written("close", .close, .before),
        Written("reset", .reset, .before),
        Written("empty", .empty, .before),
        Written("hang", .hang(limit: nil), .before),
        Written("{fault: close, phase: after}", .close, .after),
        Written("{fault: reset, phase: body}", .reset, .body),
        Written("{fault: empty, phase: after}", .empty, .after),
        Written("{hang: {limit: 30s}}", .hang(limit: .seconds(30)), .before),
        Written("{hang: {limit: 30s}, phase: body}", .hang(limit: .seconds(30)), .body),
        Written("{status: 503}", .status(StatusFault(code: 503)), .before),
        Written("{fault: {status: 503}, phase: after}", .status(StatusFault(code: 503)), .after),
        Written(
            "{status: 503, retry_after: 2s}", .status(StatusFault(code: 503, retryAfter: .seconds(.seconds(2)))),
            .before),
        Written(
            "{status: 429, retry_after: {date: 10s}}",
            .status(StatusFault(code: 429, retryAfter: .date(.seconds(10)))), .before),
        Written(
            "{status: 429, retry_after: {text: \"soon\"}}",
            .status(StatusFault(code: 429, retryAfter: .text("soon"))), .before),
        Written("{status: 500, body: empty}", .status(StatusFault(code: 500, body: .empty)), .before),
        Written("{status: 500, body: html}", .status(StatusFault(code: 500, body: .html)), .before),
        Written("{status: 500, body: json, phase: after}", .status(StatusFault(code: 500, body: .json)), .after),
        Written(
            "{status: 500, body: {text: \"a\\nb\"}}", .status(StatusFault(code: 500, body: .text("a\nb"))), .before),
        Written(
            "{status: 400, body: {text: \"{}\", type: application/json}}",
            .status(StatusFault(code: 400, body: .text("{}", type: "application/json"))), .before),
        Written(
            "{status: 500, headers: {X-B: \"2\", x-a: one}}",
            .status(StatusFault(code: 500, headers: [.init("X-B", "2"), .init("x-a", "one")])), .before),
        Written("{latency: 2s}", .latency(.fixed(.seconds(2))), .after),
        Written("{latency: 250ms, phase: body}", .latency(.fixed(.milliseconds(250))), .body),
        Written("{latency: {uniform: [1s, 3s]}}", .latency(.uniform(.seconds(1), .seconds(3))), .after),
        Written(
            "{latency: {lognormal: {median: 90s, sigma: 0.4, cap: 5m}}}",
            .latency(.lognormal(median: .seconds(90), sigma: 0.4, cap: .seconds(300))), .after),
        Written(
            "{latency: {exponential: {mean: 1.5s}}}",
            .latency(.exponential(mean: .milliseconds(1500), cap: nil)), .after),
        Written(
            "{latency: {exponential: {mean: 1h, cap: 2h}}}",
            .latency(.exponential(mean: .seconds(3600), cap: .seconds(7200))), .after),
    ]

    static let bodies = [
        Written("{throttle: 10KiB/s}", .throttle(bytesPerSecond: 10_240), .body),
        Written("{throttle: 10KB}", .throttle(bytesPerSecond: 10_000), .body),
        Written("{slice: {bytes: 1KiB, every: 50ms}}", .slice(bytes: 1024, every: .milliseconds(50)), .body),
        Written("{truncate: 5}", .truncate(Truncation(at: .bytes(5))), .body),
        Written("{truncate: 64KiB}", .truncate(Truncation(at: .bytes(65_536))), .body),
        Written("{truncate: 512B}", .truncate(Truncation(at: .bytes(512))), .body),
        Written("{truncate: {at: 50%}}", .truncate(Truncation(at: .fraction(0.5))), .body),
        Written("{truncate: 12.5%}", .truncate(Truncation(at: .fraction(0.125))), .body),
        Written("{truncate: {at: 5, honest: true}}", .truncate(Truncation(at: .bytes(5), isHonest: true)), .body),
        Written("{corrupt: json}", .corrupt(.json), .body),
        Written("{corrupt: utf8}", .corrupt(.utf8), .body),
        Written("{corrupt: zip}", .corrupt(.zip), .body),
        Written("{corrupt: header}", .corrupt(.header), .body),
        Written("{corrupt: type}", .corrupt(.type), .body),
        Written("{shape: object}", .shape(.object), .after),
        Written("{shape: array}", .shape(.array), .after),
    ]

    static let others = [
        Written(
            "{rate_limit: {limit: 10, window: 1s}}", .rateLimit(RateLimit(limit: 10, window: .seconds(1))), .before),
        Written(
            "{rate_limit: {limit: 10, window: 1s, kind: sliding, retry_after: date, status: 503}}",
            .rateLimit(
                RateLimit(limit: 10, window: .seconds(1), kind: .sliding, retryAfter: .date, code: 503)), .before),
        Written(
            "{rate_limit: {limit: 10, window: 1s, others: 9}}",
            .rateLimit(RateLimit(limit: 10, window: .seconds(1), others: 9)), .before),
        Written("{running_limit: {limit: 100}}", .runningLimit(RunningLimit(limit: 100)), .before),
        Written(
            "{running_limit: {limit: 100, others: {tasks: 99, for: 5s}}}",
            .runningLimit(RunningLimit(limit: 100, others: .init(tasks: 99, length: .seconds(5)))), .before),
        Written(
            "{running_limit: {limit: 0, status: 503, retry_after: 2s}}",
            .runningLimit(RunningLimit(limit: 0, code: 503, retryAfter: .seconds(.seconds(2)))), .before),
        Written("{fail: \"no such thing\"}", .task(.fail(message: "no such thing")), .after),
        Written("fail", .task(.fail(message: nil)), .after),
        Written("stuck", .task(.stuck), .after),
        Written("{slow: 5}", .task(.slow(5)), .after),
        Written("{slow: 0.5}", .task(.slow(0.5)), .after),
        Written("{flap: 2}", .task(.flap(polls: 2)), .after),
        Written("lost", .task(.lost(after: .zero)), .after),
        Written("{lost: {after: 10s}}", .task(.lost(after: .seconds(10))), .after),
        Written("{expired_url: 30s}", .task(.expiredURL(after: .seconds(30))), .after),
        Written("{drain: 7}", .account(.drain(to: 7)), .before),
        Written("drain", .account(.drain(to: 0)), .before),
        Written("revoke", .account(.revoke), .before),
        Written("{callback: drop}", .callback(.drop), .after),
        Written("{callback: {delay: 2s}}", .callback(.delay(.fixed(.seconds(2)))), .after),
        Written(
            "{callback: {delay: {uniform: [0s, 1m]}}}", .callback(.delay(.uniform(.zero, .seconds(60)))), .after),
        Written("{callback: {duplicate: 3}}", .callback(.duplicate(3)), .after),
        Written("{callback: reorder}", .callback(.reorder), .after),
        Written("{callback: {fail: 2}}", .callback(.fail(times: 2)), .after),
        Written("{callback: wrong_signature}", .callback(.wrongSignature), .after),
    ]

    @Test(arguments: forms)
    func `each way to write a fault is read`(written: Written) throws {
        #expect(try Fault(yaml: Array(written.text.utf8), source: "f") == written.fault)
    }

    @Test(arguments: forms)
    func `each fault is written as JSON that reads back the same`(written: Written) throws {
        #expect(try Fault(yaml: Array(written.fault.json.utf8), source: "f") == written.fault, "\(written.fault.json)")
    }

    @Test(arguments: forms)
    func `a fault takes the phases that make sense for it, and no other`(written: Written) {
        for phase in Fault.Phase.allCases {
            let text = Fault(written.fault.kind, phase: phase).json
            let fault = try? Fault(yaml: Array(text.utf8), source: "f")
            #expect((fault != nil) == written.fault.kind.word.phases.contains(phase), "\(text)")
        }
    }

    @Test(arguments: forms)
    func `each fault stands in a plan, in a rule and in a chance`(written: Written) throws {
        let acts: [Rule.Act] = [
            .plan([written.fault, nil], repeats: true), .fault(written.fault), .chance(0.25, written.fault),
        ]
        for act in acts {
            let rule = Rule(name: "a", act: act)
            #expect(try Rule(yaml: Array(rule.json.utf8), source: "f", name: "b").act == act, "\(rule.json)")
        }
    }

    @Test func `the language has a way to write each word of a fault`() {
        let faults = Forms.faultChoice
        let callbacks = Forms.callbackFaultChoice
        let written = Set(faults.words.map(\.word) + faults.keyed.map(\.key))
        #expect(written == Set(FaultWord.allCases.filter { !$0.phases.isEmpty }.map(\.rawValue)))
        let ofCallbacks = Set(callbacks.words.map(\.word) + callbacks.keyed.map(\.key))
        #expect(written.union(ofCallbacks) == Set(FaultWord.allCases.map(\.rawValue)))
    }

    @Test func `the article has a line for each fault, with its phases`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let path = "Sources/cliprise-mock/cliprise-mock.docc/ScenarioLanguage.md"
        let article = try String(contentsOf: root.appending(path: path), encoding: .utf8)
        let table = try #require(
            article.components(separatedBy: "\n## Faults\n").last?.components(separatedBy: "\n## ")[0])
        var told: [FaultWord: String] = [:]
        for row in table.split(separator: "\n") where row.hasPrefix("| `") {
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            // Behind the word of callbacks stand ways to write its value.
            for word in cells[0].matches(of: /`\{?([a-z_]+)/).compactMap({ FaultWord(rawValue: String($0.1)) }) {
                told[word] = told[word] ?? cells[2]
                if word == .callback { break }
            }
        }
        let phases = FaultWord.allCases.filter { !$0.phases.isEmpty }.map { word in
            (word, word.phases.map(\.rawValue).joined(separator: ", "))
        }
        #expect(told == Dictionary(uniqueKeysWithValues: phases))
        for word in FaultWord.allCases where word.phases.isEmpty {
            #expect(table.contains(try Regex("[`{ ]\(word)[`:}]")), "\(word)")
        }
    }

    static let texts: [(String, Fault)] = [
        (#""close""#, Fault(.close)), (#"{"fault":"close","phase":"after"}"#, Fault(.close, phase: .after)),
        (
            #"{"status":503,"retry_after":"2s"}"#,
            Fault(.status(StatusFault(code: 503, retryAfter: .seconds(.seconds(2)))))
        ),
        (#"{"hang":{"limit":"1500ms"},"phase":"body"}"#, Fault(.hang(limit: .milliseconds(1500)), phase: .body)),
        (#"{"latency":"0.000001ms"}"#, Fault(.latency(.fixed(TimeSpan(nanoseconds: 1))))),
    ]

    @Test(arguments: texts)
    func `a fault is written compactly`(text: String, fault: Fault) {
        #expect(fault.json == text)
    }
}
