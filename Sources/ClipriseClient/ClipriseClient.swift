internal import ClipriseLocks
internal import ClipriseWire
internal import Synchronization

/// A client of the Cliprise API with good manners.
///
/// It reads the array and the bare object, takes 300 for "not yet", waits and retries by its policy, and never sends a
/// generate again whose fate is unknown. It follows no redirects, and sends the key to nobody but the base URL.
///
/// All methods end with `ClipriseError`, or with `CancellationError` when they are cancelled and no task is at stake. When
/// one is, the error is a `ClipriseError` too: `outcomeUnknown` for a generate that was out, `cancelled` with the id of the
/// task for one that was accepted.
///
/// A value that can be shared by any number of tasks; its copies share connections and the bank of retries.
public struct ClipriseClient: Sendable {
    /// As given.
    public let configuration: ClientConfiguration
    let transport: any ClipriseTransport
    let clock: ClientClock
    private let shared: Shared

    private final class Shared: Sendable {
        let tokens: Locked<Int>
        let jobs = Atomic<UInt64>(0)

        init(tokens: Int) { self.tokens = Locked(tokens) }
    }

    /// Makes a client; nothing is sent.
    ///
    /// - Parameters:
    ///   - transport: Nil for real connections to the base URL.
    ///   - clock: What it waits by.
    public init(
        _ configuration: ClientConfiguration, transport: (any ClipriseTransport)? = nil,
        clock: ClientClock = .continuous
    ) {
        self.configuration = configuration
        self.transport =
            transport
            ?? CurlTransport(baseURL: configuration.baseURL, pieceTimeout: configuration.policy.requestTimeout)
        self.clock = clock
        shared = Shared(tokens: configuration.policy.retryBudget?.tokens ?? 0)
    }

    /// Closes the connections; no call may follow.
    public func shutdown() async { await transport.shutdown() }

    /// Sends a generate; again only if it is certain that the last one was not accepted.
    ///
    /// - Parameter resendingUnknown: Whether to send it again after an answer was lost. It may then be charged twice.
    /// - Returns: The accepted task.
    public func generate(
        _ request: GenerateRequest, resendingUnknown: Bool = false, progress: (@Sendable (JobProgress) -> Void)? = nil
    ) async throws -> JobResult {
        let policy = policy(resendingUnknown: resendingUnknown)
        return try await perform(.generate(body: request.body, policy: policy), progress: progress)
    }

    /// Asks once how a task is; failures of the way are retried.
    ///
    /// - Returns: `processing` or `succeeded`; a failed task is thrown as `taskFailed`.
    public func status(
        of task: String, progress: (@Sendable (JobProgress) -> Void)? = nil
    ) async throws -> JobResult {
        try await perform(.status(task: task, policy: configuration.policy), progress: progress)
    }

    /// Polls a task until it is finished.
    public func wait(
        for task: String, progress: (@Sendable (JobProgress) -> Void)? = nil
    ) async throws -> JobResult {
        try await perform(.wait(task: task, policy: configuration.policy), progress: progress)
    }

    /// Fetches the file of a task, waiting for it if it is not finished.
    ///
    /// What breaks off is continued by range, also after the program has ended: until it is complete and found sound, the
    /// file lies beside its place, with the task's id and `.part` at the end of its name.
    ///
    /// - Parameter path: Where the file shall be; one that is there is replaced at the end.
    /// - Throws: Also `ClipriseError` with `cannotWrite`.
    public func download(
        _ task: String, toFile path: String, progress: (@Sendable (JobProgress) -> Void)? = nil
    ) async throws -> JobResult {
        try await perform(
            .download(task: task, policy: configuration.policy), into: PartFile(path: path, task: task),
            progress: progress
        ) { _ in task }
    }

