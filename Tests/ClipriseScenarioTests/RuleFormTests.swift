import ClipriseWire
import Testing

@testable import ClipriseScenario

@Suite struct RuleFormTests {
    struct Written: Sendable, CustomTestStringConvertible {
        var text: String
        var rule: Rule
        var testDescription: String { text }

        init(_ text: String, _ rule: Rule) {
            self.text = text
            self.rule = rule
        }

        init(when text: String, _ when: When) {
            self.text = "{when: \(text), fault: close}"
            rule = Rule(name: "none", when: when, act: .fault(Fault(.close)))
        }
    }

    static let forms = [
        Written("{fault: close}", Rule(name: "none", act: .fault(Fault(.close)))),
        Written("{name: a, fault: close, phase: after}", Rule(name: "a", act: .fault(Fault(.close, phase: .after)))),
        Written(
            "{fault: {status: 503}, phase: after}",
            Rule(name: "none", act: .fault(Fault(.status(StatusFault(code: 503)), phase: .after)))),
        Written(
            "{plan: [close, pass, {latency: 1s}, {fault: reset, phase: body}], repeat: true}",
            Rule(
                name: "none",
                act: .plan(
                    [Fault(.close), nil, Fault(.latency(.fixed(.seconds(1)))), Fault(.reset, phase: .body)],
                    repeats: true))),
        Written("{plan: [pass]}", Rule(name: "none", act: .plan([nil], repeats: false))),
        Written("{chance: {p: 0.1, fault: empty}}", Rule(name: "none", act: .chance(0.1, Fault(.empty)))),
        Written(
            "{chance: {p: 0, fault: close, phase: after}}",
            Rule(name: "none", act: .chance(0, Fault(.close, phase: .after)))),
        Written(
            "{fault: close, during: {from: 10s, for: 30s}, ttl: 2m, times: 3}",
            Rule(
                name: "none", act: .fault(Fault(.close)), during: Window(from: .seconds(10), length: .seconds(30)),
                ttl: .seconds(120), times: 3)),
        Written(
            "{fault: close, during: {for: 30s}}",
            Rule(name: "none", act: .fault(Fault(.close)), during: Window(from: .zero, length: .seconds(30)))),
        Written(when: "{operation: generate}", When(operations: [.generate])),
        Written(when: "{operation: [status, download]}", When(operations: [.status, .download])),
        Written(when: "{model: \"veo-*\", account: \"load-?\"}", When(model: Glob("veo-*"), account: Glob("load-?"))),
        Written(when: "{task: 2}", When(task: 2...2)),
        Written(when: "{task: {from: 2, to: 4}}", When(task: 2...4)),
        Written(when: "{task: {from: 2}}", When(task: 2...Int.max)),
        Written(when: "{attempt: {at_least: 3}}", When(attempt: 3...Int.max)),
        Written(when: "{count: {at_most: 3}}", When(count: 1...3)),
        Written(when: "{prompt: \"a cat\"}", When(prompt: "a cat")),
        Written(
            when: "{header: {X-Test: \"a*\", user-agent: \"*\"}}",
            When(headers: [.init(name: "x-test", value: Glob("a*")), .init(name: "user-agent")])),
    ]

    static func withoutPlace(_ rule: Rule) -> Rule {
        var rule = rule
        rule.place = Place(line: 0, column: 0)
        return rule
    }

    @Test(arguments: forms)
    func `each way to write a rule is read`(written: Written) throws {
        let rule = try Rule(yaml: Array(written.text.utf8), source: "f", name: "none")
        #expect(Self.withoutPlace(rule) == written.rule)
    }

    @Test(arguments: forms)
    func `each rule is written as JSON that reads back the same`(written: Written) throws {
        let rule = try Rule(yaml: Array(written.rule.json.utf8), source: "f", name: "other")
        #expect(Self.withoutPlace(rule) == written.rule, "\(written.rule.json)")
    }

    @Test func `every rule of the library is written as JSON that reads back the same`() throws {
        var count = 0
        for name in ScenarioLibrary.names {
            for rule in try ScenarioLibrary.load(named: name).rules {
                let again = try Rule(yaml: Array(rule.json.utf8), source: "f", name: "other")
                #expect(Self.withoutPlace(again) == Self.withoutPlace(rule), "\(name): \(rule.json)")
                count += 1
            }
        }
        #expect(count >= 24)
    }

    @Test func `a rule is written compactly, with no more than it says`() {
        let rule = Rule(
            name: "a", when: When(operations: [.status, .generate], attempt: 1...1),
            act: .plan([Fault(.close, phase: .after), nil], repeats: false), ttl: .milliseconds(90_000))
        let text =
            #"{"name":"a","when":{"operation":["generate","status"],"attempt":1},"#
            + #""plan":[{"fault":"close","phase":"after"},"pass"],"ttl":"90s"}"#
        #expect(rule.json == text)
    }

    @Test func `a faulty rule is refused with its place`() {
        let text = Array(#"{"when":{"opertion":"status"},"fault":"clos"}"#.utf8)
        let error = #expect(throws: ScenarioErrors.self) { try Rule(yaml: text, source: "rule", name: "a") }
        #expect(
            error?.lines == [
                #"rule:1:10: unknown key "opertion"; did you mean "operation"?"#,
                #"rule:1:39: unknown word "clos"; did you mean "close"?"#,
            ])
    }
}
