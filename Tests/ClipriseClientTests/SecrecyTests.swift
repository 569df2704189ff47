import ClipriseClient
import Testing

/// The key shows itself nowhere but in the request.
@Suite struct SecrecyTests {
    private static func texts(_ value: Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        return ["\(value)", String(describing: value), String(reflecting: value), dumped]
    }

    @Test func `a key, a configuration and a client do not show the key`() throws {
        let key = try #require(APIKey(Samples.key))
        let configuration = try ClientConfiguration(key: key, baseURL: "http://127.0.0.1")
        let one = ClipriseClient(configuration, transport: ScriptedTransport([]))
        for text in Self.texts(key) + Self.texts(configuration) + Self.texts(one) + Self.texts([key]) {
            #expect(!text.contains("secret"), "\(text)")
        }
    }

    /// Answers of a server that repeats the key in all that it says.
    static let echoes: [[ScriptedTransport.Reply]] = [
        [.text(400, #"{"msg":"bad key sk-secret-1"}"#)],
        [.text(200, #"{"code":400,"msg":"apiKey=sk-secret-1","data":null}"#)],
        [.text(400, #"{"msg":"insufficient_credits","action_url":"https://h/?k=sk-secret-1"}"#)],
        [.text(402, #"{"action_url":"https://h/?k=sk-secret-1"}"#)],
        [.text(502, "<html>GET /status?apiKey=sk-secret-1</html>")],
        [.text(200, "sk-secret-1")],
        [.text(200, #"[{"code":200,"taskId":"sk-secret-1"}]"#), .text(404, "sk-secret-1")],
        [.accepted, .text(400, #"{"status":"failed","failMsg":"for sk-secret-1, sk-secret-1"}"#)],
        [.accepted] + Array(repeating: .text(200, "sk-secret-1"), count: 4),
        [.accepted, .success] + Array(repeating: .text(200, "<html>sk-secret-1"), count: 4),
        [.accepted, .success, .text(410, "sk-secret-1"), .success, .text(410, "sk-secret-1")],
    ]

    @Test(arguments: echoes)
    func `no error repeats a key that a server has said`(replies: [ScriptedTransport.Reply]) async throws {
        let (folder, path) = try Folder.make("x")
        let error = await #expect(throws: ClipriseError.self) {
            try await client(ScriptedTransport(replies)).run(anyRequest, toFile: path)
        }
        for text in Self.texts(try #require(error)) + [error?.advice ?? ""] {
            #expect(!text.contains("secret"), "\(text)")
        }
        _ = folder
    }

    @Test func `a key is found in its percent-encoded form as well`() async throws {
        let key = try #require(APIKey("a+b/c="))
        let transport = ScriptedTransport([.text(400, #"{"msg":"GET ?apiKey=a%2Bb%2Fc%3D and a+b/c="}"#)])
        let one = ClipriseClient(try ClientConfiguration(key: key, baseURL: "http://h"), transport: transport)
        let error = await #expect(throws: ClipriseError.self) { try await one.generate(anyRequest) }
        #expect(error?.kind == .rejected(message: "GET ?apiKey=<API key> and <API key>"))
    }

    @Test func `a result shows the link without its query, and the link on request`() async throws {
        let result = try await client(ScriptedTransport([.success])).wait(for: taskID)
        for text in Self.texts(result) { #expect(!text.contains("secret"), "\(text)") }
        #expect(result.fileLink?.description == "http://h/f?…")
        #expect(result.fileLink?.urlWithKey == "http://h/f?apiKey=sk-secret-1")
    }

    @Test(arguments: ["", " ", "a b", "a\u{0}", "ключ", "a\r\nHost: evil", String(repeating: "k", count: 513)])
    func `what cannot stand in a field is no key`(text: String) {
        #expect(APIKey(text) == nil)
    }

    @Test func `the line end of a file is not part of the key`() {
        #expect(APIKey(" sk-1\r\n") == APIKey("sk-1"))
    }
}