    /// Fetches the file of a task as a stream, waiting for it if it is not finished.
    ///
    /// - Parameter consume: Gets every byte once and in order, whatever breaks off; the next piece comes when it returns.
    ///   What it throws ends the download and is thrown on. Of a PNG, JPEG or zip that ends too early the rest is asked for;
    ///   whether the file is sound otherwise is the caller's to find out.
    public func download(
        _ task: String, progress: (@Sendable (JobProgress) -> Void)? = nil,
        to consume: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> JobResult {
        let session = DownloadSession(
            target: StreamTarget(consume: consume), held: 0, beginning: [], limit: configuration.downloadLimit)
        return try await perform(
            .download(task: task, policy: configuration.policy), session: session, progress: progress)
    }

    /// Generates, waits, and downloads to a file: one job under one deadline.
    ///
    /// - Parameters:
    ///   - path: As for `download`.
    ///   - resendingUnknown: As for `generate`.
    public func run(
        _ request: GenerateRequest, toFile path: String, resendingUnknown: Bool = false,
        progress: (@Sendable (JobProgress) -> Void)? = nil
    ) async throws -> JobResult {
        let policy = policy(resendingUnknown: resendingUnknown)
        return try await perform(
            .run(body: request.body, policy: policy), into: PartFile(path: path, task: nil), progress: progress
        ) { error in
            let failure = error as? ClipriseError
            return failure?.isResumable == true ? failure?.task : nil
        }
    }

    /// Generates, waits, and downloads as a stream: one job under one deadline.
    ///
    /// - Parameter consume: As for `download`.
    public func run(
        _ request: GenerateRequest, resendingUnknown: Bool = false, progress: (@Sendable (JobProgress) -> Void)? = nil,
        to consume: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> JobResult {
        let session = DownloadSession(
            target: StreamTarget(consume: consume), held: 0, beginning: [], limit: configuration.downloadLimit)
        let policy = policy(resendingUnknown: resendingUnknown)
        return try await perform(.run(body: request.body, policy: policy), session: session, progress: progress)
    }

    private func policy(resendingUnknown: Bool) -> RetryPolicy {
        var policy = configuration.policy
        policy.resendsUnknown = policy.resendsUnknown || resendingUnknown
        return policy
    }

    private func perform(
        _ job: Job, session: DownloadSession? = nil, progress: (@Sendable (JobProgress) -> Void)?
    ) async throws -> JobResult {
        try await JobDriver(client: self, job: job, session: session, progress: progress).run()
    }

    /// - Parameter resumable: The task that what came of the file is kept for when the job ends with an error.
    private func perform(
        _ job: Job, into file: PartFile, progress: (@Sendable (JobProgress) -> Void)?,
        resumable: (any Error) -> String?
    ) async throws -> JobResult {
        let session = await DownloadSession(
            target: file, held: file.length, beginning: file.beginning(), limit: configuration.downloadLimit)
        let result: JobResult
        do {
            result = try await perform(job, session: session, progress: progress)
        } catch {
            await file.leave(for: resumable(error))
            throw error
        }
        try await file.finish()
        return result
    }

    /// The generator of one job; its own even with a seed, so that jobs side by side do not move each other's draws.
    func makeGenerator() -> JobGenerator {
        guard let seed = configuration.seed else { return .system(SystemRandomNumberGenerator()) }
        let ordinal = shared.jobs.add(1, ordering: .relaxed).oldValue
        var mixer = SplitMix64(seed: seed &+ ordinal)
        return .seeded(SplitMix64(seed: mixer.next()))
    }

    /// Lends the bank that all jobs share to one machine.
    func withBank<Value>(_ machine: inout JobMachine, _ body: (inout JobMachine) -> Value) -> Value {
        shared.tokens.withLock { tokens in
            machine.tokens = tokens
            let value = body(&machine)
            tokens = machine.tokens
            return value
        }
    }

    /// The request of a call, with the documented `Host`.
    func request(for call: Call) -> RequestHead {
        var request = RequestHead(method: .get, authority: "\(Contract.host)", path: "/")
        switch call {
        case .generate:
            request.method = .post
            request.path = "\(Contract.generatePath)"
            request.fields["Authorization"] = "Bearer \(configuration.key.secret)"
            request.fields["Content-Type"] = "application/json"
        case .status(let task): request.path = statusPath(task, download: false)
        case .download(let task, _): request.path = statusPath(task, download: true)
        }
        return request
    }

    private func statusPath(_ task: String, download: Bool) -> String {
        let key = String(percentEncoded: configuration.key.secret.utf8)
        let path = "\(Contract.statusPath)?apiKey=\(key)&taskId=\(String(percentEncoded: task.utf8))"
        return download ? path + "&download=true" : path
    }
}

/// The chance of one job.
enum JobGenerator: RandomNumberGenerator, Sendable {
    case system(SystemRandomNumberGenerator)
    case seeded(SplitMix64)

    mutating func next() -> UInt64 {
        switch self {
        case .system(var generator): return generator.next()
        case .seeded(var generator):
            let value = generator.next()
            self = .seeded(generator)
            return value
        }
    }
}
