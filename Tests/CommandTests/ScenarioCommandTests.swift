import Foundation
import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct ScenarioCommandTests {
    @Test func `the list has a sentence for each built-in scenario`() throws {
        let outcome = try Program.mock.run(["scenario", "list", "--json"])
        let list = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: String]] ?? []
        #expect(list.count >= 24)
        #expect(list.allSatisfy { $0["about"]?.hasSuffix(".") == true })
    }

    @Test func `a built-in scenario that is shown can be checked and served as a file`() throws {
        let shown = try Program.mock.run(["scenario", "show", "storm"])
        let checked = try Program.mock.run(["scenario", "check", "-"], input: shown.output)
        #expect(checked.status == 0)
        #expect(checked.output.hasPrefix("standard input: fine: 11 rules"))
        try withFolder { folder in
            try shown.output.write(toFile: "\(folder)/mine.yaml", atomically: true, encoding: .utf8)
            let server = try MockServer(["--scenario", "\(folder)/mine.yaml"])
            #expect(server.ready["scenario"]?.contains("storm") == true)
            #expect(server.ready["seed"] == "12")
            #expect(try server.stop() == 0)
        }
    }

    @Test func `one rule is not called rules`() throws {
        let file = """
            schema: cliprise-mock/v1
            tasks: [{life: {after: 1s}}]
            rules: [{when: {operation: status}, fault: close}]
            expect: [no_waste]

            """
        let outcome = try Program.mock.run(["scenario", "check", "-"], input: file)
        #expect(outcome.output.hasPrefix("standard input: fine: 1 rule, 1 task rule, 1 expectation, hash "))
        let played = try Program.mock.run(["simulate", "-", "--clients", "1", "--policy", "naive"], input: file)
        #expect(played.output.contains(": 1 client, burst, "), "\(played.output)")
    }

    @Test func `mistakes are named with file, line and column, and the exit code is 2`() throws {
        let outcome = try Program.mock.run(
            ["scenario", "check", "-"],
            input: "schema: cliprise-mock/v1\nrules:\n  - {when: {opertion: status}, fault: clsoe}\n")
        #expect(outcome.status == 2)
        #expect(
            outcome.errors == """
                standard input:3:13: unknown key "opertion"; did you mean "operation"?
                standard input:3:39: unknown word "clsoe"; did you mean "close"?

                """)
    }

    @Test func `the schema is JSON of draft 2020-12`() throws {
        let outcome = try Program.mock.run(["scenario", "schema"])
        let schema = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        #expect(schema?["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    }

    @Test func `a watched file swaps the rules and keeps the state, and a broken one changes nothing`() throws {
        try withFolder { folder in
            let file = "\(folder)/s.yaml"
            func put(_ rules: String) throws {
                try "schema: cliprise-mock/v1\n\(rules)".write(toFile: file, atomically: true, encoding: .utf8)
            }
            try put("")
            let server = try MockServer(["--scenario", file, "--watch"])
            _ = try server.banner()
            #expect(try server.generate(lighthouse).status == 200)
            try put("rules:\n  - {when: {operation: generate}, fault: {status: 418}}\n")
            try server.child.wait(for: "the swap") { server.child.errorText.contains("in force for") }
            #expect(try server.generate(lighthouse).status == 418)
            #expect(try server.account("test-key")["held"] as? Int ?? 0 <= 12)
            try put("rules:\n  - {falt: close}\n")
            try server.child.wait(for: "the refusal") { server.child.errorText.contains("the old rules stay") }
            #expect(server.child.errorText.contains("s.yaml:3:6: unknown key \"falt\""))
            #expect(try server.generate(lighthouse).status == 418)
            #expect(try server.stop() == 0)
        }
    }

    @Test func `rules that never acted are named at the end`() throws {
        let server = try MockServer(["--scenario", "lost-reply"])
        _ = try server.banner()
        #expect(try server.stop() == 0)
        #expect(server.child.errorText.hasSuffix("not exercised: first-answer-lost\n"))
    }
}
