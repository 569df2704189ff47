import ClipriseClient
import ClipriseLocks
import Testing

/// Cancels at each place where a job waits for something.
@Suite struct CancellationTests {
    struct Place: Sendable, CustomTestStringConvertible {
        var name: String
        /// Ends with the reply at which the job is cancelled.
        var replies: [ScriptedTransport.Reply]
        /// Nil for `CancellationError`.
        var error: ClipriseError?
        var testDescription: String { name }
    }

    static let places = [
        Place(
            name: "while a generate is out", replies: [.hang],
            error: ClipriseError(.outcomeUnknown(UnknownOutcome(reason: .cancelled, sends: 1)))),
        Place(
            name: "while a poll is out", replies: [.accepted, .processing, .hang],
            error: ClipriseError(.cancelled, task: taskID)),
        Place(
            name: "while a download is out", replies: [.accepted, .success, .hang],
            error: ClipriseError(.cancelled, task: taskID)),
    ]

    @Test(arguments: places)
    func `a cancelled run says what is at stake`(place: Place) async throws {
        let (arrived, arrive) = AsyncStream<Void>.makeStream()
        let transport = ScriptedTransport(place.replies) { arrive.finish() }
        let one = try client(transport)
        let work = Task { try await one.run(anyRequest, to: { _ in }) }
        for await _ in arrived {}
        work.cancel()
        let error = await #expect(throws: ClipriseError.self) { try await work.value }
        #expect(error == place.error)
    }

    @Test func `a cancelled wait for a task of before is a plain cancellation`() async throws {
        let (arrived, arrive) = AsyncStream<Void>.makeStream()
        let one = try client(ScriptedTransport([.processing, .hang]) { arrive.finish() })
        let work = Task { try await one.wait(for: taskID) }
        for await _ in arrived {}
        work.cancel()
        await #expect(throws: CancellationError.self) { try await work.value }
    }

    @Test func `a job that is cancelled in a pause ends there, with its task`() async throws {
        let transport = ScriptedTransport([.accepted, .processing])
        let key = try #require(APIKey(Samples.key))
        let (arrived, arrive) = AsyncStream<Void>.makeStream()
        let clock = ClientClock(
            elapsed: { .zero },
            sleep: { _ in
                arrive.finish()
                try await Task.sleep(for: .seconds(3_600))
            }, wallSeconds: { 0 })
        let one = ClipriseClient(
            try ClientConfiguration(key: key, baseURL: "http://h", policy: even), transport: transport, clock: clock)
        let work = Task { try await one.run(anyRequest, to: { _ in }) }
        for await _ in arrived {}
        work.cancel()
        let error = await #expect(throws: ClipriseError.self) { try await work.value }
        #expect(error == ClipriseError(.cancelled, task: taskID))
        #expect(transport.exchanges.count == 1)
    }

    @Test func `a job that is cancelled before it began sends nothing`() async throws {
        let transport = ScriptedTransport([.accepted])
        let one = try client(transport)
        let work = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await one.generate(anyRequest)
        }
        await #expect(throws: CancellationError.self) { try await work.value }
        #expect(transport.exchanges.isEmpty)
    }
}
