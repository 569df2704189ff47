internal import ClipriseBundle
public import ClipriseClient
internal import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseLocks
internal import ClipriseWire

/// Carries requests to a simulated service; answers take the virtual time that their plans say.
public struct SimulatedTransport: ClipriseTransport {
    private let service: SimulatedService

    init(service: SimulatedService) { self.service = service }

    /// Sends a request; see `ClipriseTransport`.
    public func send(
        _ exchange: TransportExchange, receive: @escaping @Sendable (ResponseHead, [UInt8]) async throws -> Void
    ) async throws {
        try Task.checkCancellation()
        let sentAt = service.time.now
        let patience = max(0, exchange.timeout.nanoseconds)
        let limit = sentAt &+ patience
        let request = Self.request(exchange)
        let admission = service.state.withLock { state in
            state.requests += 1
            return state.gateway?.arrive(at: Instant(nanoseconds: sentAt))
        }
        var end = sentAt
        var isRejected = false
        switch admission {
        case nil: break
        case .refuse?: isRejected = true
        case .serve(let start, let served)?:
            end = served.nanoseconds
            guard start.nanoseconds <= limit else {
                // The service works on it all the same; nobody waits for what comes of it.
                try await service.time.sleep(until: limit)
                throw TransportFailure.lost
            }
            try await service.time.sleep(until: start.nanoseconds)
        }
        guard let answer = try service.decide(request, isRejected: isRejected) else {
            // The run is over, though its code does not know it.
            service.time.finish()
            try await service.time.sleep(until: .max)
            throw CancellationError()
        }
        do {
            try await wait(until: end, limit: limit)
            let deadline = exchange.deadline.map { sentAt &+ max(0, $0.nanoseconds) } ?? .max
            try await play(
                answer.plan, limit: min(limit, deadline), deadline: deadline,
                patience: exchange.isStreamed ? patience : nil, receive)
            service.ended(answer, .completed)
        } catch {
            service.ended(answer, error is TransportFailure ? .aborted : .clientLeft)
            throw error is GivenUp ? TransportFailure.lost : error
        }
    }

    /// Does nothing: there is nothing to give back.
    public func shutdown() async {}

    private func wait(until instant: Int64, limit: Int64) async throws {
        guard instant > service.time.now else { return }
        try await service.time.sleep(until: min(instant, limit))
        if instant > limit { throw GivenUp() }
    }

    /// The client has waited for as long as it waits.
    private struct GivenUp: Error {}

    /// A silence that has no end of its own.
    private func holdOut(until limit: Int64) async throws -> Never {
        try await service.time.sleep(until: limit)
        throw GivenUp()
    }

    private func play(
        _ plan: ResponsePlan, limit: Int64, deadline: Int64, patience: Int64?,
        _ receive: @Sendable (ResponseHead, [UInt8]) async throws -> Void
    ) async throws {
        var length: Int?
        switch plan.body {
        case .plain(let bytes): length = bytes.count
        case .steps(let announced, _): length = announced
        }
        let head = Self.head(plan, length: length)
        var cursor = PlanCursor(plan.body)
        while let action = cursor.nextBeforeHead(at: Instant(nanoseconds: service.time.now)) {
            switch action {
            case .wait(let until): try await wait(until: until.nanoseconds, limit: limit)
            case .hold: try await holdOut(until: limit)
            case .send, .finish, .abort: throw TransportFailure.lost
            }
        }
        try await receive(head, [])
        var limit = patience.map { min(service.time.now &+ $0, deadline) } ?? limit
        var received = 0
        while length != received || received == 0 {
            switch cursor.next(at: Instant(nanoseconds: service.time.now), capacity: 1 << 16) {
            case .send(let piece):
                received += piece.count
                try await receive(head, Array(piece))
                if let patience { limit = min(service.time.now &+ patience, deadline) }
            case .wait(let until): try await wait(until: until.nanoseconds, limit: limit)
            case .finish:
                if let length, received < length { throw TransportFailure.lost }
                return
            case .hold: try await holdOut(until: limit)
            case .abort: throw TransportFailure.lost
            }
        }
    }

    private static func request(_ exchange: TransportExchange) -> Request {
        var fields = HeaderFields()
        fields.append(name: "Host".utf8, value: exchange.request.authority.utf8)
        for field in exchange.request.fields { fields.append(name: field.name.utf8, value: field.value.utf8) }
        return Request(
            method: Request.Method(exchange.request.method.rawValue),
            target: Array(exchange.request.path.utf8),
            fields: fields, body: exchange.body,
            // As the reference client does it: a generate takes a new connection, all else what that one leaves behind.
            isOnReusedConnection: exchange.request.method == .get)
    }

    private static func head(_ plan: ResponsePlan, length: Int?) -> ResponseHead {
        var fields = MessageFields()
        if let type = plan.contentType { fields["Content-Type"] = "\(type.text)" }
        if let length { fields["Content-Length"] = "\(length)" }
        for field in plan.fields { fields.append("\(field.name)", "\(field.value)") }
        return ResponseHead(status: plan.status, fields: fields)
    }
}

extension SimulatedService {
    /// A plan, and the exchange that it answers.
    struct Planned: Sendable {
        var plan: ResponsePlan
        /// The account and number of an exchange whose end must be reported.
        var account: Int?
        var sequence: Int?
    }

    /// - Returns: Nil when `prove` allows no more requests.
    fileprivate func decide(_ request: Request, isRejected: Bool) throws -> Planned? {
        let now = Instant(nanoseconds: time.now)
        return try state.withLock { state in
            guard state.course?.isFull != true else { return nil }
            guard let decided = state.world.decide(request, at: now, isRejected: isRejected) else {
                return Planned(plan: ResponsePlan(status: 404))
            }
            let plan = try state.world.plan(of: decided, for: request, at: now)
            state.course?.note(request, decided, plan, at: now, in: state.world)
            return Planned(
                plan: plan, account: decided.account,
                sequence: decided.decision.isTracked ? decided.decision.sequence : nil)
        }
    }

    fileprivate func ended(_ planned: Planned, _ outcome: ExchangeEvent.Outcome) {
        guard let account = planned.account, let sequence = planned.sequence else { return }
        let now = Instant(nanoseconds: time.now)
        state.withLock { state in
            state.world.accounts[account].exchangeEnded(sequence, outcome, at: state.world.time(now))
        }
    }
}
