package import ClipriseCatalog
package import ClipriseEngine
package import ClipriseWire

/// What the contract answers to a request, worked out by the engine itself.
package struct Expectations: Sendable {
    package let engine: Engine
    private let key: String?
    private let settings: EngineSettings

    /// - Parameters:
    ///   - key: The one good key of a probe; nil when there is none.
    ///   - host: A further `Host` that is let in; empty for none.
    package init(_ settings: EngineSettings, _ catalog: Catalog, key: String?, host: String) {
        var settings = settings
        if !host.isEmpty { settings.acceptedHosts = [host.lowercased()] }
        self.settings = settings
        self.key = key
        engine = Engine(settings: settings, catalog: catalog)
    }

    /// Nil when the contract would start a job.
    func refusal(of probe: Probe) -> (slot: String, answer: Observation)? {
        switch engine.receive(probe.request, port: 443) {
        case .admin: return nil
        case .decided(let decision): return answer(decision)
        case .keyed(let head):
            guard let key, head.key.elementsEqual(key.utf8) else { return answer(engine.refuse(head)) }
            switch engine.ask(head, probe.request) {
            case .order: return nil
            case .refused(let refusal): return answer(refusal.decision)
            case .status(let query): return answer(engine.unknownTask(query))
            }
        }
    }

    /// The answer of a decision, and where a profile file has its own; nil for one that is no answer of the contract.
    package func answer(_ decision: Decision) -> (slot: String, answer: Observation)? {
        guard let clause = decision.event.clause, case .plan(let plan) = decision.answer,
            case .plain(let body) = plan.body
        else { return nil }
        let model = decision.event.model.map { engine.catalog.models[$0].id }
        // The first of a clause stands for all of it; what is about one model or field has a place of its own.
        let slot = AnswerEdition.detailedSlot(clause, model: model, hint: decision.event.hint) ?? clause.rawValue
        return (slot, Observation(status: plan.status, contentType: plan.contentType?.text, body: body))
    }

    /// What the contract answers on the way of a job, with `{taskId}` and `{fileURL}` where these stand.
    package func step(_ clause: Clause) -> Observation? {
        if let template = settings.answers?.answers[clause.rawValue] {
            return Observation(status: template.status, contentType: template.contentType, body: template.body)
        }
        let json = ResponsePlan.ContentType.json.text
        switch clause {
        case .gen11:
            return Observation(status: 200, contentType: json, body: Array(#"[{"code":200,"taskId":"{taskId}"}]"#.utf8))
        case .sta3: return Observation(status: 300, contentType: json, body: WireBody.processing)
        case .sta4:
            return Observation(
                status: 200, contentType: json,
                body: WireBody.succeeded(fileURL: "{fileURL}".utf8, asArray: settings.profile == .later))
        case .sta7: return Observation(status: 400, contentType: json, body: WireBody.failed("{failMsg}"))
        default: return nil
        }
    }
}
