import ClipriseCatalog
import ClipriseClient
import ClipriseEngine
import ClipriseScenario
import ClipriseWire

@testable import ClipriseSimulator

enum Samples {
    static let catalog = Result { try Catalog.builtIn() }

    static func settings(_ yaml: String, clients: Int = 20) throws -> FleetSettings {
        let scenario = try Scenario(yaml: "schema: cliprise-mock/v1\n\(yaml)", source: "sample.yaml")
        var settings = FleetSettings(catalog: try catalog.get(), scenario: scenario)
        settings.clients = clients
        return settings
    }

    static func library(_ name: String, clients: Int = 20) throws -> FleetSettings {
        var settings = FleetSettings(catalog: try catalog.get(), scenario: try ScenarioLibrary.load(named: name))
        settings.clients = clients
        return settings
    }

    /// A policy of one second, doubling up to half a minute, as in the literature's comparison.
    static func policy(_ jitter: RetryPolicy.Jitter) -> RetryPolicy {
        RetryPolicy(name: jitter.rawValue, jitter: jitter, retryBudget: nil, honoursRetryAfter: false)
    }
}
