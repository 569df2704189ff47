import ClipriseJournal
import ClipriseWire
import Testing

@testable import ClipriseEngine

@Suite struct KeyLeakTests {
    /// A status has its key in the query, and no body.
    @Test(arguments: [Operation.status, .download])
    func `a key in the body of a poll is one that leaks`(operation: Operation) {
        func leaks(_ body: String) -> ExchangeEvent.Leak {
            KeyLeak.find(
                in: Request(
                    method: .get, target: Array("/app/cliprise/status?apiKey=plain-key-1".utf8),
                    body: Array(body.utf8)),
                KeySearch(Array("plain-key-1".utf8)), operation: operation)
        }
        #expect(leaks(#"{"apiKey":"plain-key-1"}"#) == .body)
        #expect(leaks("") == ExchangeEvent.Leak() && leaks("{}") == ExchangeEvent.Leak())
    }

    @Test(
        arguments: [
            ("plain-key-1", "plain-key-1", true), ("plain-key-1", "plain-key-2", false),
            // PHP's json_encode, encodeURIComponent, and urllib's quote, with digits of either case.
            ("sk/live/abc+1=", #"sk\/live\/abc+1="#, true), ("sk/live/abc+1=", "sk%2Flive%2Fabc%2B1%3D", true),
            ("sk/live/abc+1=", "sk%2flive%2fabc%2b1%3d", true), ("sk/live/abc+1=", "sk/live/abc%2B1%3D", true),
            (#"sk"live\1"#, #"sk\"live\\1"#, true), ("sk/live/abc+1=", "sk/live/abc 1=", false),
            // Shorter ones stand in other texts by chance.
            ("a/b+c", "a%2Fb%2Bc", false), ("short", "short", false),
        ])
    func `a key is found as encoders write it`(key: String, written: String, isFound: Bool) {
        let search = KeySearch(Array(key.utf8))
        func request(_ target: String, _ field: String, _ body: String) -> Request {
            Request(
                method: .post, target: Array("/app/cliprise/generate\(target)".utf8),
                fields: HeaderFields([("Authorization", "Bearer \(key)"), ("X-Trace", field)]), body: Array(body.utf8))
        }
        let cases: [(request: Request, leak: ExchangeEvent.Leak)] = [
            (request("?key=\(written)", "", ""), .target), (request("", "id-\(written)-1", ""), .field),
            (request("", "", #"{"callBackUrl":"https://a.example/\#(written)"}"#), .body),
        ]
        for (request, leak) in cases {
            #expect(KeyLeak.find(in: request, search, operation: .generate) == (isFound ? leak : ExchangeEvent.Leak()))
        }
    }
}
