internal import ClipriseEngine
package import ClipriseJournal
internal import ClipriseLocks
package import ClipriseReport
package import ClipriseScenario
internal import ClipriseWire
internal import Glibc
package import MicroHTTPD
internal import Synchronization

/// A running mock: the service behind a listener, on the machine's clock.
package final class Server: Sendable {
    private let listener: Listener
    private let front: RequestHandler

    package var port: UInt16 { listener.port }
    /// The port for TLS; nil without it.
    package var tlsPort: UInt16? { listener.tlsPort }

    /// The most bytes of a snapshot that is restored.
    package static let snapshotLimit = 256 << 20

    /// Binds and serves from then on.
    ///
    /// - Throws: `ListenerError`, most often because the port is in use.
    package init(_ configuration: ServerConfiguration, clock: ServerClock? = nil) throws(ListenerError) {
        let front = RequestHandler(configuration, clock: clock)
        self.front = front
        var listening = configuration.listener
        listening.areas = [
            .init("\(Contract.adminPath)/restore", loopbackBodyLimit: Self.snapshotLimit),
            .init("\(Contract.adminPath)"),
        ]
        let isMachines = clock == nil
        listener = try Listener(
            listening, ended: { front.ended($0) }, refused: { front.refused($0) },
            tunnel: { front.service.takesTunnel($0) },
            wall: { isMachines ? wallSeconds() : front.service.now.wall / 1_000_000_000 },
            reading: { front.answer($0, $1, &$2) })
        front.service.callbacks.setBase(
            configuration.engine.publicURL?.text ?? "http://\(configuration.engine.ownHost):\(listener.port)")
        front.service.wakeCallbacks()
    }

    /// Lets go of what only the start of the program needed.
    package func giveBackStart() { Listener.giveBackCodeOfStart() }

    /// Nanoseconds since 1970 when the server's clock shows zero.
    package var wallAtZero: Int64 { front.service.wallAtZero }

    /// The key of the first account, or nil when there is none.
    package var firstKey: String? {
        front.service.directory.all.first.map { cell in cell.withLock { String(decoding: $0.key, as: UTF8.self) } }
    }

    /// What the first account can spend, or nil when there is none.
    package var firstCredits: Int64? {
        front.service.directory.all.first.map { cell in cell.withLock(\.ledger.available) }
    }

    /// Makes an account under a key of the server's choice; nil when there are too many.
    package func addAccount(credits: Int64) -> String? {
        front.service.directory.addUnnamed(credits: credits).map { cell in
            cell.withLock { String(decoding: $0.key, as: UTF8.self) }
        }
    }

    /// The journals of all accounts, in the order of their making.
    package var journals: [JournalView] { front.service.journals }

    /// Judges all accounts, each by what the scenario that it follows expects.
    ///
    /// For a server that was stopped: what is still open stays open.
    package var report: Report { front.service.report(isOver: true) }

    /// The requests that reached no account.
    package var unmatched: UnmatchedSummary {
        UnmatchedSummary(front.service.unmatched.view, hasReached: front.service.hasExchanges)
    }

    /// The different requests that were sent here as to a proxy, and were for another host; the first hundred.
    package var foreign: [String] { front.service.unmatched.foreign }

    /// Lets all accounts follow other scenarios; credits, tasks, clocks and journals stay.
    ///
    /// - Returns: The number of accounts.
    package func follow(_ scenarios: [Scenario]) -> Int { front.service.follow(scenarios) }

    /// A line that names the rules that never acted for any account; empty when all did.
    package func unusedRules() -> String {
        var (names, acts): ([String], [String: Int]) = ([], [:])
        for view in journals {
            for (name, count) in zip(view.rules, view.ruleActs) {
                if acts[name] == nil { names.append(name) }
                acts[name, default: 0] += count
            }
        }
        let unused = names.filter { acts[$0] == 0 }
        return unused.isEmpty ? "" : "not exercised: " + unused.joined(separator: ", ") + "\n"
    }

    /// Presents another certificate to TLS connections that begin from now on.
    ///
    /// - Throws: `ListenerError` when it cannot be used, and the old one stays.
    package func present(_ settings: TLSSettings) throws(ListenerError) { try listener.present(settings) }

    /// Accepts no more, finishes what is under way, and writes the rest of the log.
    package func stop() {
        front.stop()
        listener.stop()
        front.service.callbacks.shutdown()
        front.keep()
        front.log.flush()
    }
}

