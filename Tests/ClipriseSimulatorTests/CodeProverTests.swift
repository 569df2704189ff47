import ClipriseClient
import ClipriseLocks
import Foundation
import Testing

@testable import ClipriseBundle
@testable import ClipriseSimulator

/// `prove` for code that is written against `ClipriseTransport`.
@Suite struct CodeProverTests {
    private static func job(_ service: SimulatedService, resends: Bool, attempts: Int = 4) async throws {
        var policy = RetryPolicy(name: "own", base: .milliseconds(500), maxAttempts: attempts, resendsUnknown: resends)
        policy.requestTimeout = .seconds(5)
        let client = try service.client(key: "test-key", policy: policy)
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).png").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        _ = try await client.run(SimulationTests.request("a pier"), toFile: path)
    }

    @Test(arguments: [0, 1, 2])
    func `code that never resends is charged once by every schedule`(faults: Int) async throws {
        let proof = try await Simulation.prove(faults: faults) { try await Self.job($0, resends: false) }
        #expect(proof.isClean, "\(proof)")
        // One schedule without a fault; of one fault eleven kinds for the generate, seven for each poll, seven for the file.
        if faults == 0 { #expect(proof.schedules == 1) }
        if faults == 1 { #expect(proof.schedules > 11 + 7 + 7 && (proof.schedules - 1 - 11 - 7) % 7 == 0, "\(proof)") }
        let schedules = "\(proof.schedules) schedule\(faults == 0 ? "" : "s")"
        let most = "\(faults) fault\(faults == 1 ? "" : "s")"
        #expect(proof.description == "0 double charges in \(schedules) of at most \(most)\n")
    }

    @Test(arguments: [(1, Int64(12)), (2, 24)])
    func `code that resends pays once more for each fault, and the scenario shows it`(
        faults: Int, credits: Int64
    ) async throws {
        let proof = try await Simulation.prove(faults: faults) { try await Self.job($0, resends: true) }
        let found = try #require(proof.counterexample)
        #expect(found.doubleCharged == credits, "\(proof)")
        #expect(found.lost == credits)
        #expect(found.faults == faults)
        #expect(found.requests.prefix(faults).allSatisfy { $0.hasPrefix("generate ← ") }, "\(proof)")
        // Played as a scenario, the same code pays as much.
        let spent = try await Simulation.run(.yaml(found.scenario), rendersFiles: true) { service in
            try await Self.job(service, resends: true)
            try await service.sleep(for: .seconds(60))
            return service.account("test-key")?.spent
        }
        #expect(spent == 12 + credits)
        // As a bundle, it plays byte for byte.
        let bundle = try Bundle(found.bundle, file: "counterexample.jsonl")
        let replay = try Replay.run(bundle, catalog: try Samples.catalog.get(), version: bundle.header.version)
        #expect(replay.difference == nil)
        #expect(replay.requests == found.requests.count)
    }

    /// A client that takes what is announced for all there is.
    @Test func `a file that was cut as if whole is lost on who does not look at it`() async throws {
        let proof = try await Simulation.prove(faults: 1) { service in
            let client = try service.client(key: "test-key")
            let job = try await client.generate(SimulationTests.request("a pier"))
            _ = try await client.wait(for: job.task)
            let head = RequestHead(
                method: .get, authority: "business.api.cliprise.app",
                path: "/app/cliprise/status?apiKey=test-key&taskId=\(job.task)&download=true")
            let exchange = TransportExchange(request: head, timeout: .seconds(30), isStreamed: true)
            let taken = Locked(0)
            var isDone = false
            for _ in 0..<3 where !isDone {
                do {
                    try await service.transport.send(exchange) { head, bytes in
                        taken.withLock { $0 += head.status == 200 ? bytes.count : 0 }
                    }
                    isDone = taken.withLock(\.self) > 0
                } catch {}
            }
        }
        #expect(proof.worst?.requests.last == "download ← file cut as if whole", "\(proof)")
    }

    @Test func `the article shows the example that is compiled here`() throws {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let code = try String(contentsOf: here.appending(path: "OwnCodeExample.swift"), encoding: .utf8)
        let article = try String(
            contentsOf: here.appending(path: "../../Sources/cliprise-mock/cliprise-mock.docc/HuntAndProve.md"),
            encoding: .utf8)
        #expect(article.contains("```swift\n\(code)```"))
    }

    /// A request that reaches no account meets no fault, and is nobody's.
    @Test func `requests with an unknown key are passed over`() async throws {
        let proof = try await Simulation.prove(faults: 1) { service in
            let client = try service.client(key: "nobody")
            _ = try await client.run(SimulationTests.request("a pier")) { _ in }
        }
        #expect(proof.isClean)
        #expect(proof.schedules == 1)
    }

    /// A file that is given up with patience left is the client's loss.
    @Test func `code that tries nothing again loses the file, and is charged once`() async throws {
        let proof = try await Simulation.prove(faults: 1) { try await Self.job($0, resends: false, attempts: 1) }
        #expect(proof.counterexample == nil)
        #expect(proof.worst?.lost == 12, "\(proof)")
    }

    /// What was sent down a stream cannot be taken back, but the rest of a file that was cut can be asked for.
    @Test func `a stream gets the rest of a file that was cut as if whole`() async throws {
        let proof = try await Simulation.prove(faults: 1) { service in
            let client = try service.client(key: "test-key")
            _ = try await client.run(SimulationTests.request("a pier")) { _ in }
        }
        #expect(proof.isClean, "\(proof)")
    }

    @Test func `two jobs alike are no job that was bought twice`() async throws {
        let proof = try await Simulation.prove(faults: 1) { service in
            try? await Self.job(service, resends: false)
            try? await Self.job(service, resends: false)
        }
        #expect(proof.counterexample == nil, "\(proof)")
    }

    @Test func `faults meet the requests of each of several accounts`() async throws {
        let proof = try await Simulation.prove(faults: 1) { service in
            try service.addAccount("other-key")
            for key in ["test-key", "other-key"] {
                var policy = RetryPolicy(name: "own", maxAttempts: 4, resendsUnknown: key == "other-key")
                policy.requestTimeout = .seconds(5)
                _ = try? await service.client(key: key, policy: policy).run(SimulationTests.request("a pier")) { _ in }
            }
        }
        let found = try #require(proof.counterexample)
        #expect(found.doubleCharged == 12)
        #expect(found.scenario.contains("other-key"))
    }

    @Test func `code that does something else each time is reported`() async {
        let runs = Locked(0)
        await #expect {
            _ = try await Simulation.prove(faults: 1) { service in
                let run = runs.withLock { runs in
                    runs += 1
                    return runs
                }
                // The wait differs from run to run.
                try await service.sleep(for: .seconds(run))
                try await Self.job(service, resends: false)
            }
        } throws: { error in
            "\(error)".hasPrefix(
                "after the same answers request 1 was a generate at 1.000 s, and then a generate at 2.000 s")
        }
    }

    @Test func `what asks the same place for something else is told apart as well`() async {
        let runs = Locked(0)
        await #expect(
            throws: SimulationError.notDeterministic(
                request: 1, was: "a generate at 0.000 s", became: "one with other bytes")
        ) {
            _ = try await Simulation.prove(faults: 1) { service in
                let run = runs.withLock { runs in
                    runs += 1
                    return runs
                }
                let client = try service.client(key: "test-key")
                _ = try await client.run(SimulationTests.request("pier \(run)")) { _ in }
            }
        }
    }

    @Test func `a search that does not come to its end proves nothing`() async {
        await #expect(throws: SimulationError.tooManySchedules(limit: 10)) {
            _ = try await Simulation.prove(faults: 2, limit: 10) { try await Self.job($0, resends: false) }
        }
        await #expect(throws: SimulationError.tooManyRequests(limit: 5, schedule: "no fault")) {
            _ = try await Simulation.prove(faults: 1, requestLimit: 5) { service in
                let client = try service.client(key: "test-key")
                while true { _ = try? await client.status(of: "0123") }
            }
        }
        await #expect(throws: SimulationError.tooLong(hours: 24, schedule: "no fault")) {
            _ = try await Simulation.prove(faults: 1) { service in
                while true { try? await service.sleep(for: .seconds(60)) }
            }
        }
        await #expect(throws: SimulationError.self) { _ = try await Simulation.prove(faults: 7) { _ in } }
    }
}
