import ClipriseClient
import ClipriseSimulator
import Testing

/// Buys pictures; what it sends by, its clock and its chance come from outside.
private struct Shop {
    var transport: any ClipriseTransport
    var clock: ClientClock
    /// What its waits are drawn from; nil for chance.
    var seed: UInt64?

    func buyPicture(of prompt: String, key: APIKey) async throws -> [UInt8] {
        var configuration = try ClientConfiguration(key: key)
        configuration.seed = seed
        let client = ClipriseClient(configuration, transport: transport, clock: clock)
        let order = GenerateRequest(
            rawJSON: Array(
                """
                {"model":"qwen-image-2","callBackUrl":"https://example.com/hook",
                "input":{"prompt":"\(prompt)","image_size":"1:1","output_format":"png"}}
                """.utf8))
        let (pieces, writer) = AsyncStream.makeStream(of: [UInt8].self)
        _ = try await client.run(order) { writer.yield($0) }
        writer.finish()
        return await pieces.reduce(into: []) { $0 += $1 }
    }
}

@Suite struct ShopTests {
    @Test func `no two faults make the shop pay twice`() async throws {
        let key = try #require(APIKey("test-key"))
        let proof = try await Simulation.prove(faults: 2) { service in
            let shop = Shop(transport: service.transport, clock: service.clock, seed: 1)
            _ = try? await shop.buyPicture(of: "a pier", key: key)
        }
        #expect(proof.counterexample == nil, "\(proof)")
    }
}
