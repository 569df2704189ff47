import ClipriseClient
import ClipriseMockTesting
import ClipriseSimulator
import Foundation
import Testing

/// The helper, used as a test of someone else's client would use it.
@Suite struct ClipriseMockTestingTests {
    static let request = GenerateRequest(
        model: "qwen-image-2", callbackURL: "https://your-service.example.com/webhooks/cliprise",
        input: [
            RequestField("prompt", "A pier"), RequestField("image_size", "1:1"), RequestField("output_format", "png"),
            RequestField("seed", 10_000),
        ])

    private func client(_ mock: MockServer, key: String? = nil) throws -> ClipriseClient {
        var environment = mock.environment
        if let key { environment["CLIPRISE_API_KEY"] = key }
        return ClipriseClient(try ClientConfiguration(environment: environment))
    }

    @Test func `a client gets its file from a server of the test's own`() async throws {
        let count = try await withClipriseMock { mock in
            let client = try client(mock)
            let result = try await client.run(Self.request) { _ in }
            await client.shutdown()
            return result.byteCount
        }
        #expect(count > 1_000)
    }

    @Test func `a client that pays twice fails the test with a report`() async throws {
        await #expect(throws: GradeError.self) {
            try await withClipriseMock(.named("lost-reply")) { mock in
                let client = try client(mock)
                for _ in 0..<2 { _ = try? await client.generate(Self.request) }
                await client.shutdown()
            }
        }
    }

    @Test func `tests side by side take an account each`() async throws {
        try await withClipriseMock { mock in
            let keys = try (0..<3).map { _ in try mock.newAccount(credits: 12) }
            #expect(Set(keys).count == 3)
            for key in keys {
                let client = try client(mock, key: key)
                _ = try await client.run(Self.request) { _ in }
                // The second one is beyond this account's credits, and no one else's.
                await #expect(throws: ClipriseError.self) { _ = try await client.generate(Self.request) }
                await client.shutdown()
            }
        }
    }

    @Test func `credits out of range are refused`() async throws {
        try await withClipriseMock { mock in
            #expect(throws: MockServerError.self) { try mock.newAccount(credits: -1) }
        }
    }
}
