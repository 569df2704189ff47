import ClipriseScenario
import ClipriseWire
import Testing

@Suite struct ScenarioErrorTests {
    @Test(arguments: Mistake.all)
    func `a mistake is named with its place and what belongs there`(mistake: Mistake) {
        let problems = Scenario.problems(inYAML: Array(mistake.document.utf8), source: "f.yaml")
        #expect(problems == mistake.errors.map { "f.yaml:\($0)" })
    }

    @Test func `all mistakes of a file are reported, in the order of their places`() {
        let text = """
            schema: cliprise-mock/v1
            rules:
              - when: {opertion: status}
                fault: clos
              - fault: {latency: 5}
            expect: [no_charge]
            """
        #expect(
            Scenario.problems(inYAML: Array(text.utf8), source: "f.yaml") == [
                #"f.yaml:3:12: unknown key "opertion"; did you mean "operation"?"#,
                #"f.yaml:4:12: unknown word "clos"; did you mean "close"?"#,
                "f.yaml:5:22: found the number 5; expected a length of time with its unit, such as 250ms, 3s, 1m30s or 1h, "
                    + "at most 8760h",
                #"f.yaml:6:10: unknown word "no_charge"; allowed: "#
                    + ClientProperty.all.map(\.word).joined(separator: ", ") + ", "
                    + (CountExpectation.Subject.allCases.map(\.rawValue) + ["in_order", "within", "gap"])
                    .joined(separator: ", "),
            ])
    }

    @Test(arguments: [
        "tasks: [{life: LONG}]", "? LONG\n: 1", "name: LONG",
    ])
    func `a mistake that is long is told at moderate length`(text: String) {
        let text = text.split(separator: "LONG", omittingEmptySubsequences: false)
            .joined(separator: String(repeating: "x", count: 100_000))
        let problems = Scenario.problems(inYAML: Array("schema: cliprise-mock/v1\n\(text)".utf8), source: "f.yaml")
        #expect(problems.count == 1 && problems.allSatisfy { $0.count < 2_100 && $0.contains("xxx…") })
    }

    @Test func `after fifty errors the list ends and says so`() {
        let rules = repeatElement("  - fault: clos\n", count: 80).joined()
        let problems = Scenario.problems(inYAML: Array("schema: cliprise-mock/v1\nrules:\n\(rules)".utf8), source: "f")
        #expect(problems.count == 51)
        #expect(problems.last == "f:53:12: more than 50 errors; the rest is not shown")
    }

    @Test func `after sixteen duplicate keys reading ends, at the key that was one too many`() {
        let rules = repeatElement("  - {fault: close, fault: reset}\n", count: 20).joined()
        #expect(
            Scenario.problems(inYAML: Array("schema: cliprise-mock/v1\nrules:\n\(rules)".utf8), source: "f") == [
                "f:19:6: not readable as YAML: more than 16 duplicate keys, the last that was found is this one"
            ])
    }

    static let heads: [(String, [String])] = [
        ("", ["1:1: not readable as YAML: the text is empty"]),
        ("name: a", [#"1:1: a scenario needs the key "schema""#]),
        ("name: a\nschema: cliprise-mock/v1", [#"1:1: the first key must be "schema""#]),
        ("schema: cliprise-mock/v2", [#"1:9: unknown word "cliprise-mock/v2"; did you mean "cliprise-mock/v1"?"#]),
        ("- a", ["1:1: found a list; expected a scenario, an object"]),
        ("schema: cliprise-mock/v1\n---\na: b", ["2:1: not readable as YAML: a second document; a file holds one"]),
        (
            "schema: cliprise-mock/v1\nname: 'a",
            ["2:9: not readable as YAML: found unexpected end of stream"]
        ),
        (
            "schema: cliprise-mock/v1\nname: !!str 12",
            ["2:7: not readable as YAML: tags (!type) are not part of the language; leave it out"]
        ),
        (
            "schema: cliprise-mock/v1\nrules: !!set {a}",
            ["2:8: not readable as YAML: tags (!type) are not part of the language; leave it out"]
        ),
        (
            "schema: cliprise-mock/v1\nrules: ! [a]",
            ["2:8: not readable as YAML: tags (!type) are not part of the language; leave it out"]
        ),
        (
            "schema: cliprise-mock/v1\nseed: " + String(repeating: "1", count: 70),
            [
                "2:7: found the number \(String(repeating: "1", count: 60))…; "
                    + "expected a whole number from 0 to 18446744073709551615"
            ]
        ),
        ("s\0c\0h\0e\0", ["1:1: not readable as YAML: it is UTF-16, not UTF-8"]),
        ("schema: cliprise-mock/v1\nname: a\tb\u{1}", ["2:10: not readable as YAML: a control character"]),
    ]

    @Test(arguments: heads)
    func `what is no scenario at all is told as well`(text: String, errors: [String]) {
        #expect(Scenario.problems(inYAML: Array(text.utf8), source: "f") == errors.map { "f:\($0)" })
    }

    static let blanks: [(String, String)] = [
        (
            "schema: cliprise-mock/v1\nrules:\n\t- fault: 503",
            "3:1: not readable as YAML: a tab cannot indent; put blanks in its place"
        ),
        (
            "schema: cliprise-mock/v1\nrules:\n  - name: a\n\t  fault: 503",
            "4:1: not readable as YAML: a tab cannot indent; put blanks in its place"
        ),
        (
            "schema: cliprise-mock/v1\nname:\u{A0}é\nrules: []",
            "2:6: not readable as YAML: a character that only looks like a blank (U+00A0); put a blank in its place"
        ),
        (
            "schema: cliprise-mock/v1\nrules:\n  - fault:\u{3000}503\n    name: a",
            "3:11: not readable as YAML: a character that only looks like a blank (U+3000); put a blank in its place"
        ),
    ]

    @Test(arguments: blanks)
    func `what only looks like a blank is told where it stands`(text: String, error: String) {
        #expect(Scenario.problems(inYAML: Array(text.utf8), source: "f") == ["f:\(error)"])
    }

    @Test func `bytes that are no UTF-8 are refused where they stand`() {
        let text = Array("schema: cliprise-mock/v1\nname: é".utf8) + [0xFF]
        #expect(
            Scenario.problems(inYAML: text, source: "f") == ["f:2:8: not readable as YAML: a byte that is no UTF-8"])
    }

    struct Bomb: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var text: String
        var error: String

        init(_ name: String, _ text: String, _ error: String) {
            (testDescription, self.text, self.error) = (name, text, error)
        }
    }

    static let bombs = [
        Bomb(
            "aliases of aliases",
            "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
            "3:8: not readable as YAML: aliases (*name) are not part of the language; write it out"
        ),
        Bomb(
            "lists in lists", "rules: " + String(repeating: "[", count: 100_000),
            "2:72: not readable as YAML: nested deeper than 32 levels"
        ),
        Bomb(
            "lists by dashes", "rules:\n" + String(repeating: "- ", count: 100_000),
            "3:201: not readable as YAML: nested deeper than 32 levels"
        ),
        Bomb(
            "just too deep", "rules: " + String(repeating: "[", count: 32) + String(repeating: "]", count: 32),
            "2:39: not readable as YAML: nested deeper than 32 levels"
        ),
    ]

    /// What libyaml takes hours for, and what is not worth a line of its own each.
    static let floods = [
        Bomb(
            "tag directives, each unlike all others", (1...200_000).map { "%TAG !a\($0)! x\n" }.joined() + "--- a",
            "17:1: not readable as YAML: more than 16 lines %TAG"),
        Bomb(
            "tag directives after another end of a line", "%TAG ! x\r" + (1...16).map { "%TAG !a\($0)! x\r" }.joined(),
            "17:1: not readable as YAML: more than 16 lines %TAG"),
        Bomb(
            "an alias within a key", "schema: cliprise-mock/v1\nname: &n a\n? [{b: *n}]\n: c",
            "3:8: not readable as YAML: aliases (*name) are not part of the language; write it out"),
        Bomb(
            "an alias below the deepest level", "a: &a b\nc: \(String(repeating: "[", count: 40))*a",
            "2:44: not readable as YAML: aliases (*name) are not part of the language; write it out"),
        Bomb(
            "an alias of nothing", "a: *b",
            #"1:4: not readable as YAML: a word that begins with * belongs in quotes: "*b""#),
        Bomb(
            "a duplicate key, and then no YAML any more", "a: 1\na: 2\nb: [",
            "4:1: not readable as YAML: did not find expected node content"),
        Bomb(
            "a C1 control character", "a: \"é\u{80}\"",
            "1:6: not readable as YAML: control characters are not allowed"),
    ]

    @Test(arguments: floods)
    func `a whole text that is made to exhaust is refused`(bomb: Bomb) {
        #expect(Scenario.problems(inYAML: Array(bomb.text.utf8), source: "f") == ["f:\(bomb.error)"])
    }

    @Test func `of many values that are too deep, fifty are told`() {
        let text = "rules: " + String(repeating: "[", count: 31) + String(repeating: "[],", count: 50_000)
        let problems = Scenario.problems(
            inYAML: Array((text + String(repeating: "]", count: 31)).utf8), source: "f")
        #expect(problems.count == 51)
        #expect(problems.first == "f:1:39: not readable as YAML: nested deeper than 32 levels")
        #expect(problems.last == "f:1:189: more than 50 errors; the rest is not shown")
    }

    @Test func `every place counts a character once, however many bytes it has`() {
        let text = "schema: cliprise-mock/v1\n\"é😀\": {x: 1}\nrules: [{when: {model: \"é😀\"}, fault: clos}]"
        #expect(
            Scenario.problems(inYAML: Array(text.utf8), source: "f").map { $0.prefix { $0 != " " } } == [
                "f:2:1:", "f:3:38:",
            ])
    }

    @Test func `what looks like an alias in a comment or between quotes is text`() throws {
        let text = "schema: cliprise-mock/v1\nname: &n a # and *n\nabout: \"fast &n and *n\""
        #expect(try Scenario(yaml: text, source: "f").about == "fast &n and *n")
    }

    @Test(arguments: bombs)
    func `a text that is made to exhaust is refused`(bomb: Bomb) {
        let text = "schema: cliprise-mock/v1\n\(bomb.text)\n"
        #expect(Scenario.problems(inYAML: Array(text.utf8), source: "f") == ["f:\(bomb.error)"])
    }

    @Test func `more than 4 MiB are refused, and too many elements of a list`() {
        let large = Array("schema: cliprise-mock/v1\n".utf8) + [UInt8](repeating: 0x20, count: 4 * 1024 * 1024)
        #expect(Scenario.problems(inYAML: large, source: "f") == ["f:1:1: not readable as YAML: larger than 4 MiB"])
        let accounts = "accounts: [" + repeatElement("{key: a}", count: 20_001).joined(separator: ", ") + "]"
        #expect(
            Scenario.problems(inYAML: Array("schema: cliprise-mock/v1\n\(accounts)".utf8), source: "f") == [
                "f:2:11: found a list of 20001 elements; expected a list of 0 to 20000 elements"
            ])
    }

    @Test func `words that only look like aliases are text`() throws {
        let scenario = try Scenario(
            yaml: "schema: cliprise-mock/v1\nabout: sound & vision\nrules: [{fault: close, when: {model: \"*-fast\"}}]",
            source: "f")
        #expect(scenario.about == "sound & vision")
        #expect(scenario.rules.first?.when.model == Glob("*-fast"))
    }
}
