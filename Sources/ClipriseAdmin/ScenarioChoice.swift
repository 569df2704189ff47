public import ClipriseScenario

/// Which scenario an account follows.
public enum ScenarioChoice: Sendable, Hashable {
    /// One that the server was started with, or that is built in.
    case named(String)
    case given(Scenario)
}
