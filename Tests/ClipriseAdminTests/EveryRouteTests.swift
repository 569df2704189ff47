import ClipriseEngine
import ClipriseJSON
import ClipriseWire
import Testing

@testable import ClipriseAdmin

/// What holds for every route of the table.
@Suite struct EveryRouteTests {
    struct Intruder: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var fields: [(name: String, value: String)]
        var isFromLoopback = true
        var status: Int
    }

    static let intruders = [
        Intruder(
            testDescription: "a page of another origin",
            fields: [("Host", "127.0.0.1:8080"), ("Origin", "http://evil.example")], status: 403),
        Intruder(
            testDescription: "a page of another site",
            fields: [("Host", "127.0.0.1:8080"), ("Sec-Fetch-Site", "cross-site")], status: 403),
        Intruder(testDescription: "a rebound host name", fields: [("Host", "evil.example:8080")], status: 403),
        Intruder(
            testDescription: "a rebound host name that is its own origin",
            fields: [("Host", "evil.example"), ("Origin", "http://evil.example")], status: 403),
        Intruder(
            testDescription: "a peer from afar", fields: [("Host", "127.0.0.1:8080")], isFromLoopback: false,
            status: 401),
        Intruder(
            testDescription: "a peer from afar with a wrong token",
            fields: [("Host", "192.0.2.1:8080"), ("Authorization", "Bearer guess")], isFromLoopback: false, status: 401),
    ]

    /// A path that the route takes.
    static func path(_ route: AdminRoute) -> String {
        "/__admin/"
            + route.pieces.map { piece in
                switch piece {
                case .word(let word): word
                case .name("id"): "00000000000000000000000000000001"
                case .name: "k"
                }
            }.joined(separator: "/")
    }

    @Test(arguments: intruders)
    func `no intruder reaches any command`(intruder: Intruder) {
        let api = AdminAPI(gate: AdminGate(token: "secret", acceptedHosts: []))
        var performed = 0
        for route in AdminRoutes.all {
            for method in route.method == .get ? [.get, .head] : [route.method] {
                let request = Request(
                    method: method, target: Array(Self.path(route).utf8), fields: HeaderFields(intruder.fields),
                    body: Array("{}".utf8), isFromLoopback: intruder.isFromLoopback)
                let plan = api.answer(request) { (_) throws(AdminProblem) in
                    performed += 1
                    return .ready
                }
                if plan?.status != intruder.status {
                    Issue.record("\(method) \(Self.path(route)): \(plan?.status ?? 0)")
                }
            }
        }
        #expect(performed == 0)
    }

    @Test func `every route is reached by its own method and path`() {
        for route in AdminRoutes.all {
            let request = Request(
                method: route.method, target: Array(Self.path(route).utf8), fields: HeaderFields([]), body: [])
            do throws(AdminProblem) {
                _ = try AdminCommand(request)
            } catch {
                // It may miss its body or query, but not its way.
                if error.status != 400, error.title != "No such rule" {
                    Issue.record("\(route.method) \(route.path): \(error.status) \(error.detail)")
                }
            }
        }
    }

    @Test func `no two routes are the same`() {
        let lines = AdminRoutes.all.map { "\($0.method) /__admin\($0.path)" }
        #expect(Set(lines).count == lines.count)
    }

    @Test func `every other method gets the right ones`() throws {
        let methods: [Request.Method] = [.get, .post, .put, .patch, .delete, .options, .extended("PURGE")]
        for route in AdminRoutes.all {
            let path = Self.path(route)
            let allowed = AdminRoutes.all.filter { Self.path($0) == path }.map(\.method)
            for method in methods where !allowed.contains(method) {
                let problem = #expect(throws: AdminProblem.self) {
                    try AdminCommand(Request(method: method, target: Array(path.utf8)))
                }
                #expect(problem?.status == 405, "\(method) \(path)")
                let told =
                    problem?.fields.first { $0.name == "Allow" }?.value.split(separator: ", ").map(String.init) ?? []
                for right in allowed { #expect(told.contains(right.description), "\(method) \(path)") }
            }
        }
    }

    @Test func `the OpenAPI document describes every route and no other`() throws {
        let lines = try withJSON(OpenAPI.document(version: "1")) { json in
            #expect(json[key: "openapi"]?.string == "3.1.0")
            var lines: Set<String> = []
            for path in json[key: "paths"]?.members ?? json.members {
                for operation in path.value.members {
                    let method = String(decoding: operation.key, as: UTF8.self).uppercased()
                    lines.insert("\(method) /__admin\(String(decoding: path.key, as: UTF8.self))")
                    #expect(operation.value[key: "summary"]?.string?.isEmpty == false)
                    #expect(operation.value[key: "responses"]?[key: "default"] != nil)
                }
            }
            return lines
        }.get()
        #expect(lines == Set(AdminRoutes.all.map { "\($0.method) /__admin\($0.path)" }))
    }

    @Test func `a parameter of a query takes just what its description says`() throws {
        var ranges = 0
        for route in AdminRoutes.all {
            for parameter in route.parameters {
                func problem(_ value: String) -> String? {
                    let target = "\(Self.path(route))?\(parameter.name)=\(value)"
                    let request = Request(
                        method: route.method, target: Array(target.utf8), fields: HeaderFields([]), body: [])
                    do throws(AdminProblem) {
                        _ = try AdminCommand(request)
                    } catch {
                        return error.detail
                    }
                    return nil
                }
                let isRefused =
                    switch parameter.kind {
                    case .whole(let range):
                        problem("\(range.upperBound + 1)")
                            == "\"\(parameter.name)\" is a whole number from \(range.lowerBound) to \(range.upperBound)."
                    case .words(let words):
                        problem("none")?.hasPrefix("\"\(parameter.name)\" is one of \(words.joined(separator: ", ")).")
                            == true
                    case .flag: problem("1") == "\"\(parameter.name)\" is true or false."
                    default: true
                    }
                if case .whole = parameter.kind { ranges += 1 }
                #expect(isRefused, "\(route.path) \(parameter.name)")
            }
        }
        #expect(ranges > 10)
    }

    @Test func `the OpenAPI document says what a query must have, and how large its numbers may be`() throws {
        let (required, limits) = try withJSON(OpenAPI.document(version: "1")) { json in
            func parameter(_ name: String, _ path: String, _ method: String) -> JSONValue? {
                json[key: "paths"]?.member(path)?.member(method)?[key: "parameters"]?.elements.first {
                    $0[key: "name"]?.string == name
                }
            }
            let limit = parameter("limit", "/unmatched", "get")?[key: "schema"]
            return (
                ["put", "delete"].map { parameter("account", "/rules/{id}", $0)?[key: "required"]?.boolean }
                    + [parameter("account", "/rules", "get")?[key: "required"]?.boolean],
                [limit?[key: "minimum"]?.integer, limit?[key: "maximum"]?.integer]
            )
        }.get()
        #expect(required == [true, true, nil])
        #expect(limits == [0, 1_000])
    }

    @Test func `the page may load nothing from elsewhere, and its three files are there`() {
        for file in [AdminPage.File.html, .script, .style] {
            let plan = AdminAnswer.page(file).plan
            guard case .plain(let bytes) = plan.body else { return }
            #expect(!bytes.isEmpty)
            let policy = plan.fields.first { $0.name == "Content-Security-Policy" }?.value ?? ""
            #expect(policy.hasPrefix("default-src 'none';"))
            #expect(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains("*"))
            #expect(plan.fields.contains(.init("X-Content-Type-Options", "nosniff")))
            #expect(plan.fields.contains(.init("Referrer-Policy", "no-referrer")))
        }
        let redirect = AdminAnswer.redirectToPage.plan
        #expect(redirect.status == 308)
        #expect(redirect.fields.contains(.init("Location", "/__admin/")))
    }
}
