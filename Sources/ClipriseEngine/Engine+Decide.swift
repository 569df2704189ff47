public import ClipriseCatalog
public import ClipriseJournal
public import ClipriseScenario
public import ClipriseWire

/// What a request asks of an account, found out before the account is looked at.
public enum Ask: Sendable {
    /// A generate whose body was checked and priced.
    case order(Order)
    /// A generate whose body was refused.
    case refused(DecidedRefusal)
    /// A status poll or a download.
    case status(Engine.StatusQuery)

    public init(_ checked: consuming Result<Order, DecidedRefusal>) {
        switch consume checked {
        case .success(let order): self = .order(order)
        case .failure(let refusal): self = .refused(refusal)
        }
    }

    /// Tells the bodies of generates apart; nil for what has none, or none that was looked at.
    var bodyHash: UInt64? {
        switch self {
        case .order(let order): order.bodyHash
        case .refused(let refusal): refusal.bodyHash
        case .status: nil
        }
    }
}

/// One request on its way through an account.
struct RequestProgress {
    var subject: Subject
    /// 0-based position of the task asked for or made.
    var position: Int?
    var bodyHash: UInt64 = 0
    var meaning: UInt64 = 0
    /// Whether a poll asks for the file.
    var asksForFile = false
    var strike: RuleStates.Strike?
    var treatment: Treatment?
    /// The price of the task that was made.
    var held: Int64 = 0
    /// Where the key leaked, when that is known already.
    var leaks: ExchangeEvent.Leak?
}

extension Engine {
    /// What a glance at a task says to a poll.
    public enum Glance: Sendable {
        /// "Processing", the answer of most polls; all is counted.
        case atWork
        /// A rule acts: `decide(_:_:_:for:at:)` goes on.
        case struck(Struck)
        /// Nothing was done: `decide` it.
        case untouched
    }

    /// A poll on which a rule acts.
    public struct Struck: Sendable {
        fileprivate var passage: RequestProgress
    }

    /// Finds out what a request asks of its account: the body of a generate is checked and priced.
    ///
    /// - Parameters:
    ///   - profile: The account's edition, on which only a generate depends; nil for the engine's own.
    ///   - forms: What was found of earlier bodies.
    ///   - bodyHash: The body's `BodyHash`, where that is known already.
    public func ask(
        _ head: KeyedHead, _ request: Request, profile: ContractProfile? = nil, forms: BodyForms? = nil,
        bodyHash: UInt64? = nil
    ) -> Ask {
        switch head {
        case .generate(let head):
            Ask(order(of: request, head, profile: profile, forms: forms, bodyHash: bodyHash))
        case .status(let query): .status(query)
        }
    }

    /// Decides the answer to a request of an account that no lock guards.
    public func decide(
        _ head: KeyedHead, _ request: Request, for account: inout Account, at host: HostTime,
        rejected refusal: Fault? = nil
    ) -> Decision {
        decide(
            ask(head, request, profile: account.profile(settings)), request, for: &account, at: host,
            rejected: refusal)
    }

    /// Decides the answer to a request of an account, with all that its scenario does to it.
    ///
    /// - Parameters:
    ///   - host: The host's clocks; never earlier than in the call before for this account.
    ///   - leaks: Where the account's key stands in the request though it should not, when the caller has looked already
    ///     (`KeyLeak`): it takes a while, and needs nothing of the account.
    ///   - refusal: What a service answers that has no room for the request; nil lets it in.
    public func decide(
        _ ask: Ask, _ request: Request, for account: inout Account, at host: HostTime,
        leaks: ExchangeEvent.Leak? = nil, rejected refusal: Fault? = nil
    ) -> Decision {
        if case .status(let query) = ask {
            if refusal == nil, let decision = plainPoll(query, request, &account, host, leaks) { return decision }
            if isPoll(query, &account, host) { account.tick(at: host) }
        }
        if let hash = ask.bodyHash { account.world.bodyCounts.prefetch(hash) }
        account.settle(at: account.world.clock.now(host.monotonic), wall: host.wall)
        var passage = begin(ask, request, &account)
        passage.leaks = leaks
        // Whoever has no room does not look at keys.
        guard refusal != nil || !account.world.isRevoked else {
            if let position = passage.position { account.countLife(position, isWorkedOn: false, wall: host.wall) }
            return noted(
                refuseKey(passage.subject.operation, account.profile(settings)), &passage, request, &account, host)
        }
        if let refusal {
            prepare(refusal, &passage, &account, host)
        } else if !account.world.rules.isEmpty {
            passage.strike = account.strike(passage.subject, request.fields)
        }
        return goOn(ask, request, &passage, refusal, &account, host)
    }

