import ClipriseCatalog
import ClipriseEngine
import ClipriseServer
import ClipriseWire
import RawSocket
import Testing

@Suite(.ownThreads) struct HostileServiceTests {
    static let settings = [
        EngineSettings(),
        EngineSettings(seed: 2, profile: .snapshot, isStrict: true, hostGate: .exact),
        EngineSettings(seed: 3, profile: .later, isStrict: false, hostGate: .loopback),
    ]

    @Test(arguments: settings)
    func `no request brings the service down or moves a credit`(settings: EngineSettings) throws {
        let sandbox = try Sandbox(settings)
        let requests = try HostileRequests()
        let before = sandbox.money()
        for index in 0..<HostileRequests.count {
            let decision = sandbox.decide(Request(careless: requests[index].bytes))
            if decision.event.clause == .gen11 { Issue.record("a task was accepted: \(requests.name(index))") }
            if case .file = decision.answer { Issue.record("a file was handed out: \(requests.name(index))") }
        }
        #expect(sandbox.money() == before)
    }
}

/// A service without a socket, with the accounts of a run.
struct Sandbox {
    private let service: Service

    init(_ settings: EngineSettings) throws {
        var configuration = ServerConfiguration(catalog: try Catalog.builtIn())
        configuration.engine = settings
        configuration.accounts = [
            .init(key: Payer.rich, credits: Payer.richCredits), .init(key: Payer.poor, credits: 0),
        ]
        service = Service(configuration, clock: { .seconds(1) })
    }

    func decide(_ request: Request) -> Decision {
        var key: ArraySlice<UInt8> = []
        return service.decide(request, port: 8080, key: &key)
    }

    /// Everything that the admin API says of the money of both accounts.
    func money() -> [String] {
        [Payer.rich, Payer.poor].flatMap { ["/accounts/\($0)", "/accounts/\($0)/ledger"] }.map { path in
            guard case .plan(let plan) = decide(Request(careless: Draft.admin("GET", path).bytes)).answer,
                case .plain(let body) = plan.body
            else { return "no plan" }
            return moneyPart(String(decoding: body, as: UTF8.self))
        }
    }
}
