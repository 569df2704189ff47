import ClipriseCatalog
import ClipriseConformance
import ClipriseEngine
import ClipriseLocks
import ClipriseWire

/// A server of one account without sockets, as a sender of probes finds it.
final class MockSender: Sender {
    static let key = "the-account"
    private let engine: Engine
    private let state: Locked<(account: Account, time: Int64, sent: [Probe])>
    /// Changes an answer on its way back.
    private let change: @Sendable (Probe, Observation) -> Observation

    init(
        _ settings: EngineSettings = EngineSettings(), credits: Int64 = 10_000, takesAnyModel: Bool = false,
        change: @escaping @Sendable (Probe, Observation) -> Observation = { $1 }
    ) throws {
        var settings = settings
        settings.takesAnyModel = takesAnyModel
        settings.pace = .scaled(0.01)
        let catalog = try takesAnyModel ? Catalog.builtIn().takingAnyModel() : Catalog.builtIn()
        engine = Engine(settings: settings, catalog: catalog)
        let account = Account(key: Array(Self.key.utf8), credits: credits, seed: 1, at: Instant(nanoseconds: 0))
        state = Locked((account, 0, []))
        self.change = change
    }

    var ledger: Ledger { state.withLock { $0.account.ledger } }
    var sent: [Probe] { state.withLock { $0.sent } }

    func send(_ probe: Probe) -> Observation {
        let answer = state.withLock { state -> Observation in
            state.sent.append(probe)
            state.time += 100_000_000
            let host = HostTime(Instant(nanoseconds: state.time), wall: state.time)
            return observation(of: decide(probe, &state.account, host))
        }
        return change(probe, answer)
    }

    private func decide(_ probe: Probe, _ account: inout Account, _ host: HostTime) -> Decision {
        let request = Request(
            method: probe.method, target: Array(probe.target.utf8), fields: HeaderFields(probe.fields), body: probe.body
        )
        switch engine.receive(request, port: 443) {
        case .admin: return Decision(ResponsePlan(status: 404), DecisionEvent(.admin, nil))
        case .decided(let decision): return decision
        case .keyed(let head):
            guard head.key.elementsEqual(account.key) else { return engine.refuse(head) }
            return engine.decide(head, request, for: &account, at: host)
        }
    }

    private func observation(of decision: Decision) -> Observation {
        switch decision.answer {
        case .plan(let plan):
            let body: [UInt8] = if case .plain(let bytes) = plan.body { bytes } else { [] }
            return Observation(status: plan.status, contentType: plan.contentType?.text, body: body)
        case .file: return Observation(status: 200, contentType: "image/png", body: [0x89, 0x50])
        }
    }
}