/// The monotonic clock, from now on.
package func monotonicClock() -> ServerClock {
    let start = readClock(CLOCK_MONOTONIC)
    return { Instant(nanoseconds: readClock(CLOCK_MONOTONIC) - start) }
}

/// Nanoseconds.
private func readClock(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// What stands between the listener and the service: files, the ends of exchanges, and the log.
private final class RequestHandler: Sendable {
    let log: ExchangeLog
    let service: Service
    private let tracked = TrackedExchanges()

    init(_ configuration: ServerConfiguration, clock: ServerClock?) {
        let zero = readClock(CLOCK_REALTIME)
        service = Service(configuration, wallAtZero: zero, clock: clock ?? monotonicClock())
        let log = ExchangeLog(configuration.log)
        self.log = log
        configuration.state?.setObserver { log.report($0, time: readClock(CLOCK_REALTIME)) }
        service.callbacks.setObserver { log.report($0, time: readClock(CLOCK_REALTIME)) }
    }

    /// Nil when the answer comes later, through the exchange.
    func answer(_ request: Request, _ exchange: ExchangeHandle, _ memory: inout HandlerMemory) -> ResponsePlan? {
        guard let handled = service.handle(request, port: exchange.port, exchange: exchange, &memory) else {
            return answerAdmin(request, exchange)
        }
        if handled.decision.isTracked, let cell = handled.cell, let sequence = handled.decision.sequence {
            tracked.add(exchange, cell, sequence)
        } else if handled.cell != nil {
            memory.reportsEnd = false
        }
        switch handled.decision.answer {
        case .plan(let plan):
            report(handled, request, status: plan.status, &memory)
            return saved(plan, exchange, handled.isAhead)
        case .file(let spec): return answer(spec, handled, request, exchange)
        }
    }

    private func answerAdmin(_ request: Request, _ exchange: ExchangeHandle) -> ResponsePlan? {
        let caller = Service.Caller(request, exchange) { plan in
            self.report(DecisionEvent(.admin, .http2), request, status: plan.status)
            self.send(plan, exchange, self.keeper?.isAhead ?? false)
        }
        guard let plan = service.answerAdmin(request, caller) else { return nil }
        report(DecisionEvent(.admin, .http2), request, status: plan.status)
        return saved(plan, exchange, keeper?.isAhead ?? false)
    }

    private var keeper: StateKeeper? { service.configuration.state }

    /// The answer, or nil when it reports what is not in the state file yet: then it is sent once it is.
    private func saved(_ plan: ResponsePlan, _ exchange: ExchangeHandle, _ isAhead: Bool) -> ResponsePlan? {
        guard isAhead, let keeper, keeper.isWaitedFor else { return plan }
        keeper.wait { isSaved in exchange.answer(isSaved ? plan : Self.notSaved) }
        return nil
    }

    /// The same for an answer that comes later.
    private func send(_ plan: ResponsePlan, _ exchange: ExchangeHandle, _ isAhead: Bool) {
        if let plan = saved(plan, exchange, isAhead) { exchange.answer(plan) }
    }

    /// Instead of an answer that could not be saved.
    private static var notSaved: ResponsePlan {
        if case .plan(let plan) = Service.noRoom.answer { plan } else { ResponsePlan(status: 503) }
    }

    /// Saves what is left.
    func keep() { keeper?.stop() }

    /// Ends the streams of events, and the waits for them.
    func stop() { service.watch.stop() }

    private func answer(
        _ spec: ResultSpec, _ handled: Service.Handled, _ request: Request, _ exchange: ExchangeHandle
    ) -> ResponsePlan? {
        if let file = service.files.cached(spec) {
            return fileAnswer(FileAnswer.plan(file, spec, for: request), handled, request, exchange)
        }
        let isTaken = service.files.make(spec) { file in
            let plan = file.map { FileAnswer.plan($0, spec, for: request) } ?? ResponsePlan(status: 500)
            self.report(handled, request, status: plan.status)
            self.service.fileAnswer(plan, handled) { self.send($0, exchange, $1) }
        }
        guard !isTaken else { return nil }
        let busy = ResponsePlan(status: 503, fields: [.init("Retry-After", "1")])
        return fileAnswer(busy, handled, request, exchange)
    }

    private func fileAnswer(
        _ plan: ResponsePlan, _ handled: Service.Handled, _ request: Request, _ exchange: ExchangeHandle
    ) -> ResponsePlan? {
        var (answer, isAhead): (ResponsePlan?, Bool) = (nil, false)
        service.fileAnswer(plan, handled) { (answer, isAhead) = ($0, $1) }
        report(handled, request, status: answer?.status ?? 0)
        return answer.flatMap { saved($0, exchange, isAhead) }
    }

    /// The listener is done with an exchange.
    func ended(_ end: ExchangeEnd) {
        service.watch.ended(end.exchange)
        guard let (cell, sequence) = tracked.take(end.exchange) else { return }
        let outcome: ExchangeEvent.Outcome =
            switch end.outcome {
            case .completed: .completed
            case .abortedByPlan: .aborted
            case .clientLeft, .refused: .clientLeft
            case .timedOut, .fellBehind: .timedOut
            case .stopped: .stopped
            }
        service.ended(cell, sequence, outcome)
    }

    /// The listener refused a request before anyone could look at it.
    func refused(_ refused: RefusedRequest) {
        service.noteRefused(refused)
        guard log.isWanted(.warning) else { return }
        let target = Target(refused.target)
        let isAdmin = target.isBelow(Contract.adminPath)
        log.report(
            ExchangeLine(
                event: DecisionEvent(isAdmin ? .admin : .other, nil, hint: refused.hint),
                method: refused.method ?? .get,
                path: target.path, status: refused.status, key: [], model: nil,
                time: readClock(CLOCK_REALTIME), refusal: refused))
    }

    private func report(
        _ handled: borrowing Service.Handled, _ request: Request, status: Int, _ memory: inout HandlerMemory
    ) {
        guard log.isWanted(.warning), let wall = handled.wall, let cell = handled.cell else {
            return report(handled, request, status: status)
        }
        // No copy of the event, which counts references to all that it holds.
        if handled.decision.event.operation.isGenerate {
            let memory = memory.ofLoop
            if let line = memory.line(of: handled.decision, cell, status: status, label: handled.label) {
                return log.report(line, time: wall, task: handled.decision.event.task)
            }
            report(handled, request, status: status)
            guard handled.decision.event.task != nil, !handled.decision.event.hasWords else { return }
            return memory.note(handled.decision, cell) { log.known(line(of: handled, request, status: status)) }
        }
        guard let known = memory.known else { return report(handled, request, status: status) }
        if let line = known.line, line.fits(handled.decision, status: status, label: handled.label) {
            return log.report(line, time: wall)
        }
        report(handled, request, status: status)
        guard handled.decision.event.operation.isStatus, !handled.decision.event.hasWords else { return }
        if let line = log.known(line(of: handled, request, status: status)) { memory.reading = known.reporting(line) }
    }

    private func report(_ handled: borrowing Service.Handled, _ request: Request, status: Int) {
        guard log.isWanted(.warning) else { return }
        log.report(line(of: handled, request, status: status))
    }

    private func line(of handled: borrowing Service.Handled, _ request: Request, status: Int) -> ExchangeLine {
        let event = handled.decision.event
        return ExchangeLine(
            event: event, method: request.method, path: request.path, status: status, key: handled.key,
            model: event.model.map { service.modelNames[$0] }, time: handled.wall ?? readClock(CLOCK_REALTIME),
            label: handled.label, shownKey: handled.cell?.shownKey)
    }

    private func report(_ event: DecisionEvent, _ request: Request, status: Int) {
        guard log.isWanted(.warning) else { return }
        log.report(
            ExchangeLine(
                event: event, method: request.method, path: request.path, status: status, key: [], model: nil,
                time: readClock(CLOCK_REALTIME)))
    }
}

/// The exchanges whose end the journal wants to know.
private final class TrackedExchanges: Sendable {
    private let table = Locked([ExchangeHandle: (cell: AccountCell, sequence: Int)]())
    /// Looked at without the lock by the many exchanges that are not tracked.
    private let count = Atomic(0)

    func add(_ exchange: ExchangeHandle, _ cell: AccountCell, _ sequence: Int) {
        table.withLock { $0[exchange] = (cell, sequence) }
        count.add(1, ordering: .relaxed)
    }

    func take(_ exchange: ExchangeHandle) -> (AccountCell, Int)? {
        // An exchange is added and taken on one thread, so a count of zero is never too low.
        guard count.load(ordering: .relaxed) > 0 else { return nil }
        guard let found = table.withLock({ $0.removeValue(forKey: exchange) }) else { return nil }
        count.subtract(1, ordering: .relaxed)
        return (found.cell, found.sequence)
    }
}
