import ClipriseCatalog
import ClipriseWire
import Testing

@testable import ClipriseEngine

/// HTTP-4 and HTTP-5.
@Suite struct EdgeTests {
    static let types: [(values: [String], isJSON: Bool)] = [
        (["application/json"], true), (["Application/JSON"], true), (["application/json; charset=utf-8"], true),
        (["application/json ;charset=UTF-8"], true), ([" application/json"], true), ([], false), ([""], false),
        (["text/plain"], false), (["application/x-www-form-urlencoded"], false), (["application/jsonp"], false),
        (["application/json, text/plain"], false), (["json"], false), (["application/vnd.api+json"], false),
        (["application/json", "application/json"], false), (["multipart/form-data; boundary=application/json"], false),
    ]

    @Test(arguments: types)
    func `a body is read as JSON when its type says so`(values: [String], isJSON: Bool) throws {
        let fields = values.map { (name: "Content-Type", value: $0) }
        let request = Request(
            method: .post, target: Array("/app/cliprise/generate".utf8), fields: HeaderFields(fields),
            body: Array(EngineTests.body.utf8))
        switch try EngineTests.engine().order(of: request) {
        case .success: #expect(isJSON)
        case .failure(let refusal):
            #expect(!isJSON)
            #expect(refusal.decision.event.clause == .gen5)
            #expect(refusal.decision.event.hint?.contains("application/json") == true)
            guard case .plan(let plan) = refusal.decision.answer, case .plain(let body) = plan.body else {
                Issue.record("no plan")
                return
            }
            #expect(plan.status == 200)
            #expect(
                String(decoding: body, as: UTF8.self) == #"{"code":400,"msg":"This field is required","data":null}"#)
        }
    }

    static let paths: [(line: String, isKnown: Bool)] = [
        ("POST /app/cliprise/generate/", true), ("GET /app/cliprise/status/?apiKey=k&taskId=x", true),
        ("HEAD /app/cliprise/status/?apiKey=k", true), ("POST /app/cliprise/generate//", false),
        ("GET /app/cliprise/status//?apiKey=k", false), ("POST //app/cliprise/generate", false),
        ("POST /app/cliprise/generate/x", false), ("GET /app/cliprise/statu/?apiKey=k", false),
    ]

    @Test(arguments: paths)
    func `one slash behind a known path is taken`(line: String, isKnown: Bool) throws {
        let received = try EngineTests.receive(line, EngineTests.hosts + [("Authorization", "Bearer k")])
        if case .decided(let decision) = received {
            #expect(!isKnown && decision.event.clause == .http1)
        } else {
            #expect(isKnown)
        }
    }

    @Test func `the slash is warned of`() throws {
        let request = Request(
            method: .post, target: Array("/app/cliprise/generate/".utf8),
            fields: HeaderFields([(name: "Content-Type", value: "application/json")]),
            body: Array(EngineTests.body.utf8))
        #expect(try EngineTests.engine().order(of: request).get().warnings.map(\.key) == ["path"])
    }
}
