import ClipriseWire
import Testing

@testable import ClipriseAdmin

@Suite struct AdminGateTests {
    struct Visit: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var fields: [(name: String, value: String)]
        var isFromLoopback = true
        var token: String?
        var acceptedHosts: [String] = []
        /// The status of the refusal, or nil when the visitor is let in.
        var status: Int?
    }

    static let here = (name: "Host", value: "127.0.0.1:8080")

    static let visits = [
        Visit(testDescription: "this machine", fields: [here]),
        Visit(testDescription: "this machine by name", fields: [("host", "localhost:8080")]),
        Visit(testDescription: "this machine over IPv6", fields: [("Host", "[::1]:8080")]),
        Visit(testDescription: "a name below localhost", fields: [("Host", "mock.localhost")]),
        Visit(testDescription: "no Host", fields: [], status: 400),
        Visit(testDescription: "two Hosts", fields: [here, here], status: 400),
        Visit(testDescription: "a malformed Host", fields: [("Host", "127.0.0.1/")], status: 400),
        Visit(testDescription: "a rebound host name", fields: [("Host", "evil.example.com:8080")], status: 403),
        Visit(
            testDescription: "a name that begins like an address", fields: [("Host", "127.0.0.1.evil.com")], status: 403
        ),
        Visit(testDescription: "a name that ends like localhost", fields: [("Host", "evillocalhost")], status: 403),
        Visit(testDescription: "the host of the service", fields: [("Host", "business.api.cliprise.app")], status: 403),
        Visit(testDescription: "an accepted name", fields: [("Host", "Mock:1")], acceptedHosts: ["mock"]),
        Visit(testDescription: "the own page", fields: [here, ("Origin", "http://127.0.0.1:8080")]),
        Visit(testDescription: "a foreign page", fields: [here, ("Origin", "http://evil.example.com")], status: 403),
        Visit(
            testDescription: "a page of another port", fields: [here, ("Origin", "http://127.0.0.1:3000")], status: 403),
        Visit(testDescription: "a page without an origin", fields: [here, ("Origin", "null")], status: 403),
        Visit(
            testDescription: "a rebound page", fields: [("Host", "evil.com"), ("Origin", "http://evil.com")],
            status: 403),
        Visit(
            testDescription: "a link on a foreign site", fields: [here, ("Sec-Fetch-Site", "cross-site")], status: 403),
        Visit(testDescription: "a sister site", fields: [here, ("Sec-Fetch-Site", "same-site")], status: 403),
        Visit(testDescription: "typed into the browser", fields: [here, ("Sec-Fetch-Site", "none")]),
        Visit(testDescription: "a script of the own page", fields: [here, ("Sec-Fetch-Site", "same-origin")]),
        Visit(testDescription: "afar without a token", fields: [here], isFromLoopback: false, status: 401),
        Visit(
            testDescription: "afar when there is no token", fields: [here, ("Authorization", "Bearer ")],
            isFromLoopback: false, status: 401),
        Visit(
            testDescription: "afar with a wrong token", fields: [here, ("Authorization", "Bearer secreT")],
            isFromLoopback: false, token: "secret", status: 401),
        Visit(
            testDescription: "afar with a part of the token", fields: [here, ("Authorization", "Bearer secre")],
            isFromLoopback: false, token: "secret", status: 401),
        Visit(
            testDescription: "afar with the bare token", fields: [here, ("Authorization", "secret")],
            isFromLoopback: false, token: "secret", status: 401),
        Visit(
            testDescription: "afar with the token",
            fields: [("Host", "mock.example.com"), ("Authorization", "Bearer secret")], isFromLoopback: false,
            token: "secret"),
        Visit(
            testDescription: "afar with the token, the scheme spelt otherwise",
            fields: [here, ("Authorization", "bearer secret")],
            isFromLoopback: false, token: "secret"),
        // Of RFC 7617 §2 and its rule that the first colon ends the name; coded with base64(1).
        Visit(
            testDescription: "a browser with the token as the password",
            fields: [here, ("Authorization", "Basic YW55OnNlY3JldA==")],
            isFromLoopback: false, token: "secret"),
        Visit(
            testDescription: "a browser without a user name", fields: [here, ("Authorization", "Basic OnNlY3JldA==")],
            isFromLoopback: false, token: "secret"),
        Visit(
            testDescription: "a browser with another password",
            fields: [here, ("Authorization", "Basic YW55OnNlY3JlVA==")],
            isFromLoopback: false, token: "secret", status: 401),
        Visit(
            testDescription: "a password that ends like the token",
            fields: [here, ("Authorization", "Basic YW55Ong6c2VjcmV0")],
            isFromLoopback: false, token: "secret", status: 401),
        Visit(
            testDescription: "a browser with the token as the name",
            fields: [here, ("Authorization", "Basic c2VjcmV0Og==")],
            isFromLoopback: false, token: "secret", status: 401),
        Visit(
            testDescription: "Basic, but not base64", fields: [here, ("Authorization", "Basic any:secret")],
            isFromLoopback: false, token: "secret", status: 401),
        Visit(
            testDescription: "a browser afar when there is no token", fields: [here, ("Authorization", "Basic Og==")],
            isFromLoopback: false, status: 401),
        Visit(
            testDescription: "a foreign page with the password that the browser keeps",
            fields: [here, ("Authorization", "Basic YW55OnNlY3JldA=="), ("Origin", "https://evil.com")],
            isFromLoopback: false, token: "secret", status: 403),
        Visit(
            testDescription: "a foreign page with the token",
            fields: [here, ("Authorization", "Bearer secret"), ("Origin", "https://evil.com")], isFromLoopback: false,
            token: "secret", status: 403),
        Visit(
            testDescription: "a wrong token does not shut this machine out",
            fields: [here, ("Authorization", "Bearer x")], token: "secret"),
    ]

    static let absolute: [(target: String, fields: [(name: String, value: String)], status: Int?)] = [
        ("http://127.0.0.1:8080/__admin/accounts", [here], nil),
        ("http://localhost/__admin/accounts", [("Host", "other.test")], nil),
        ("http://evil/__admin/accounts", [here], 403),
        ("https://evil.test:8080/__admin", [here], 403),
        ("http://127.0.0.1@evil/__admin/accounts", [here], 400),
        ("http:///__admin/accounts", [here], 400),
        ("http://127.0.0.1:8080/__admin/accounts", [], 400),
        ("http://evil/__admin", [here, ("Origin", "http://127.0.0.1:8080")], 403),
        ("http://127.0.0.1:9/__admin", [here, ("Origin", "http://127.0.0.1:9")], nil),
    ]

    /// RFC 9112 §3.2.2: the Host field is ignored then, though it must be there.
    @Test(arguments: absolute)
    func `a target in absolute form is judged by its authority`(
        target: String, fields: [(name: String, value: String)], status: Int?
    ) {
        let request = Request(method: .get, target: Array(target.utf8), fields: HeaderFields(fields))
        #expect(AdminGate(token: nil, acceptedHosts: []).problem(with: request)?.status == status)
    }

    @Test(arguments: visits)
    func `a visitor is let in or gets the reason`(visit: Visit) {
        let gate = AdminGate(token: visit.token, acceptedHosts: visit.acceptedHosts)
        let request = Request(
            method: .get, target: Array("/__admin/health".utf8), fields: HeaderFields(visit.fields),
            isFromLoopback: visit.isFromLoopback)
        #expect(gate.problem(with: request)?.status == visit.status)
    }

    @Test func `who lacks the token gets the schemes`() {
        let gate = AdminGate(token: "secret", acceptedHosts: [])
        let request = Request(
            method: .get, target: Array("/__admin/health".utf8), fields: HeaderFields([Self.here]),
            isFromLoopback: false)
        let plan = gate.problem(with: request)?.plan
        let schemes = plan?.fields.filter { $0.name == "WWW-Authenticate" }.map(\.value)
        #expect(schemes == ["Bearer", "Basic realm=\"cliprise-mock\", charset=\"UTF-8\""])
        #expect(plan?.contentType == .problemJSON)
    }

    @Test func `nothing is carried out for who is not let in`() {
        let api = AdminAPI(gate: AdminGate(token: nil, acceptedHosts: []))
        let request = Request(
            method: .post, target: Array("/__admin/reset".utf8), fields: HeaderFields([("Host", "evil.example.com")]))
        var isCalled = false
        let plan = api.answer(request) { _ in
            isCalled = true
            return .cleared(Cleared(accounts: 0, tasks: 0))
        }
        #expect(plan?.status == 403)
        #expect(!isCalled)
    }
}
