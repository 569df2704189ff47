import ClipriseClient
import ClipriseLocks
import Testing

@testable import ClipriseSimulator

@Suite struct SimulationTests {
    static func request(_ prompt: String) -> GenerateRequest {
        GenerateRequest(
            rawJSON: Array(
                """
                {"model":"qwen-image-2","callBackUrl":"https://example.com/hook","input":{"prompt":"\(prompt)",\
                "image_size":"1:1","output_format":"png","seed":12345}}
                """.utf8))
    }

    @Test func `a client's whole job takes virtual time and no other`() async throws {
        let (spent, passed) = try await Simulation.run(.yaml("schema: cliprise-mock/v1\ntasks: [{life: {after: 1h}}]"))
        {
            service in
            var policy = RetryPolicy.standard
            policy.deadline = .seconds(7_200)
            let client = try service.client(key: "test-key", policy: policy)
            let result = try await client.run(Self.request("a boat")) { _ in }
            #expect(result.state == .downloaded)
            return (service.account("test-key")?.spent, service.now)
        }
        #expect(spent == 12)
        #expect(passed >= .seconds(3_600))
        #expect(passed < .seconds(3_600 + 61))
    }

    @Test func `sleepers wake in the order of their instants, then of their sleeps`() async throws {
        let order = try await Simulation.run { service in
            let seen = Locked([String]())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (name, seconds) in [("b", 2), ("a", 1), ("c", 2), ("d", 0)] {
                    group.addTask {
                        try await service.sleep(for: .seconds(seconds))
                        seen.withLock { $0.append(name) }
                    }
                }
                try await group.waitForAll()
            }
            #expect(service.now == .seconds(2))
            return seen.withLock { $0 }
        }
        #expect(order == ["d", "a", "b", "c"])
    }

    @Test func `two thousand clients in an outage give the same run each time`() async throws {
        func run() async throws -> [String] {
            try await Simulation.run(.named("flaky-polling"), seed: 5) { service in
                let seen = Locked([String]())
                for index in 0..<2_000 { try service.addAccount("crowd-\(index)") }
                await withTaskGroup(of: Void.self) { group in
                    for index in 0..<2_000 {
                        group.addTask {
                            do {
                                let client = try service.client(key: "crowd-\(index)", seed: UInt64(index))
                                let result = try await client.run(Self.request("boat \(index)")) { _ in }
                                seen.withLock { $0.append("\(index) \(result.polls) \(service.now)") }
                            } catch {
                                seen.withLock { $0.append("\(index) \(error) \(service.now)") }
                            }
                        }
                    }
                }
                return seen.withLock { $0 }
            }
        }
        let first = try await run()
        #expect(first.count == 2_000)
        #expect(try await run() == first)
    }

    @Test func `a sleep that is cancelled ends at once and moves no time`() async throws {
        try await Simulation.run { service in
            let sleeper = Task(executorPreference: service.executor) { try await service.sleep(for: .seconds(100)) }
            try await service.sleep(for: .seconds(1))
            sleeper.cancel()
            await #expect(throws: CancellationError.self) { try await sleeper.value }
            #expect(service.now == .seconds(1))
        }
    }

    @Test func `a scenario that makes no sense is refused with its place`() async {
        await #expect(throws: SimulationError.self) {
            try await Simulation.run(.yaml("schema: cliprise-mock/v1\nruls: []")) { _ in }
        }
        await #expect(
            throws: SimulationError.badScenario(
                "no built-in scenario is called \"flaky-pollin\"; did you mean \"flaky-polling\"?")
        ) {
            try await Simulation.run(.named("flaky-pollin")) { _ in }
        }
    }
}
