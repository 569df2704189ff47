/// One job from its first call to its end, without clock, socket or generator of its own.
///
/// A driver asks `next`, does what it says, and hands the answer of each call to `receive`:
///
///     var machine = JobMachine(.run(body: body, policy: .standard))
///     while true {
///         switch machine.next(now: elapsed, using: &generator) {
///         case .send(let call): machine.receive(answer(to: call), now: elapsed)
///         case .wait(let duration): sleep(duration)
///         case .finish(let result): return try result.get()
///         }
///     }
///
/// A poll that finds the task unfinished costs no allocation.
public struct JobMachine: Sendable {
    private enum Stage: UInt8 {
        case generate, poll, download
    }

    private enum Step: UInt8 {
        /// The stage's call is due.
        case ready
        /// A call is out.
        case calling
        /// The next call is due at `readyAt`.
        case waiting
        /// A wait before the next poll must be drawn.
        case pollPause
        case retryTransient, retryThrottled, retryNotSent
        case finished
    }

    private let job: Job
    private var stage: Stage
    private var step = Step.ready
    /// Whether the service has accepted the task, or answered for it.
    private var isKnown = false
    private var hasRenewedLink = false
    private var sendsWithoutAnswer: Int32 = 0
    private var pollCount: Int32 = 0
    package private(set) var retryCount: Int32 = 0
    package var retry: RetryState
    private var previousPollDelay: Int64 = 0
    /// When the next call is due; before the wait is drawn, when the last answer came.
    private var readyAt: Int64 = 0
    /// What the last Retry-After asked for; -1 for nothing.
    private var retryAfter: Int64 = -1
    private var heldCount = 0
    /// Whether nothing has come of any call yet.
    ///
    /// No part of `course`: only a real network refuses.
    private var isFirst = true
    /// How often the whole job was begun.
    private var begun = 1
    private var fileLink: FileLink?
    /// What the last answer was like; `deadlineExceeded` when nothing was wrong with it.
    private var trouble = ClipriseError.Kind.deadlineExceeded
    /// What came of the job; nil before its end.
    package private(set) var result: Result<JobResult, ClipriseError>?

    /// The id of the task; nil until one is accepted.
    public private(set) var task: String?

    /// The machine of a job, before its first call.
    ///
    /// - Parameter heldCount: For a job that downloads: the bytes of the file that earlier jobs have left.
    public init(_ job: Job, heldCount: Int = 0) {
        self.job = job
        self.heldCount = heldCount
        retry = RetryState(job.policy)
        switch job.goal {
        case .run, .generate: stage = .generate
        case .status, .wait: stage = .poll
        case .download: stage = .download
        }
        task = job.task.isEmpty ? nil : job.task
    }

    /// What is left in the bank of retries: for a driver that shares one bank between jobs.
    public var tokens: Int {
        get { Int(retry.tokens) }
        set { retry.tokens = Int32(clamping: newValue) }
    }

    /// The answered polls.
    public var polls: Int { Int(pollCount) }

    /// The calls that were sent again after an error.
    public var retries: Int { Int(retryCount) }

    /// What was wrong with the last answer; nil when nothing was.
    public var lastTrouble: ClipriseError.Kind? { trouble == .deadlineExceeded ? nil : trouble }

    /// All that the further course of the job depends on, but for the job itself and the time that has passed: machines
    /// with equal numbers go on alike, as long as neither meets its deadline.
    package func course(now: Duration) -> [Int64] {
        [
            Int64(stage.rawValue), Int64(step.rawValue), isKnown ? 1 : 0, hasRenewedLink ? 1 : 0, Int64(pollCount),
            Int64(retry.retries), Int64(retry.tokens), Int64(retry.lastCost), retry.previousDelay, previousPollDelay,
            step == .waiting ? readyAt - now.wholeNanoseconds : 0, retryAfter, Int64(heldCount), Int64(begun),
        ]
    }

