internal import ClipriseCatalog
internal import ClipriseWire

extension Engine {
    /// The answer to a status request for a task that its account does not have (STA-2).
    ///
    /// - Parameter isGone: Whether there was such a task, and the server keeps it no longer.
    public func unknownTask(_ query: StatusQuery, isGone: Bool = false) -> Decision {
        let hint =
            isGone
            ? "the task was dropped by --keep-tasks"
            : MissingTaskID.isMeant(by: query.taskID) ? MissingTaskID.hint : "no task of this account has that id"
        let plan = ResponsePlan(status: 400, contentType: .json, body: .plain(WireBody.invalidTaskID))
        return inEdition(Decision(plan, DecisionEvent(.status, .sta2, hint: hint)))
    }

    /// The decision with the answer that the profile file has for it, if there is one.
    func inEdition(_ decision: consuming Decision) -> Decision {
        guard hasEdition, let edition = settings.answers else { return decision }
        return inEdition(decision, edition)
    }

    private func inEdition(_ decision: Decision, _ edition: AnswerEdition) -> Decision {
        guard let clause = decision.event.clause, case .plan(let plan) = decision.answer else { return decision }
        let model = decision.event.model.map { catalog.models[$0].id }
        let slot = AnswerEdition.detailedSlot(clause, model: model, hint: decision.event.hint)
        guard let template = slot.flatMap({ edition.answers[$0] }) ?? edition.answers[clause.rawValue] else {
            return decision
        }
        var decision = decision
        decision.answer = .plan(template.filled(from: plan))
        return decision
    }
}