    /// Decides a poll of a task that the host knows by its position, when there is nothing to say of it.
    ///
    /// For hosts that ask very often and note nothing.
    public func glance(
        at position: Int, _ fields: HeaderFields, for account: inout Account, at host: HostTime
    ) -> Glance {
        guard account.world.journal.keepsNothing, !hasEdition, !account.world.isRevoked,
            !account.world.clock.isVirtual
        else { return .untouched }
        account.settle(at: account.world.clock.now(host.monotonic), wall: host.wall)
        guard let (attempt, model, _) = account.countPlainPoll(position) else { return .untouched }
        if !account.world.rules.isEmpty {
            let subject = Subject(
                operation: .status, model: model, task: position + 1, attempt: attempt,
                prompt: account.prompt(at: position), account: account.key, connection: .reused)
            if let strike = account.strike(subject, fields) {
                return .struck(Struck(passage: RequestProgress(subject: subject, position: position, strike: strike)))
            }
        }
        _ = account.world.journal.pass()
        return .atWork
    }

    /// Decides a poll that a rule acts on, from there on.
    public func decide(
        _ struck: Struck, _ ask: Ask, _ request: Request, for account: inout Account, at host: HostTime
    ) -> Decision {
        var passage = struck.passage
        return goOn(ask, request, &passage, nil, &account, host)
    }

    /// From the rule that acts, if one does, to the answer.
    func goOn(
        _ ask: Ask, _ request: Request, _ passage: inout RequestProgress, _ refusal: Fault?, _ account: inout Account,
        _ host: HostTime
    ) -> Decision {
        if let fault = passage.strike?.fault { prepare(fault, &passage, &account, host) }
        if case .status = ask, let position = passage.position {
            let isAnswered = passage.treatment?.fault.phase == .before || account.world.isRevoked
            account.countLife(position, isWorkedOn: refusal == nil && !isAnswered, wall: host.wall)
        }
        if refusal == nil, account.world.isRevoked {
            return noted(
                refuseKey(passage.subject.operation, account.profile(settings)), &passage, request, &account, host)
        }
        if let treatment = passage.treatment, treatment.fault.phase == .before {
            let blank = ResponsePlan(status: 0)
            let event = DecisionEvent(passage.subject.operation, nil, model: passage.subject.model)
            return noted(Decision(treatment.applied(to: blank), event), &passage, request, &account, host)
        }
        guard let treatment = passage.treatment else {
            return noted(work(ask, &passage, &account), &passage, request, &account, host)
        }
        var decision = work(ask, &passage, &account)
        switch decision.answer {
        case .plan(let plan): decision.answer = .plan(treatment.applied(to: plan))
        case .file: decision.treatment = treatment
        }
        return noted(decision, &passage, request, &account, host)
    }

    // MARK: Before the work

    /// Whether a request is a poll: one for a file is none once the file is its answer (STA-3).
    private func isPoll(_ query: StatusQuery, _ account: inout Account, _ host: HostTime) -> Bool {
        guard query.wantsFile else { return true }
        account.settle(at: account.world.clock.now(host.monotonic), wall: host.wall)
        guard let position = position(query, account) else { return true }
        return !account.isFileDue(position)
    }

