import Foundation
import ProgramRunner
import RawSocket
import Testing

/// The page at `/__admin/` of the real server in a real browser.
///
/// Beside what each test says, none may raise an exception or an error in the console, break the content security
/// policy, or ask another host for anything.
@Suite(
    .ownThreads, .serialized, .enabled(if: Program(path: "chromium").works("--version"), "chromium is not installed"))
struct PageTests {
    @Test func `an unused account shows its credits and a command to begin with`() throws {
        try look("loads")
    }

    @Test func `a task is seen going through, and its picture is fetched only when asked for`() throws {
        try look("task")
    }

    @Test func `a fault that is fired strikes once and is marked in the journal`() throws {
        try look("fault")
    }

    @Test func `any fault can be fired, and the server says what is wrong with one`() throws {
        try look("any_fault")
    }

    @Test func `the grade follows what the client does, and its evidence leads to the journal`() throws {
        try look("grade")
    }

    @Test func `markup in a prompt, a rule or a key is shown as text`() throws {
        try look("markup")
    }

    @Test func `clock, credits, rules and reset work, and a mistake is answered in the server's words`() throws {
        try look("controls")
    }

    @Test func `lists and views are reached by keys`() throws {
        try look("keys")
    }

    @Test func `an exchange shows what it said, and what its body was warned of; a refusal is no success`() throws {
        try look("bodies")
    }

    @Test func `requests that reached no account are counted in the bar and listed`() throws {
        try look("unmatched")
    }

    @Test func `all accounts are within reach, by their keys and by their labels`() throws {
        try look("accounts")
    }

    @Test func `a rule that was removed comes back to its place, and the scenario in force is selected`() throws {
        try look("undo")
    }

    @Test func `tasks are reached on a phone`() throws {
        try look("phone")
    }

    @Test func `a video plays in a browser, with its sound`() throws {
        try look("video")
    }

    @Test func `the address of the server leads to the page`() throws {
        try look("root")
    }

    @Test func `an address with the token in it works, and the token stands in nothing that is copied`() throws {
        try look("password")
    }

    @Test func `at the width of a laptop the journal shows task numbers, badges and chosen keys whole`() throws {
        try look("laptop")
    }

    @Test func `nothing sticks out at a width of 400 pixels`() throws {
        try look("narrow")
    }

    @Test func `the policy lets nothing run that stands in the document, and nothing in from elsewhere`() throws {
        let server = try MockServer()
        let reply = try server.admin("GET", "")
        #expect(reply.status == 200)
        let field = reply.head.split(separator: "\r\n").first {
            $0.lowercased().hasPrefix("content-security-policy:")
        }
        let policy = try #require(field)
        #expect(policy.contains("default-src 'none'") && policy.contains("script-src 'self';"))
        #expect(policy.contains("style-src 'self';") && policy.contains("connect-src 'self';"))
        #expect(policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe"))
        #expect(try server.stop() == 0)
    }

    @Test func `each fact of a model shows where it comes from, and what conformance verified`() throws {
        try withFolder { folder in
            let profile = "\(folder)/live.json"
            let text = """
                {"base": "documented", "verified": "2026-01-31", "server": "https://live.example",
                 "clauses": {"GEN-1": "differs", "GEN-5": "same", "GEN-10": "could not tell"},
                 "models": {"flux-2": {"GEN-7": "differs"}}}
                """
            try Data(text.utf8).write(to: URL(fileURLWithPath: profile))
            try look("models", ["--profile", profile])
        }
    }

    /// Runs a case of `check.py` against a server of its own.
    private func look(_ name: String, _ arguments: [String] = []) throws {
        let server = try MockServer(arguments)
        let outcome = try Program.python.run(
            [Repository.path("Tests/PageTests/browser/check.py"), name], environment: ["CLIPRISE_BASE_URL": server.url])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try server.stop() == 0)
    }
}
