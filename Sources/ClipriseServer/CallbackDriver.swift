internal import CVirtualTime
internal import ClipriseCallbacks
internal import ClipriseEngine
internal import ClipriseLocks
internal import ClipriseScenario
internal import ClipriseWire
internal import Dispatch

/// Makes the callbacks that fall due, and reports to each account how they went.
///
/// On a virtual clock whoever moves it calls `perform`; accounts on a real clock are woken here.
final class CallbackDriver: Sendable {
    private let sender: CallbackSender
    private let now: @Sendable () -> HostTime
    private let models: [String]
    /// Where files are fetched from, as in `http://127.0.0.1:8080`; the port is known once the listener is.
    private let base = Locked("")
    /// The same for tasks whose client found this server by another address.
    private let bases = Locked([TaskID: String]())
    /// The most of these that are kept.
    private static let baseLimit = 100_000
    private let queue = DispatchQueue(label: "cliprise-mock.callbacks")
    /// Gets how attempts went, for the log.
    private let observer = Locked<(@Sendable (CallbackOutcome) -> Void)?>(nil)
    /// The accounts to wake, by their positions, and when.
    private let alarms = Locked([Int: Instant]())

    init(_ settings: CallbackSettings, models: [String], now: @escaping @Sendable () -> HostTime) {
        sender = CallbackSender(settings: settings)
        self.models = models
        self.now = now
    }

    func setBase(_ url: String) { base.withLock { $0 = url } }

    /// Notes where the client that made a task found this server.
    func note(base: [UInt8], of task: TaskID) {
        let text = String(decoding: base, as: UTF8.self)
        bases.withLock { bases in
            if bases.count >= Self.baseLimit { bases = [:] }
            bases[task] = text
        }
    }

    private func base(of task: TaskID) -> String { bases.withLock { $0[task] } ?? base.withLock(\.self) }

    func setObserver(_ observer: @escaping @Sendable (CallbackOutcome) -> Void) {
        self.observer.withLock { $0 = observer }
    }

    func shutdown() { sender.shutdown() }

    // MARK: Attempts

    /// Makes the attempts; `done` is called when all of them have ended and are noted.
    func perform(_ jobs: [CallbackJob], _ cell: AccountCell, done: @escaping @Sendable () -> Void) {
        guard !jobs.isEmpty else { return done() }
        let open = Locked(jobs.count)
        for job in jobs {
            attempt(job, cell) { [now, observer] status, error in
                let told = cell.withLock { account -> CallbackOutcome? in
                    account.callbackEnded(job, status: status, error: error, at: now())
                    guard account.hasTask(at: job.position) else { return nil }
                    let call = account.call(job, at: now())
                    return CallbackOutcome(
                        task: call.id, url: call.url, attempt: job.attempt, status: status, error: error,
                        fault: job.fault?.word, key: account.key, label: account.label)
                }
                if let told, let observer = observer.withLock(\.self) { observer(told) }
                let isLast = open.withLock { count in
                    count -= 1
                    return count == 0
                }
                if isLast { done() }
            }
        }
    }

    private func attempt(
        _ job: CallbackJob, _ cell: AccountCell, _ ended: @escaping @Sendable (_ status: Int?, _ error: String?) -> Void
    ) {
        switch job.fault {
        case .drop?: return ended(nil, nil)
        case .fail(let times)? where job.attempt <= times: return ended(500, nil)
        default: break
        }
        // A reset may have taken the task meanwhile.
        let found = cell.withLock { account in
            account.hasTask(at: job.position) ? (account.call(job, at: now()), account.key) : nil
        }
        guard let (call, account) = found else { return ended(nil, nil) }
        let fileURL =
            "\(base(of: call.id))\(Contract.statusPath)?apiKey=\(String(percentEncoded: account))&taskId=\(call.id)"
            + "&download=true"
        let payload = CallbackPayload(
            taskID: call.id.description, model: models[call.model], request: call.request(model: models[call.model]),
            outcome: call.failure.map { .failed(message: $0) } ?? .files(urls: [fileURL]),
            createdAt: call.createdAt, completedAt: call.completedAt, credits: call.credits)
        let signature = job.rule.secret.map { secret in
            CallbackSignature(
                taskID: call.id.description, seconds: call.calendarSeconds, key: secret,
                isWrong: job.fault == .wrongSignature)
        }
        sender.send(
            CallbackDelivery(
                url: Array(call.url.utf8), body: job.rule.style == .taskID ? payload.shortJSON : payload.json,
                signature: signature, timeout: job.rule.timeout)
        ) { result in ended(result.status, result.error) }
    }

    // MARK: Real clocks

    /// Wakes an account on a real clock when its next callback may be due.
    func watch(_ cell: AccountCell) {
        let time = now()
        let due: (own: Instant, wait: Int64)? = cell.withLock { account in
            guard !account.world.clock.isVirtual, let due = account.nextCallback else { return nil }
            return (due, due.nanoseconds - account.world.clock.now(time.monotonic).nanoseconds)
        }
        guard let due else { return }
        let isNews = alarms.withLock { alarms in
            if let known = alarms[cell.position], known <= due.own { return false }
            alarms[cell.position] = due.own
            return true
        }
        guard isNews else { return }
        let wait = max(0, due.wait)
        guard !cvt_is_on() else {
            let (sum, isBeyond) = cvt_monotonic().addingReportingOverflow(wait)
            return look(at: isBeyond ? .max : sum, cvt_add_due(isBeyond ? .max : sum)) { [self] in wake(cell, due.own) }
        }
        queue.asyncAfter(deadline: .now() + DispatchTimeInterval.nanoseconds(Int(clamping: wait))) { [self] in
            wake(cell, due.own)
        }
    }

    /// Looks again and again at a clock that is moved, until it shows `instant`.
    private func look(at instant: Int64, _ due: Int32, _ then: @escaping @Sendable () -> Void) {
        queue.asyncAfter(deadline: .now() + DispatchTimeInterval.milliseconds(1)) { [self] in
            guard cvt_monotonic() >= instant else { return look(at: instant, due, then) }
            then()
            cvt_remove_due(due)
        }
    }

    private func wake(_ cell: AccountCell, _ due: Instant) {
        alarms.withLock { alarms in if alarms[cell.position] == due { alarms[cell.position] = nil } }
        let jobs = cell.withLock { account -> [CallbackJob] in
            // Whoever moves a virtual clock takes what is due.
            guard !account.world.clock.isVirtual else { return [] }
            let time = now()
            account.settle(at: account.world.clock.now(time.monotonic), wall: time.wall)
            return account.takeDues().callbacks
        }
        perform(jobs, cell) { [self] in watch(cell) }
        watch(cell)
    }
}

extension CallbackCall {
    /// The body that made the task, as far as it is kept.
    fileprivate func request(model: String) -> [UInt8] {
        JSONWriter.object {
            $0.member("model", model)
            $0.member("callBackUrl", url)
            $0.member("input") { $0.member("prompt", prompt) }
        }
    }
}