    /// How long the answer to a call that is sent now may take.
    public func patience(now: Duration) -> Duration {
        .nanoseconds(
            min(job.policy.requestTimeoutNanoseconds, remaining(now: now).wholeNanoseconds))
    }

    /// How long the whole job may still take.
    public func remaining(now: Duration) -> Duration {
        .nanoseconds(max(0, job.policy.deadlineNanoseconds - now.wholeNanoseconds))
    }

    /// Decides what to do.
    ///
    /// - Parameter now: The time since the job began. Must not go backwards.
    /// - Precondition: The answer to the last call has been handed in.
    public mutating func next(now: Duration, using generator: inout some RandomNumberGenerator) -> Action {
        switch move(now: now.wholeNanoseconds, using: &generator) {
        case .wait(let nanoseconds): return .wait(.nanoseconds(nanoseconds))
        case .send, .poll: return .send(call)
        case .finish:
            guard let result else { preconditionFailure("a finished job has a result") }
            return .finish(result)
        }
    }

    /// As `next`, in nanoseconds.
    package mutating func move(now: Int64, using generator: inout some RandomNumberGenerator) -> Move {
        if step == .pollPause { pausePolls(now: now, using: &generator) }
        if step == .retryTransient || step == .retryThrottled || step == .retryNotSent {
            pauseRetry(using: &generator)
        }
        if step == .waiting {
            if now < readyAt { return .wait(readyAt - now) }
            step = .ready
        }
        switch step {
        case .calling: preconditionFailure("the answer to the last call was not handed in")
        case .finished: break
        default:
            guard now < job.policy.deadlineNanoseconds else {
                fail(.deadlineExceeded)
                break
            }
            step = .calling
            return stage == .poll ? .poll : .send
        }
        return .finish
    }

    /// Takes in that a poll found its task at work: what `receive` does with a 300.
    ///
    /// - Parameter now: Nanoseconds.
    package mutating func receiveProcessing(now: Int64) {
        precondition(step == .calling && stage == .poll && job.goal == .run, "an answer without a poll")
        readyAt = now
        trouble = .deadlineExceeded
        answered()
        step = .pollPause
    }

    /// The call that is out, or comes next.
    package var call: Call {
        switch stage {
        case .generate: .generate(body: job.body)
        case .poll: .status(task: task ?? "")
        case .download: .download(task: task ?? "", from: heldCount)
        }
    }

    /// Draws the wait before the next poll.
    ///
    /// One that would pass the deadline ends where one more poll still fits.
    private mutating func pausePolls(now: Int64, using generator: inout some RandomNumberGenerator) {
        // The policy itself is not taken out of the job: to copy it costs more than the rest.
        let first = job.policy.pollBaseNanoseconds
        let delay =
            job.policy.polling?.wait(step: pollCount, previous: previousPollDelay, using: &generator)
            ?? RetryPolicy.delay(
                first: first >= 0 ? first : job.policy.baseNanoseconds, factor: job.policy.factor,
                cap: job.policy.capNanoseconds, jitter: job.policy.jitter, step: pollCount,
                previous: previousPollDelay, using: &generator)
        previousPollDelay = delay
        let lastLook = job.policy.deadlineNanoseconds - min(1_000_000_000, job.policy.deadlineNanoseconds / 10)
        guard now < lastLook else { return fail(.deadlineExceeded) }
        readyAt = min(lastLook, readyAt.addingSaturated(delay))
        step = .waiting
    }

    private mutating func pauseRetry(using generator: inout some RandomNumberGenerator) {
        guard readyAt < job.policy.deadlineNanoseconds else { return fail(.deadlineExceeded) }
        let setback: Setback =
            switch step {
            case .retryThrottled: .throttled
            case .retryNotSent: .notSent
            default: .transient
            }
        let asked = retryAfter >= 0 ? Duration.nanoseconds(retryAfter) : nil
        retryAfter = -1
        let rule =
            switch stage {
            case .generate: job.policy.generateRetry
            case .poll: job.policy.statusRetry
            case .download: job.policy.downloadRetry
            }
        switch job.policy.decide(after: setback, retryAfter: asked, rule: rule, state: &retry, using: &generator) {
        case .retry(let delay):
            readyAt = readyAt.addingSaturated(delay.wholeNanoseconds)
            guard readyAt < job.policy.deadlineNanoseconds else { return fail(.deadlineExceeded) }
            retryCount += 1
            step = .waiting
        case .maxAttemptsExceeded, .budgetExceeded: fail(trouble)
        }
    }

