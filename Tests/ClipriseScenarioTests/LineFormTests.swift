import ClipriseWire
import Testing

@testable import ClipriseScenario

/// The lines of `tasks` and `expect`.
@Suite struct LineFormTests {
    struct WrittenTask: Sendable, CustomTestStringConvertible {
        var text: String
        var task: TaskRule
        var testDescription: String { text }

        init(_ text: String, _ task: TaskRule) {
            self.text = text
            self.task = task
        }
    }

    static let tasks = [
        WrittenTask("{life: immediate}", TaskRule(life: .immediate)),
        WrittenTask("{life: {after: 20s}}", TaskRule(life: .after(.fixed(.seconds(20))))),
        WrittenTask(
            "{life: {after: {uniform: [1s, 2s]}}}", TaskRule(life: .after(.uniform(.seconds(1), .seconds(2))))),
        WrittenTask("{life: {polls: 3}}", TaskRule(life: .polls(3))),
        WrittenTask("{outcome: success}", TaskRule(outcome: nil)),
        WrittenTask("{outcome: fail}", TaskRule(outcome: .fail(message: nil))),
        WrittenTask("{outcome: {fail: \"no\"}}", TaskRule(outcome: .fail(message: "no"))),
        WrittenTask("{outcome: stuck}", TaskRule(outcome: .stuck)),
        WrittenTask("{outcome: {slow: 2.5}}", TaskRule(outcome: .slow(2.5))),
        WrittenTask("{outcome: {flap: 1}}", TaskRule(outcome: .flap(polls: 1))),
        WrittenTask("{outcome: lost}", TaskRule(outcome: .lost(after: .zero))),
        WrittenTask("{outcome: {lost: {after: 5s}}}", TaskRule(outcome: .lost(after: .seconds(5)))),
        WrittenTask("{outcome: {expired_url: 1m}}", TaskRule(outcome: .expiredURL(after: .seconds(60)))),
        WrittenTask("{media_seconds: 12}", TaskRule(mediaSeconds: 12)),
        WrittenTask(
            "{name: a, model: \"sora-*\", account: \"b*\", ordinal: {from: 2, to: 3}, prompt: cat, times: 1, chance: 0.5, "
                + "outcome: stuck}",
            TaskRule(
                name: "a", model: Glob("sora-*"), account: Glob("b*"), ordinals: 2...3, prompt: "cat", times: 1,
                probability: 0.5, outcome: .stuck)),
    ]

    @Test(arguments: tasks)
    func `each way to write a line of tasks is read`(written: WrittenTask) throws {
        let text = "schema: cliprise-mock/v1\ntasks: [\(written.text)]"
        #expect(try Scenario(yaml: text, source: "f").tasks == [written.task])
    }

    struct WrittenExpectation: Sendable, CustomTestStringConvertible {
        var text: String
        var kind: ClipriseScenario.Expectation.Kind
        var testDescription: String { text }

        init(_ text: String, _ kind: ClipriseScenario.Expectation.Kind) {
            self.text = text
            self.kind = kind
        }

        init(_ text: String, _ property: ClientProperty) {
            self.init(text, .property(property))
        }
    }

    static let expectations = counts + orders + properties

    static let counts = [
        WrittenExpectation("{polls_per_task: {at_most: 40}}", .count(.init(.pollsPerTask, .atMost(40)))),
        WrittenExpectation(
            "{attempts: {exactly: 1, model: \"veo-*\"}}",
            .count(.init(.attempts, .exactly(1), filter: Filter(model: Glob("veo-*"))))),
        WrittenExpectation("{charges: never}", .count(.init(.charges, .never))),
        WrittenExpectation("{requests: {between: [1, 3]}}", .count(.init(.requests, .between(1, 3)))),
        WrittenExpectation(
            "{requests: {at_least: 1, operation: status, status: 503, clause: STA-1, rule: r}}",
            .count(
                .init(
                    .requests, .atLeast(1),
                    filter: Filter(operation: .status, status: 503, clause: .sta1, rule: "r")))),
    ]

    static let orders = [
        WrittenExpectation(
            "{in_order: [generate, status, {operation: download, model: \"veo-*\"}]}",
            .inOrder([
                Filter(operation: .generate), Filter(operation: .status),
                Filter(operation: .download, model: Glob("veo-*")),
            ])),
        WrittenExpectation(
            "{within: {from: generate, to: download, time: 60s}}",
            .within(from: Filter(operation: .generate), to: Filter(operation: .download), .seconds(60))),
        WrittenExpectation(
            "{gap: {of: status, at_least: 1s}}",
            .gap(of: Filter(operation: .status), atLeast: .seconds(1), atMost: nil)),
        WrittenExpectation(
            "{gap: {of: {status: 300}, at_least: 1s, at_most: 1m}}",
            .gap(of: Filter(status: 300), atLeast: .seconds(1), atMost: .seconds(60))),
    ]

    static let properties =
        ClientProperty.all.map { WrittenExpectation($0.word, $0) } + [
            WrittenExpectation(
                "{honours_retry_after: {tolerance: 1s}}", .honoursRetryAfter(tolerance: .seconds(1))),
            WrittenExpectation(
                "{backoff: {base: 1s, factor: 2, cap: 30s, jitter: full}}",
                .backoff(.init(base: .seconds(1), factor: 2, cap: .seconds(30), jitter: .full))),
            WrittenExpectation("{backoff: {jitter: decorrelated}}", .backoff(.init(jitter: .decorrelated))),
            WrittenExpectation("{jitter_present: {samples: 20}}", .jitterPresent(samples: 20)),
            WrittenExpectation("{retry_budget: {ratio: 0.5}}", .retryBudget(ratio: 0.5, minimum: 10)),
            WrittenExpectation("{retry_budget: {ratio: 0.5, minimum: 3}}", .retryBudget(ratio: 0.5, minimum: 3)),
            WrittenExpectation("{poll_rate: {at_most: 2, per: 1s}}", .pollRate(atMost: 2, per: .seconds(1))),
        ]

    @Test(arguments: expectations)
    func `each way to write an expectation is read`(written: WrittenExpectation) throws {
        let text = "schema: cliprise-mock/v1\nrules: [{name: r, fault: close}]\nexpect: [\(written.text)]"
        let read = try Scenario(yaml: text, source: "f").expectations
        #expect(read == [ClipriseScenario.Expectation(written.kind, place: Place(line: 3, column: 10))])
    }

    @Test(arguments: CountExpectation.Subject.allCases)
    func `every subject can be counted`(subject: CountExpectation.Subject) throws {
        let text = "schema: cliprise-mock/v1\nexpect: [{\(subject.rawValue): never}]"
        #expect(try Scenario(yaml: text, source: "f").expectations.map(\.kind) == [.count(.init(subject, .never))])
    }
}
