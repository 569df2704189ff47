internal import ClipriseLocks
internal import Synchronization

/// Carries out what a job machine says, in the client's time and over its transport.
struct JobDriver {
    let client: ClipriseClient
    let job: Job
    let session: DownloadSession?
    let progress: (@Sendable (JobProgress) -> Void)?

    func run() async throws -> JobResult {
        let configuration = client.configuration
        if configuration.mockOnly, let host = configuration.liveHost {
            throw ClipriseError(.liveHostRefused(host: host), task: job.task.isEmpty ? nil : job.task)
        }
        var machine = JobMachine(job, heldCount: await session?.held ?? 0)
        var generator = client.makeGenerator()
        let start = client.clock.elapsed()
        while true {
            if Task.isCancelled { throw machine.cancel() ?? CancellationError() }
            let now = client.clock.elapsed() - start
            let action = client.withBank(&machine) { $0.next(now: now, using: &generator) }
            switch action {
            case .finish(.success(let result)): return result
            case .finish(.failure(let error)): throw error.redacting(configuration.key)
            case .wait(let duration):
                progress?(.waiting(duration, after: machine.lastTrouble.map { redacted($0) }))
                do {
                    try await client.clock.sleep(duration)
                } catch {
                    throw machine.cancel() ?? CancellationError()
                }
            case .send(let call):
                if case .download(_, let from) = call { progress?(.downloading(from: from)) }
                let hadTask = machine.task != nil
                let answer: Answer
                do {
                    answer = try await exchange(
                        call, patience: machine.patience(now: now), remaining: machine.remaining(now: now))
                } catch let error as ReceiverError {
                    throw error.error
                } catch let error as CancellationError {
                    throw machine.cancel() ?? error
                }
                let arrival = client.clock.elapsed() - start
                client.withBank(&machine) { $0.receive(answer, now: arrival) }
                if !hadTask, let task = machine.task { progress?(.accepted(task: task)) }
            }
        }
    }

    private func redacted(_ kind: ClipriseError.Kind) -> ClipriseError.Kind {
        ClipriseError(kind).redacting(client.configuration.key).kind
    }

    private func exchange(_ call: Call, patience: Duration, remaining: Duration) async throws -> Answer {
        let request = client.request(for: call)
        switch call {
        case .generate(let body):
            return try await plain(TransportExchange(request: request, body: body, timeout: patience))
        case .status: return try await plain(TransportExchange(request: request, timeout: patience))
        case .download(_, let from):
            guard let session else { preconditionFailure("a job that downloads has a session") }
            var request = request
            for field in await session.fields(from: from) { request.fields.append(field.name, field.value) }
            return try await streamed(
                TransportExchange(request: request, timeout: patience, isStreamed: true, deadline: remaining),
                session: session)
        }
    }

    private func plain(_ exchange: TransportExchange) async throws -> Answer {
        let collector = Collector(limit: client.configuration.answerLimit)
        do {
            try await client.transport.send(exchange) { head, piece in try collector.take(head, piece) }
        } catch {
            return try collector.answer(failed: error, clock: client.clock)
        }
        return collector.answer(isComplete: true, clock: client.clock)
    }

    private func streamed(_ exchange: TransportExchange, session: DownloadSession) async throws -> Answer {
        let collector = Collector(limit: client.configuration.answerLimit)
        let isFile = Atomic(false)
        let end = exchange.deadline.map { client.clock.elapsed() + $0 }
        do {
            try await client.transport.send(exchange) { [clock = client.clock] head, piece in
                guard head.status == 200 || head.status == 206 else {
                    return try collector.take(head, piece)
                }
                if !isFile.exchange(true, ordering: .relaxed) { try await session.begin(head) }
                try await session.take(piece)
                // Also with a transport that keeps no time.
                if let end, clock.elapsed() >= end { throw TransportFailure.lost }
            }
        } catch {
            if error is ReceiverError || error is CancellationError { throw error }
            if case .answerTooLarge? = error as? TransportFailure { return try Answer(failed: error) }
            guard isFile.load(ordering: .relaxed) else {
                return try collector.answer(failed: error, clock: client.clock)
            }
            return .file(try await session.transfer(isEnded: false))
        }
        guard isFile.load(ordering: .relaxed) else { return collector.answer(isComplete: true, clock: client.clock) }
        return .file(try await session.transfer(isEnded: true))
    }
}

extension Answer {
    /// Any error of a transport but those of the contract counts as a lost connection.
    fileprivate init(failed error: any Error) throws {
        if error is CancellationError || error is ReceiverError { throw error }
        self = .failure(error as? TransportFailure ?? .lost)
    }
}

/// Keeps the head and the body of an answer, up to a limit.
private final class Collector: Sendable {
    private struct State {
        var head: ResponseHead?
        var body: [UInt8] = []
    }

    private let limit: Int
    private let state = Locked(State())

    init(limit: Int) { self.limit = limit }

    func take(_ head: ResponseHead, _ piece: [UInt8]) throws {
        try state.withLock { state in
            state.head = head
            guard state.body.count + piece.count <= limit else { throw TransportFailure.answerTooLarge(limit: limit) }
            state.body += piece
        }
    }

    func answer(isComplete: Bool, clock: ClientClock) -> Answer {
        let state = state.withLock { $0 }
        guard let head = state.head else { return .failure(.lost) }
        let asked = head.fields["Retry-After"].flatMap {
            RetryAfter.wait($0, date: head.fields["Date"], now: clock.wallSeconds())
        }
        return .response(
            Answer.Response(
                status: head.status, body: state.body, retryAfter: asked, isComplete: isComplete))
    }

    /// An answer that broke off is an answer when its head had come.
    func answer(failed error: any Error, clock: ClientClock) throws -> Answer {
        let failure = try Answer(failed: error)
        guard case .failure(.lost) = failure, state.withLock({ $0.head != nil }) else { return failure }
        return answer(isComplete: false, clock: clock)
    }
}