    /// Takes in what came of the last call.
    ///
    /// - Parameter now: The time since the job began; the next wait counts from it. An answer that comes after the
    ///   deadline still counts.
    /// - Precondition: A call is out.
    public mutating func receive(_ answer: Answer, now: Duration) {
        precondition(step == .calling, "an answer without a call")
        readyAt = now.wholeNanoseconds
        trouble = .deadlineExceeded
        defer { isFirst = false }
        switch (stage, answer) {
        // Who has heard nothing yet has most likely the wrong address; later it is a pause of the service.
        case (_, .failure(.refused(let place))):
            if isFirst { fail(.connectionRefused(place: place)) } else { tryAgain(.retryNotSent, .unreachable) }
        case (.generate, .response(let response)): receiveGenerate(response)
        case (.generate, .failure(.notSent)): tryAgain(.retryNotSent, .unreachable)
        case (.generate, .failure(.answerTooLarge)): receiveUnknown(.unreadable)
        case (.generate, _): receiveUnknown(.connectionLost)
        case (.download, .file(let transfer)): receive(transfer)
        case (_, .response(let response)): receiveStatus(response)
        case (_, .file): tryAgain(.retryTransient, .unreadableAnswer(status: 200))
        case (_, .failure(.notSent)): tryAgain(.retryNotSent, .unreachable)
        case (_, .failure(.lost)): tryAgain(.retryTransient, .connectionLost)
        case (_, .failure(.answerTooLarge(let limit))): fail(.answerTooLarge(limit: limit))
        }
    }

    private mutating func receiveGenerate(_ response: Answer.Response) {
        switch GenerateReading(response) {
        case .accepted(let id):
            task = id
            isKnown = true
            job.policy.succeed(state: &retry)
            if job.goal == .generate { return succeed(.accepted) }
            stage = .poll
            step = .pollPause
        case .refused(let kind): job.policy.retriesRefusals ? tryAgain(.retryTransient, kind) : fail(kind)
        case .throttled: throttled(response)
        case .unknown(let reason):
            note(response.retryAfter)
            receiveUnknown(reason)
        }
    }

    /// - Parameter reason: Nil for an answer without a body.
    private mutating func receiveUnknown(_ reason: UnknownOutcome.Reason?) {
        sendsWithoutAnswer += 1
        let isFirst = sendsWithoutAnswer == 1
        let kind = reason.map(outcome) ?? (isFirst ? .emptyAnswer : outcome(.unreadable))
        resends(after: reason) ? tryAgain(.retryTransient, kind) : fail(kind)
    }

    private func resends(after reason: UnknownOutcome.Reason?) -> Bool {
        switch (job.policy.resends, reason) {
        case (.always, _), (.lost, .connectionLost), (.gateway, .gateway), (.errors, .connectionLost),
            (.errors, .gateway):
            true
        default: false
        }
    }

    private func outcome(_ reason: UnknownOutcome.Reason) -> ClipriseError.Kind {
        .outcomeUnknown(UnknownOutcome(reason: reason, sends: Int(sendsWithoutAnswer)))
    }

