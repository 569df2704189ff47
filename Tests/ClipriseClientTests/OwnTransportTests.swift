import ClipriseClient
import Foundation
import RawSocket
import Testing

#if AsyncHTTPClient
    import AsyncHTTPClient
#endif

@Suite(.ownThreads) struct OwnTransportTests {
    @Test func `the article shows the transport that is compiled here`() throws {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let file = try String(contentsOf: here.appending(path: "AsyncHTTPClientTransport.swift"), encoding: .utf8)
        let article = try String(
            contentsOf: here.appending(
                path: "../../Sources/ClipriseClient/ClipriseClient.docc/YourOwnTransport.md"), encoding: .utf8)
        let lines = file.split(separator: "\n", omittingEmptySubsequences: false)
            .drop { $0 != "#if AsyncHTTPClient" }.dropFirst().prefix { $0 != "#endif" }
        let code = lines.map { "\($0.dropFirst(4))\n" }.joined()
        #expect(code.contains("ClipriseTransport"))
        #expect(article.contains("```swift\n\(code)```"))
    }

    @Test func `the article on the client shows the example that is compiled here`() throws {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let file = try String(contentsOf: here.appending(path: "LighthouseExample.swift"), encoding: .utf8)
        let article = try String(
            contentsOf: here.appending(path: "../../Sources/cliprise-mock/cliprise-mock.docc/ReferenceClient.md"),
            encoding: .utf8)
        let lines = file.split(separator: "\n", omittingEmptySubsequences: false)
            .drop { !$0.hasPrefix("func ") }.dropFirst().prefix { $0 != "}" }
        let code = lines.map { "\($0.dropFirst(4))\n" }.joined()
        #expect(code.contains("client.run"))
        #expect(article.contains("import Foundation\n\n\(code)```"))
    }

    #if AsyncHTTPClient
        @Test func `the transport over AsyncHTTPClient does a job`() async throws {
            let server = try ConnectionServer { connection in
                while let request = connection.request() {
                    connection.answer(request.hasPrefix("POST") ? WireTests.accepted : #"{"status":"success"}"#)
                }
            }
            var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
            configuration.connectionPool.retryConnectionEstablishment = false
            let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            let base = "http://127.0.0.1:\(server.port)"
            let one = ClipriseClient(
                try ClientConfiguration(key: try #require(APIKey("k")), baseURL: base),
                transport: AsyncHTTPClientTransport(client: http, base: base))
            #expect(try await one.generate(anyRequest).task == taskID)
            #expect(try await one.status(of: taskID).state == .succeeded)
            try await http.shutdown()
        }
    #endif
}
