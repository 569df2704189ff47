import ProgramRunner
import Testing

/// The page at `/__admin/` of the real server in a real browser.
///
/// Beside what each test says, none may raise an exception or an error in the console, break the content security
/// policy, or ask another host for anything.
@Suite(.serialized, .enabled(if: Program(path: "chromium").works("--version"), "chromium is not installed"))
struct PageTests {
    static let cases: [(name: String, claim: String)] = [
        ("loads", "the account, its credits, and a command to begin with"),
        ("task", "a task is seen going through, and its picture on demand only"),
        ("fault", "a fault that is fired strikes once, and is marked in the journal"),
        ("grade", "the grade follows what the client does, and its evidence leads to the journal"),
        ("markup", "a prompt, a rule and a key with markup are shown as text"),
        ("controls", "clock, credits, rules and reset; a mistake is answered in the server's words"),
        ("keys", "every list and view is reached by keys"),
        ("narrow", "nothing sticks out at a width of 400 pixels"),
    ]

    @Test(arguments: cases)
    func `the page does what it is for`(name: String, claim: String) throws {
        let server = try MockServer()
        let outcome = try Program.python.run(
            [Repository.path("Tests/PageTests/browser/check.py"), name], environment: ["CLIPRISE_BASE_URL": server.url])
        #expect(outcome.status == 0, "\(claim)\n\(outcome.errors)")
        #expect(try server.stop() == 0)
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
}