    private func begin(_ ask: Ask, _ request: Request, _ account: inout Account) -> RequestProgress {
        let connection: ConnectionUse = request.isOnReusedConnection ? .reused : .fresh
        switch ask {
        case .order(let order):
            return begin(
                order.bodyHash, order.meaning, model: order.model,
                prompt: account.world.hasRules ? order.prompt[...] : [], connection, request, &account)
        case .refused(let refusal):
            return begin(
                refusal.bodyHash, refusal.meaning, model: refusal.decision.event.model, prompt: [], connection, request,
                &account)
        case .status(let query):
            var subject = Subject(
                operation: .status, model: nil, task: nil, attempt: 1, prompt: [], account: account.key,
                connection: connection)
            guard let position = position(query, account) else {
                // Counted like a body: who asks for the same unknown task again is warned from the second time on.
                subject.attempt = account.countBody(Draw.mix(0x7461_736B, query.taskID ?? []))
                return RequestProgress(subject: subject, asksForFile: query.wantsFile)
            }
            let isDownload = query.wantsFile && account.isFileDue(position)
            if isDownload { subject.operation = .download }
            subject.attempt = account.countAsk(position, isDownload: isDownload)
            subject.model = account.model(at: position)
            subject.task = position + 1
            if !account.world.rules.isEmpty { subject.prompt = account.prompt(at: position) }
            return RequestProgress(
                subject: subject, position: position, asksForFile: query.wantsFile && !isDownload)
        }
    }

    /// The same for a generate, whose body is counted.
    private func begin(
        _ bodyHash: UInt64?, _ meaning: UInt64, model: Int?, prompt: ArraySlice<UInt8>, _ connection: ConnectionUse,
        _ request: Request, _ account: inout Account
    ) -> RequestProgress {
        let hash = bodyHash ?? BodyHash.of(request.body)
        return RequestProgress(
            subject: Subject(
                operation: .generate, model: model, task: account.taskCount + 1, attempt: account.countBody(hash),
                prompt: prompt, account: account.key, connection: connection, running: account.runningCount),
            bodyHash: hash, meaning: meaning)
    }

    private func position(_ query: StatusQuery, _ account: Account) -> Int? {
        query.task.flatMap(account.position(of:))
    }

    /// Does what a fault does before any work, and keeps what it does to the answer.
    private func prepare(_ fault: Fault, _ passage: inout RequestProgress, _ account: inout Account, _ host: HostTime) {
        switch fault.kind {
        case .account(.drain(let rest)): account.drain(to: rest, wall: host.wall)
        case .account(.revoke): account.world.isRevoked = true
        case .task, .callback: return
        default:
            passage.treatment = Treatment(
                fault: fault, chance: passage.strike?.chance ?? 0, wait: passage.strike?.wait,
                calendar: account.world.clock.calendarSeconds(at: account.lastSeen, host))
        }
    }

    // MARK: The work

    private func work(_ ask: Ask, _ passage: inout RequestProgress, _ account: inout Account) -> Decision {
        switch ask {
        case .refused(let refusal): return refusal.decision
        case .order(let order):
            let (plan, credits) = self.plan(order, passage, &account)
            let decision = inEdition(accept(order, at: credits, plan: plan, for: &account))
            if decision.event.task != nil {
                passage.position = account.taskCount - 1
                passage.held = credits
            }
            return decision
        case .status(let query): return inEdition(status(query, for: &account))
        }
    }

    /// The life of a new task as scenario, fault and chance want it, and the price that follows from it, in credits.
    private func plan(
        _ order: borrowing Order, _ passage: borrowing RequestProgress, _ account: inout Account
    ) -> (TaskPlan, credits: Int64) {
        var credits = order.credits
        let usual = account.usualLife(life(of: order))
        var plan = TaskPlan(end: .after(usual), chargesAtAccept: account.world.chargesOnAccept)
        if account.world.hasTaskRules, let rule = account.taskRule(passage.subject) {
            let word = account.lifeWord
            switch rule.life {
            case .immediate?: plan.end = .after(.zero)
            case .after(let length)?: plan.end = .after(length.length(word))
            case .polls(let count)?: plan.end = .polls(count)
            case nil: break
            }
            plan.fault = rule.outcome
            if let seconds = rule.mediaSeconds, case .second(.media) = catalog.models[order.model].price.unit,
                order.multiplier > 0
            {
                credits = order.credits / order.multiplier * Int64(seconds)
            }
        }
        switch passage.strike?.fault?.kind {
        case .task(let fault)?: plan.fault = fault
        case .callback(let fault)?: plan.callback = fault
        default: break
        }
        if case .slow(let factor)? = plan.fault, case .after(let span) = plan.end {
            plan.end = .after(TimeSpan(rounding: max(0, min(Double(span.nanoseconds) * factor, 1e18))))
        }
        return (plan, credits)
    }
}
