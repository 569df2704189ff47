internal import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

/// What is noted of a decided request.
extension Engine {
    @inline(__always) func noted(
        _ decision: consuming Decision, _ passage: inout RequestProgress, _ request: Request,
        _ account: inout Account, _ host: HostTime
    ) -> Decision {
        note(&decision, &passage, request, &account, host)
        return decision
    }

    /// Notes the exchange in the journal, and fits its pauses to the account's clock.
    ///
    /// - Parameter passage: Only looked at; to borrow what was changed just before would be to copy it.
    private func note(
        _ decision: inout Decision, _ passage: inout RequestProgress, _ request: Request,
        _ account: inout Account, _ host: HostTime
    ) {
        let isStruck = passage.treatment != nil || passage.strike != nil
        let fault = isStruck ? passage.treatment?.fault ?? passage.strike?.fault : nil
        if let fault {
            let cause = passage.strike.map { account.world.rules.names[$0.rule] } ?? "capacity"
            decision.event.fault = "\(cause): \(fault.kind.word) \(fault.phase)"
        }
        let hasWords = decision.event.hasWords
        let isWarned = hasWords && !decision.event.warnings.isEmpty
        if passage.subject.operation.isGenerate, hasWords, isWarned || decision.event.hint != nil {
            decision.event.hide(account.mask)
        }
        let answer = decision.answer.summary
        decision.isTracked = !answer.isPlain
        if account.world.journal.keepsNothing {
            decision.sequence = account.world.journal.pass()
            if account.world.clock.isVirtual { fit(&decision, &account, host) }
            return
        }
        let (isWhole, isSpoilt) = (!decision.isTracked, passage.treatment?.spoilsBody == true)
        let job = job(request, passage)
        let leaks =
            passage.leaks ?? KeyLeak.find(in: request, account.keySearch, operation: passage.subject.operation)
        if isWhole, !isStruck, !hasWords, job == nil, passage.subject.operation.isGenerate,
            decision.event.task != nil, let position = passage.position, let model = passage.subject.model,
            let clause = decision.event.clause
        {
            // Most generates: noted as numbers.
            let sequence = account.world.journal.note(
                at: account.lastSeen, realTime: host.wall,
                plain: PlainExchange(
                    operation: .generate, status: answer.status, clause: clause, model: model, task: position + 1,
                    attempt: passage.subject.attempt, bodyHash: passage.bodyHash, meaning: passage.meaning,
                    fate: .accepted, held: passage.held, shape: answer.shape, bytes: answer.byteCount, leaks: leaks))
            decision.sequence = sequence
        } else {
            decision.sequence = account.world.journal.note(
                at: account.lastSeen, realTime: host.wall,
                exchange: ExchangeEvent(
                    operation: passage.subject.operation, method: request.method,
                    status: answer.status, clause: decision.event.clause,
                    model: passage.subject.model, task: passage.position.map { $0 + 1 },
                    attempt: passage.subject.attempt,
                    bodyHash: passage.bodyHash, meaning: passage.meaning, job: job,
                    fate: fate(decision, passage), rule: passage.strike?.rule,
                    fault: fault?.kind.word, faultPhase: fault?.phase, held: passage.held,
                    retryAfter: passage.treatment?.retryAfter,
                    retryAfterIsDate: passage.treatment?.givesDate ?? false,
                    shape: isSpoilt ? .broken : answer.shape, bytes: answer.byteCount,
                    asksForFile: passage.asksForFile, leaks: leaks,
                    hint: hasWords ? decision.event.hint : nil,
                    warnings: isWarned ? decision.event.warnings.map(BodyWarning.init) : [],
                    outcome: isWhole ? .completed : .inFlight,
                    endedAt: isWhole ? account.lastSeen : nil, endedRealTime: isWhole ? host.wall : nil))
        }
        if account.world.journal.contents.isKept, let sequence = decision.sequence {
            if case .plan(let plan) = decision.answer, !answer.endsBeforeHead {
                account.world.journal.keep(sequence, request, plan)
            } else {
                account.world.journal.keep(sequence, request, nil)
            }
        }
        if isWarned, passage.subject.operation.isGenerate, let position = passage.position {
            account.world.warned[position] = decision.sequence
        }
        if account.world.clock.isVirtual { fit(&decision, &account, host) }
    }

    /// Fits an answer to the account's clock.
    private func fit(_ decision: inout Decision, _ account: inout Account, _ host: HostTime) {
        guard case .plan(let plan) = decision.answer, let sequence = decision.sequence else { return }
        decision.answer = .plan(account.timed(plan, sequence: sequence, at: host))
    }

    /// The longest name of a job that is kept, in bytes.
    private static let jobLimit = 128

    /// What the client calls the job of a generate.
    private func job(_ request: Request, _ passage: borrowing RequestProgress) -> String? {
        guard passage.subject.operation.isGenerate, let name = request.fields.first("x-cliprise-mock-job"),
            !name.isEmpty
        else { return nil }
        return String(decoding: name.prefix(Self.jobLimit), as: UTF8.self)
    }

    private func fate(_ decision: borrowing Decision, _ passage: borrowing RequestProgress) -> Fate? {
        guard passage.subject.operation.isGenerate else { return nil }
        guard decision.event.task != nil else {
            guard let fault = passage.treatment?.fault, fault.phase == .before else { return .refused }
            switch fault.kind {
            case .close, .reset, .hang: return .notSent
            default: return .refused
            }
        }
        return passage.treatment?.losesAnswer == true ? .answerLost : .accepted
    }
}
