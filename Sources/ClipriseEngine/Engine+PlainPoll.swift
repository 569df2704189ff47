internal import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

extension Engine {
    /// Answers a poll of a task that is plainly at work, when there is nothing else to say of it: most polls there are.
    ///
    /// What `decide(_:_:for:at:leaks:rejected:)` would do, without what it prepares for all others: no clock moves by
    /// it, no key was revoked, and the answer is the same each time (STA-3). One that a rule acts on goes the long way
    /// from there.
    ///
    /// - Returns: Nil when it is another request; nothing has been counted then.
    func plainPoll(
        _ query: StatusQuery, _ request: Request, _ account: inout Account, _ host: HostTime,
        _ leaks: ExchangeEvent.Leak?
    ) -> Decision? {
        guard !hasEdition, !query.wantsFile, !query.hasTrailingSlash, let leaks,
            !account.world.isRevoked, !account.world.clock.isVirtual, let id = query.task
        else { return nil }
        account.settle(at: account.world.clock.now(host.monotonic), wall: host.wall)
        guard let position = account.position(of: id),
            let (attempt, model, credits) = account.countPlainPoll(position)
        else { return nil }
        if !account.world.rules.isEmpty {
            let subject = Subject(
                operation: .status, model: model, task: position + 1, attempt: attempt,
                prompt: account.prompt(at: position), account: account.key,
                connection: request.isOnReusedConnection ? .reused : .fresh)
            if let strike = account.strike(subject, request.fields) {
                var passage = RequestProgress(subject: subject, position: position, strike: strike, leaks: leaks)
                return goOn(.status(query), request, &passage, nil, &account, host)
            }
        }
        var decision = Decision(
            Self.processing, DecisionEvent(.status, .sta3, model: model, credits: credits, task: id))
        guard !account.world.journal.keepsNothing else {
            decision.sequence = account.world.journal.pass()
            return decision
        }
        let sequence = account.world.journal.note(
            at: account.lastSeen, realTime: host.wall,
            plain: PlainExchange(
                operation: .status, isHead: request.method == .head, status: 300, clause: .sta3, model: model,
                task: position + 1,
                attempt: attempt, shape: Self.processingShape, bytes: WireBody.processing.count, leaks: leaks))
        decision.sequence = sequence
        if account.world.journal.contents.isKept { account.world.journal.keep(sequence, request, Self.processing) }
        return decision
    }

    private static let processingShape = processing.shape
}
