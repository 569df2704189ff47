import ClipriseScenario
import Testing

/// Sound scenarios that say something in vain.
@Suite struct IdleLineTests {
    static let models = ["qwen-image-2", "nope-2", "sora-2", "veo-3", "veo-3-fast"]

    static func lines(_ yaml: String) -> [String] {
        let text = Array("schema: cliprise-mock/v1\n\(yaml)".utf8)
        #expect(Scenario.problems(inYAML: text, source: "x") == [])
        return Scenario.idleLines(inYAML: text, source: "x", models: models)
    }

    /// What stands in the only line that is said, and where.
    static let idle: [(yaml: String, place: String, words: String)] = [
        (
            "rules: [{when: {operation: generate, count: 2}, plan: [close]}]", "x:2:9:",
            "never acts: \"count\" takes match 2 at the earliest, and the plan is used up after 1 entry"
        ),
        ("rules: [{when: {count: {from: 4}}, plan: [close, pass, close]}]", "x:2:9:", "match 4 at the earliest"),
        ("rules: [{when: {count: {from: 2}}, plan: [close, reset]}]", "x:2:9:", "entry 1 of the plan never acts"),
        ("rules: [{when: {count: {at_most: 1}}, plan: [close, reset]}]", "x:2:9:", "entry 2 of the plan never acts"),
        ("rules: [{plan: [pass, close], times: 1}]", "x:2:9:", "entry 2 of the plan never acts: \"times\""),
        ("rules: [{chance: {p: 0, fault: close}}]", "x:2:9:", "its chance is 0"),
        ("tasks: [{life: immediate, chance: 0}]", "x:2:9:", "a chance of 0 decides no task"),
        ("rules: [{fault: close, ttl: 5s, during: {from: 5s, for: 1s}}]", "x:2:9:", "\"ttl\" ends it"),
        ("rules: [{name: a, fault: close}, {name: b, fault: reset}]", "x:2:34:", "\"a\" stands before it"),
        (
            "rules: [{name: a, when: {operation: [generate, status], model: 'veo-*'}, fault: close},\n"
                + " {name: b, when: {operation: status, model: veo-3, attempt: 2}, fault: reset}]",
            "x:3:2:", "\"a\" stands before it"
        ),
        (
            "rules: [{name: a, plan: [close, pass], repeat: true}, {name: b, fault: reset}]", "x:2:55:",
            "\"a\" stands before it"
        ),
        ("tasks: [{life: immediate}, {model: sora-2, outcome: fail}]", "x:2:28:", "a line before it takes every task"),
        (
            "tasks: [{life: {polls: 3}}]\nrules: [{when: {operation: status, attempt: 4}, fault: close}]", "x:3:9:",
            "every task has ended at poll 3"
        ),
        ("rules: [{when: {operation: generate}, fault: {callback: drop}}]", "x:2:9:", "no callback is delivered"),
        (
            "accounts: [{key: test-key}]\nrules: [{when: {account: tset-key}, fault: close}]", "x:3:9:",
            "did you mean \"test-key\"?"
        ),
        ("rules: [{when: {model: nope-9}, fault: close}]", "x:2:9:", "called \"nope-9\"; did you mean \"nope-2\"?"),
        ("tasks: [{model: sora-3, life: immediate}]", "x:2:9:", "did you mean \"sora-2\"?"),
        ("expect: [{polls: {at_most: 3, model: 'sorra-*'}}]", "x:2:10:", "no model of the catalogue is called"),
    ]

    @Test(arguments: idle)
    func `a line that can never act is reported with its place`(yaml: String, place: String, words: String) {
        let lines = Self.lines(yaml)
        #expect(lines.count == 1, "\(lines)")
        #expect(lines.first?.hasPrefix(place) == true && lines.first?.contains(words) == true, "\(lines)")
    }

    @Test(arguments: [
        "rules: [{when: {count: 2}, fault: close}]", "rules: [{when: {count: 2}, plan: [pass, close]}]",
        "rules: [{when: {count: {from: 2}}, plan: [close], repeat: true}]",
        "rules: [{fault: close, times: 1}, {fault: reset}]", "rules: [{plan: [close]}, {fault: reset}]",
        "rules: [{when: {operation: status}, fault: close}, {fault: reset}]",
        "rules: [{fault: close, during: {from: 1s, for: 1s}}, {fault: reset}]",
        "rules: [{when: {operation: generate}, fault: {rate_limit: {limit: 1, window: 1s}}}, {fault: close}]",
        "rules: [{when: {operation: generate}, fault: {running_limit: {limit: 1}}},\n"
            + " {when: {operation: generate}, fault: close}]",
        "rules: [{when: {model: '*'}, fault: close}, {fault: reset}]",
        "tasks: [{model: sora-2, life: immediate}, {life: immediate}]",
        "tasks: [{life: {polls: 3}}]\nrules: [{when: {operation: status, attempt: 3}, fault: close}]",
        "tasks: [{life: {polls: 3}, outcome: stuck}]\nrules: [{when: {operation: status, attempt: 9}, fault: close}]",
        "callbacks: {}\nrules: [{when: {operation: generate}, fault: {callback: drop}}]",
        "accounts: [{prefix: load-, count: 3}]\nrules: [{when: {account: load-3}, fault: close}]",
        "rules: [{when: {account: client-77}, fault: close}]", "rules: [{when: {model: 'veo-*'}, fault: close}]",
    ])
    func `a line that may act is not`(yaml: String) {
        #expect(Self.lines(yaml) == [])
    }

    @Test(arguments: ScenarioLibrary.names)
    func `no built-in scenario says anything in vain`(name: String) throws {
        let text = try ScenarioLibrary.text(named: name)
        let lines = Scenario.idleLines(inYAML: text, source: name, models: Self.models)
        #expect(lines.filter { !$0.contains("no model of") } == [])
    }
}