    private mutating func receiveStatus(_ response: Answer.Response) {
        if stage == .download, response.status == 416, heldCount > 0 {
            heldCount = 0
            return tryAgain(.retryTransient, .unexpectedAnswer(status: 416))
        }
        let reading = StatusReading(response)
        if stage == .download, case .succeeded = reading {
            return tryAgain(.retryTransient, .unreadableAnswer(status: response.status))
        }
        switch reading {
        case .processing:
            answered()
            if job.goal == .status { return succeed(.processing) }
            stage = .poll
            step = .pollPause
        case .succeeded(let link):
            answered()
            fileLink = link
            if job.goal == .status || job.goal == .wait { return succeed(.succeeded) }
            stage = .download
            step = .ready
        case .refused(let kind): fail(kind)
        case .noSuchTask: fail(isKnown ? .taskLost : .unknownTask)
        case .spoilt(let kind):
            note(response.retryAfter)
            tryAgain(.retryTransient, kind)
        case .throttled: throttled(response)
        case .gone(let status):
            guard stage == .download else { return fail(.unexpectedAnswer(status: status)) }
            guard !hasRenewedLink else { return fail(.linkExpired) }
            // The task may have got another link since: one more look at it.
            hasRenewedLink = true
            stage = .poll
            step = .ready
        }
    }

    private mutating func answered() {
        isKnown = true
        pollCount += 1
        RetryPolicy.succeed(job.policy.retryBudget, state: &retry)
    }

    private mutating func receive(_ transfer: Answer.Transfer) {
        if transfer.isComplete, transfer.defect == nil {
            job.policy.succeed(state: &retry)
            heldCount = transfer.heldCount
            return succeed(.downloaded, kind: transfer.kind)
        }
        if let defect = transfer.defect, transfer.isComplete {
            heldCount = 0
            return tryAgain(.retryTransient, .damagedFile(defect))
        }
        if transfer.heldCount > heldCount { retry.retries = 0 }
        heldCount = transfer.heldCount
        tryAgain(.retryTransient, .connectionLost)
    }

    private mutating func throttled(_ response: Answer.Response) {
        note(response.retryAfter)
        tryAgain(.retryThrottled, .rateLimited(retryAfter: response.retryAfter))
    }

    private mutating func note(_ asked: Duration?) {
        retryAfter = asked?.wholeNanoseconds ?? -1
    }

    private mutating func tryAgain(_ step: Step, _ kind: ClipriseError.Kind) {
        trouble = kind
        self.step = step
    }

    /// Ends the job because the caller does not want it any more.
    ///
    /// - Returns: What to throw when something is at stake: `outcomeUnknown` when a generate is or was out without an
    ///   answer, `cancelled` when one was accepted; otherwise nil.
    public mutating func cancel() -> ClipriseError? {
        guard job.goal == .run || job.goal == .generate else { return nil }
        if task != nil { return ClipriseError(.cancelled, task: task) }
        if step == .calling { sendsWithoutAnswer += 1 }
        return sendsWithoutAnswer > 0 ? ClipriseError(outcome(.cancelled)) : nil
    }

    /// Begins the whole job again where the policy says so: what was paid for so far is left alone.
    private mutating func beginsAnew(after kind: ClipriseError.Kind) -> Bool {
        guard job.goal == .run, begun < job.policy.jobAttempts, kind != .deadlineExceeded else { return false }
        begun += 1
        let (tokens, start, rest) = (retry.tokens, begun, readyAt.addingSaturated(job.policy.baseNanoseconds))
        let (polls, retries) = (pollCount, retryCount)
        self = JobMachine(job)
        (retry.tokens, begun, readyAt, step) = (tokens, start, rest, .waiting)
        (pollCount, retryCount) = (polls, retries)
        return true
    }

    private mutating func succeed(_ state: JobResult.State, kind: FileKind? = nil) {
        result = .success(
            JobResult(
                state: state, task: task ?? "", fileLink: fileLink, kind: kind,
                byteCount: state == .downloaded ? heldCount : 0, polls: polls, retries: retries))
        step = .finished
    }

    private mutating func fail(_ kind: ClipriseError.Kind) {
        guard !beginsAnew(after: kind) else { return }
        var kind = kind
        // A generate that was sent again after an answer was lost: what was lost may have been charged, whatever came last.
        if stage == .generate, sendsWithoutAnswer > 0, !kind.isOfUnknownOutcome { kind = outcome(.connectionLost) }
        result = .failure(ClipriseError(kind, task: task))
        step = .finished
    }
}
