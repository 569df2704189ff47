import ClipriseClient
import Testing

@Suite struct RequestTests {
    static let bodies: [(request: GenerateRequest, json: String)] = [
        (
            GenerateRequest(
                model: "z-image", callbackURL: "https://h/c",
                input: [RequestField("prompt", "a \"b\"\n"), RequestField("seed", 5), RequestField("x", 0.5)]),
            #"{"model":"z-image","callBackUrl":"https://h/c","input":{"prompt":"a \"b\"\n","seed":5,"x":0.5}}"#
        ),
        (
            .runwayAleph(prompt: "p", videoURL: "https://h/v", callbackURL: "https://h/c"),
            #"{"model":"runway-aleph","callBackUrl":"https://h/c","prompt":"p","videoUrl":"https://h/v","#
                + #""input":{"prompt":"p","videoUrl":"https://h/v"}}"#
        ),
        (
            GenerateRequest(
                model: "gpt-image-1", callbackURL: "https://h/c",
                input: [RequestField("prompt", "p"), RequestField("size", "1:1"), RequestField("n", 1)]),
            #"{"model":"gpt-image-1","callBackUrl":"https://h/c","prompt":"p","size":"1:1","#
                + #""input":{"prompt":"p","size":"1:1","n":1}}"#
        ),
        (
            .seedanceV1(
                prompt: "p", tier: 0, callbackURL: "https://h/c", options: [RequestField("aspectRatio", 2)]),
            #"{"model":"seedance-v1","callBackUrl":"https://h/c","options":"{\"model\":0,\"aspectRatio\":2}","#
                + #""input":{"prompt":"p"}}"#
        ),
        (
            .wanAnimate(prompt: "p", animationType: 1, callbackURL: "https://h/c"),
            #"{"model":"wan-animate","callBackUrl":"https://h/c","options":"{\"animationType\":1}","#
                + #""input":{"prompt":"p"}}"#
        ),
        (GenerateRequest(rawJSON: Array(" {} ".utf8)), " {} "),
    ]

    @Test(arguments: bodies)
    func `a body has its twins and its options where the reference wants them`(
        row: (request: GenerateRequest, json: String)
    ) {
        #expect(String(decoding: row.request.body, as: UTF8.self) == row.json)
    }

    static let values: [(text: String, value: RequestValue)] = [
        ("null", nil), (" true ", true), ("-0", .integer(0)), ("12e1", 120.0), ("0.25", 0.25),
        ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
        (#""\u00e9\ud83d\ude00\/\t""#, "é😀/\t"), ("[1,[],{}]", [1, [], .object([])]),
        (#"{"a":1,"b":{"c":"d"}}"#, ["a": 1, "b": ["c": "d"]]),
    ]

    @Test(arguments: values)
    func `JSON is read as it is meant`(row: (text: String, value: RequestValue)) throws {
        #expect(try RequestValue(json: Array(row.text.utf8)) == row.value)
        #expect(try RequestValue(json: row.value.json) == row.value)
    }

    static let mistakes: [(text: String, line: Int, column: Int, problem: String)] = [
        ("", 1, 1, "ends too early"), ("{", 1, 2, "ends too early"), ("{\n \"a\" 1}", 2, 6, "\":\""),
        ("[1,]", 1, 4, "a value"), ("{\"a\":1,}", 1, 8, "a key"), ("01", 1, 1, "begin with 0"), ("1.", 1, 3, "early"),
        ("1 2", 1, 3, "follows"), ("tru", 1, 4, "early"), ("\"a\nb\"", 1, 3, "control"), (#""\x""#, 1, 3, "escape"),
        (#""\ud800""#, 1, 8, "surrogate"), ("1e999", 1, 1, "too large"), ("'a'", 1, 1, "a value"),
        (String(repeating: "[", count: 65), 1, 65, "deeper"),
    ]

    @Test(arguments: mistakes)
    func `a syntax error has its place`(row: (text: String, line: Int, column: Int, problem: String)) {
        let error = #expect(throws: JSONSyntaxError.self) { try RequestValue(json: Array(row.text.utf8)) }
        #expect(error?.line == row.line && error?.column == row.column, "\(row.text): \(String(describing: error))")
        #expect(error?.problem.contains(row.problem) == true, "\(row.text): \(String(describing: error))")
    }

    @Test func `bytes that are no UTF-8 are no text`() {
        #expect(throws: JSONSyntaxError.self) { try RequestValue(json: [0x22, 0xFF, 0x22]) }
    }

    static let baseURLs: [(text: String, parts: (scheme: String, host: String, port: Int?), written: String)] = [
        ("http://127.0.0.1:8080", ("http", "127.0.0.1", 8_080), "http://127.0.0.1:8080"),
        ("https://mock.example/", ("https", "mock.example", nil), "https://mock.example"),
        ("HTTP://[::1]:80/", ("http", "::1", 80), "http://[::1]:80"),
        ("https://[2001:db8::1]", ("https", "2001:db8::1", nil), "https://[2001:db8::1]"),
        ("http://h:", ("http", "h", nil), "http://h"),
    ]

    @Test(arguments: baseURLs.indices)
    func `a base URL is taken apart and written again`(index: Int) throws {
        let row = Self.baseURLs[index]
        let url = try #require(BaseURL(row.text))
        #expect((url.scheme, url.host, url.port) == row.parts)
        #expect(url.description == row.written)
    }

    static let environments: [(environment: [String: String], error: ConfigurationError?)] = [
        (["CLIPRISE_API_KEY": "k"], nil), ([:], .noKey), (["CLIPRISE_API_KEY": "a b"], .badKey),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://[::1]:8080/"], nil),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "HTTPS://mock_1.example."], nil),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://[::1"], .badBaseURL("http://[::1")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://[h]"], .badBaseURL("http://[h]")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://:80"], .badBaseURL("http://:80")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://h:65536"], .badBaseURL("http://h:65536")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://h:-1"], .badBaseURL("http://h:-1")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://h?q"], .badBaseURL("http://h?q")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://h#f"], .badBaseURL("http://h#f")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://h\r\nX: y"], .badBaseURL("http://h\r\nX: y")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "127.0.0.1:8080"], .badBaseURL("127.0.0.1:8080")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "ftp://h"], .badBaseURL("ftp://h")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://u:p@h"], .badBaseURL("http://u:p@h")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://h/path"], .badBaseURL("http://h/path")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://h?q"], .badBaseURL("http://h?q")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://h:0"], .badBaseURL("http://h:0")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://h:65536"], .badBaseURL("http://h:65536")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://[::1"], .badBaseURL("http://[::1")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://[h]"], .badBaseURL("http://[h]")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://::1"], .badBaseURL("http://::1")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://"], .badBaseURL("http://")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://a b"], .badBaseURL("http://a b")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://h\r\nX: y"], .badBaseURL("http://h\r\nX: y")),
        (["CLIPRISE_API_KEY": "k", "CLIPRISE_POLICY": "x"], .badPolicy(UnknownPolicyError(name: "x"))),
    ]

    @Test(arguments: environments)
    func `the environment makes a configuration or a clear error`(
        row: (environment: [String: String], error: ConfigurationError?)
    ) {
        do throws(ConfigurationError) {
            _ = try ClientConfiguration(environment: row.environment)
            #expect(row.error == nil)
        } catch {
            #expect(error == row.error)
        }
    }
}
