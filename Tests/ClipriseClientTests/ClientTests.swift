import ClipriseClient
import ClipriseLocks
import Foundation
import ProgramRunner
import Testing

@Suite struct ClientTests {
    @Test func `a run over a broken way brings the very bytes of the file`() async throws {
        let transport = ScriptedTransport([
            .failure(.notSent), .accepted, .processing, .text(503, "<html>"), .success, .file(whole: false),
            .failure(.lost), .file(from: 300),
        ])
        let (folder, path) = try Folder.make("result.jpg")
        let result = try await client(transport).run(anyRequest, toFile: path)
        #expect(result.state == .downloaded && result.task == taskID && result.kind == .jpeg)
        #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) == Samples.jpeg)
        #expect(try folder.names == ["result.jpg"])

        let exchanges = transport.exchanges
        #expect(exchanges.map(\.request.authority) == Array(repeating: documentedHost, count: 8))
        #expect(exchanges.map { $0.request.fields["Range"] }.suffix(3) == [nil, "bytes=300-", "bytes=300-"])
        #expect(exchanges.last?.request.fields["If-Range"] == "\"one\"")
        #expect(exchanges[1].request.fields["Authorization"] == "Bearer \(Samples.key)")
        #expect(exchanges[1].request.method == .post && exchanges[1].request.path == "/app/cliprise/generate")
        #expect(exchanges[1].body == anyRequest.body)
        for exchange in exchanges[2...] { #expect(exchange.request.fields["Authorization"] == nil) }
        #expect(
            exchanges[2].request.path == "/app/cliprise/status?apiKey=\(Samples.key)&taskId=\(taskID)")
        #expect(exchanges.last?.request.path.hasSuffix("&download=true") == true)
    }

    @Test func `a stream gets each byte once, also from a server without ranges`() async throws {
        let transport = ScriptedTransport([.file(whole: false), .file()])
        let bytes = Locked<[UInt8]>([])
        let result = try await client(transport).download(taskID) { piece in bytes.withLock { $0 += piece } }
        #expect(result.byteCount == 1_000)
        #expect(bytes.withLock { $0 } == Samples.jpeg)
    }

    @Test func `a download that failed is continued by the next one`() async throws {
        let (folder, path) = try Folder.make("result.jpg")
        let first = ScriptedTransport([.file(whole: false)] + Array(repeating: .failure(.lost), count: 3))
        let error = await #expect(throws: ClipriseError.self) {
            try await client(first).download(taskID, toFile: path)
        }
        #expect(error == ClipriseError(.connectionLost, task: taskID))
        #expect(error?.isResumable == true)
        #expect(try folder.names == ["result.jpg.\(taskID).part"])

        let second = ScriptedTransport([.file(from: 300)])
        _ = try await client(second).download(taskID, toFile: path)
        #expect(second.exchanges.map { $0.request.fields["Range"] } == ["bytes=300-"])
        #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) == Samples.jpeg)
    }

    @Test func `a task id from a server cannot lead out of the folder`() async throws {
        let (folder, path) = try Folder.make("a")
        let transport = ScriptedTransport([.file(whole: false)] + Array(repeating: .failure(.lost), count: 3))
        await #expect(throws: ClipriseError.self) {
            try await client(transport).download("../../etc/x", toFile: path)
        }
        #expect(try folder.names == ["a.______etc_x.part"])
    }

    @Test func `a redirect is an error, and nobody else is asked`() async throws {
        var fields = MessageFields()
        fields["Location"] = "http://elsewhere.example.com/"
        let transport = ScriptedTransport([.text(302, "", fields)])
        let error = await #expect(throws: ClipriseError.self) { try await client(transport).generate(anyRequest) }
        #expect(error == ClipriseError(.unexpectedAnswer(status: 302)))
        #expect(transport.exchanges.count == 1)
    }

    @Test func `a Retry-After of an answer moves the next try`() async throws {
        var fields = MessageFields()
        fields["Retry-After"] = "Sun, 06 Nov 1994 08:49:42 GMT"
        let clock = TestClock()
        let transport = ScriptedTransport([.text(429, "", fields), .accepted])
        _ = try await client(transport, clock).generate(anyRequest)
        #expect(clock.elapsed == .seconds(5))
    }

    @Test func `an answer beyond the limit ends the call`() async throws {
        let huge = [UInt8](repeating: 0x20, count: 600_000)
        let transport = ScriptedTransport([.answer(200, [:], [huge, huge])])
        let error = await #expect(throws: ClipriseError.self) { try await client(transport).status(of: taskID) }
        #expect(error == ClipriseError(.answerTooLarge(limit: 1_048_576), task: taskID))
    }

    @Test(arguments: ["https://business.api.cliprise.app", "http://BUSINESS.api.cliprise.app.:8080"])
    func `a client for mocks sends nothing to the live service`(url: String) async throws {
        let key = try #require(APIKey(Samples.key))
        let transport = ScriptedTransport([.accepted])
        let configuration = try ClientConfiguration(key: key, baseURL: url, mockOnly: true)
        let error = await #expect(throws: ClipriseError.self) {
            try await ClipriseClient(configuration, transport: transport).generate(anyRequest)
        }
        guard case .liveHostRefused? = error?.kind else { Issue.record("\(String(describing: error))"); return }
        #expect(transport.exchanges.isEmpty)
    }

    @Test func `jobs of one client pay their retries from one bank`() async throws {
        var policy = even
        policy.retryBudget = RetryBudget(tokens: 10, cost: 5)
        let transport = ScriptedTransport(Array(repeating: .text(502, ""), count: 10))
        let one = try client(transport, policy: policy)
        for _ in 0..<2 { await #expect(throws: ClipriseError.self) { try await one.status(of: taskID) } }
        // Two retries for the first job, none for the second.
        #expect(transport.exchanges.count == 4)
    }
}

/// A folder of a test's own, removed with it.
final class Folder: Sendable {
    let path: String

    private init(_ path: String) { self.path = path }

    static func make(_ file: String) throws -> (Folder, String) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "cliprise-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return (Folder(folder), "\(folder)/\(file)")
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
