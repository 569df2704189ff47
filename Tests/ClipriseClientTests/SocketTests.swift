import ClipriseClient
import Foundation
import ProgramRunner
import RawSocket
import Testing

/// The client over real connections: to the mock, and to a server that breaks them.
@Suite(.ownThreads) struct SocketTests {
    private func client(_ port: UInt16, key: String = "test-key", policy: RetryPolicy = Self.quick) throws
        -> ClipriseClient
    {
        ClipriseClient(
            try ClientConfiguration(
                key: try #require(APIKey(key)), baseURL: "http://127.0.0.1:\(port)", policy: policy, mockOnly: true))
    }

    private static let quick = RetryPolicy(
        name: "quick", base: .milliseconds(10), cap: .milliseconds(50), maxAttempts: 4, deadline: .seconds(600))

    @Test func `a run against the mock brings a picture, once paid`() async throws {
        let server = try MockServer(["--time-scale", "0"])
        let (folder, path) = try Folder.make("lighthouse.jpg")
        let one = try client(server.port)
        let request = GenerateRequest(rawJSON: Array(lighthouse.utf8))
        let result = try await one.run(request, toFile: path)
        #expect(result.kind == .jpeg)
        let file = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(file.count == result.byteCount && file.starts(with: [0xFF, 0xD8, 0xFF]))
        #expect(try folder.names == ["lighthouse.jpg"])

        // The same task again, as a stream and by its state.
        #expect(try await one.status(of: result.task).state == .succeeded)
        let streamed = try await one.download(result.task, to: { _ in })
        #expect(streamed.byteCount == file.count)
        // One generate was paid: the reference's price of qwen-image-2 is 12 credits.
        let account = try server.account("test-key")
        #expect(account["credits"] as? Int == 9_988 && account["held"] as? Int == 0)
        await one.shutdown()
        #expect(try server.stop() == 0)
    }

    @Test func `six pictures come as a zip, known by its content`() async throws {
        let server = try MockServer(["--time-scale", "0"])
        let (folder, path) = try Folder.make("pictures")
        let one = try client(server.port)
        let request = GenerateRequest(
            model: "grok-imagine", callbackURL: "https://your-service.example.com/webhooks/cliprise",
            input: [RequestField("prompt", "A lighthouse"), RequestField("aspect_ratio", "1:1")])
        #expect(try await one.run(request, toFile: path).kind == .zip)
        await one.shutdown()
        #expect(try server.stop() == 0)
        _ = folder
    }

    static let typed: [(name: String, request: GenerateRequest)] = [
        (
            "runway-aleph",
            .runwayAleph(prompt: "Snow", videoURL: "https://example.com/a.mp4", callbackURL: callback)
        ),
        ("gpt-image-1", .gptImage1(prompt: "Snow", size: "1:1", callbackURL: callback)),
        (
            "seedance-v1",
            .seedanceV1(prompt: "Snow", tier: 1, callbackURL: callback, options: [RequestField("resolution", "720p")])
        ),
        (
            "hailuo-2-3",
            .hailuo23(
                prompt: "Snow", tier: 0, callbackURL: callback,
                input: [
                    RequestField("resolution", "768P"), RequestField("image_url", "https://example.com/a.png"),
                ])
        ),
        (
            "wan-animate",
            .wanAnimate(
                prompt: "Snow", animationType: 0, callbackURL: callback,
                input: [
                    RequestField("image_url", "https://example.com/a.png"),
                    RequestField("video_url", "https://example.com/a.mp4"), RequestField("resolution", "480p"),
                ])
        ),
    ]
    static let callback = "https://your-service.example.com/webhooks/cliprise"

    @Test func `the typed requests pass a strict server`() async throws {
        let server = try MockServer(["--strict"])
        let one = try client(server.port)
        for row in Self.typed {
            do {
                #expect(try await one.generate(row.request).state == .accepted)
            } catch {
                Issue.record("\(row.name): \(error)")
            }
        }
        await one.shutdown()
        #expect(try server.stop() == 0)
    }

    @Test func `refusals of the mock are the errors of their names`() async throws {
        let server = try MockServer(["--account", "poor=1"])
        let stranger = try client(server.port, key: "nobody")
        let request = GenerateRequest(rawJSON: Array(lighthouse.utf8))
        let first = await #expect(throws: ClipriseError.self) { try await stranger.generate(request) }
        #expect(first == ClipriseError(.invalidAPIKey))
        let poor = try client(server.port, key: "poor")
        let second = await #expect(throws: ClipriseError.self) { try await poor.generate(request) }
        #expect(second == ClipriseError(.insufficientCredits(actionURL: "https://app.cliprise.app/pricing")))
        let third = await #expect(throws: ClipriseError.self) {
            try await poor.generate(GenerateRequest(model: "no-such", callbackURL: Self.callback, input: []))
        }
        #expect(third == ClipriseError(.invalidModel))
        let fourth = await #expect(throws: ClipriseError.self) {
            try await poor.generate(GenerateRequest(rawJSON: Array(#"{"model":"z-image"}"#.utf8)))
        }
        #expect(fourth == ClipriseError(.fieldRequired))
        let fifth = await #expect(throws: ClipriseError.self) {
            try await poor.wait(for: "f11021d5b56bc19932b336ac0dbf413f")
        }
        #expect(fifth?.kind == .unknownTask)
        for one in [stranger, poor] { await one.shutdown() }
        #expect(try server.stop() == 0)
    }

    @Test func `a port that nobody listens on is no lost reply`() async throws {
        let server = try LineServer([""])
        let lost = try client(server.port)
        let first = await #expect(throws: ClipriseError.self) { try await lost.generate(anyRequest) }
        #expect(first == ClipriseError(.outcomeUnknown(UnknownOutcome(reason: .connectionLost, sends: 1))))
        #expect(server.requests.count == 1)
        let port = server.port
        _ = consume server

        // Bound and closed: nobody else gets it while the test runs.
        let closed = try client(port)
        let second = await #expect(throws: ClipriseError.self) { try await closed.generate(anyRequest) }
        #expect(second?.kind == .connectionRefused(place: "http://127.0.0.1:\(port): Connection refused"))
        for one in [lost, closed] { await one.shutdown() }
    }

    @Test func `a silent server is given up after the patience of the policy`() async throws {
        let listener = try SilentListener()
        var policy = Self.quick
        policy.requestTimeout = .milliseconds(200)
        let one = try client(listener.port, policy: policy)
        let error = await #expect(throws: ClipriseError.self) { try await one.generate(anyRequest) }
        #expect(error == ClipriseError(.outcomeUnknown(UnknownOutcome(reason: .connectionLost, sends: 1))))
        await one.shutdown()
    }

    @Test func `a broken download goes on by range, and a redirect leads nowhere`() async throws {
        let head = "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 10\r\n\r\n"
        let server = try LineServer([
            head + "01234",
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\n56789",
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        ])
        let (folder, path) = try Folder.make("f.txt")
        let one = try client(server.port)
        _ = try await one.download(taskID, toFile: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "0123456789")
        let lines = server.requests[1].lowercased()
        #expect(lines.contains("range: bytes=5-\r\n") && lines.contains("if-range: \"e\"\r\n"))
        #expect(lines.contains("host: \(documentedHost)\r\n"))

        let error = await #expect(throws: ClipriseError.self) { try await one.status(of: taskID) }
        #expect(error?.kind == .unexpectedAnswer(status: 302))
        await one.shutdown()
        _ = folder
    }
}
