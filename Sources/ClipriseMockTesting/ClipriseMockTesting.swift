internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseReport
internal import ClipriseScenario
internal import ClipriseServer
public import ClipriseSimulator
public import Foundation
internal import MicroHTTPD

/// A mock server that lives as long as one test.
public struct MockServer: Sendable {
    private let server: Server
    /// Where it listens: `http://127.0.0.1:PORT`.
    public let url: URL
    /// The key of an account with 10,000 credits, or of the first that the scenario declares.
    public let apiKey: String

    fileprivate init(_ scenario: SimulatedScenario, seed: UInt64, timeScale: Double) throws {
        var configuration = ServerConfiguration(catalog: try Catalog.builtIn())
        let followed = try scenario.load()
        configuration.scenarios = followed.map { [$0] } ?? []
        if followed?.accounts.isEmpty == false { configuration.accounts = [] }
        configuration.engine = EngineSettings(seed: seed, hostGate: .loopback, pace: .scaled(timeScale))
        configuration.listener.port = 0
        configuration.log.level = .error
        server = try Server(configuration)
        guard let url = URL(string: "http://127.0.0.1:\(server.port)"), let key = server.firstKey else {
            throw MockServerError(description: "the mock server has no address or no account")
        }
        self.url = url
        apiKey = key
    }

    /// What the environment of a program under test must say: `CLIPRISE_BASE_URL` and `CLIPRISE_API_KEY`.
    public var environment: [String: String] {
        ["CLIPRISE_BASE_URL": url.absoluteString, "CLIPRISE_API_KEY": apiKey]
    }

    /// Makes an account of its own, so that tests side by side cannot see each other.
    ///
    /// - Parameter credits: 0 to 10^12.
    /// - Returns: Its key.
    /// - Throws: `MockServerError` for credits out of range.
    public func newAccount(credits: Int64 = 10_000) throws -> String {
        guard (0...Ledger.limit).contains(credits), let key = server.addAccount(credits: credits) else {
            throw MockServerError(description: "an account has from 0 to \(Ledger.limit) credits, not \(credits)")
        }
        return key
    }

    fileprivate func stop() -> Report {
        server.stop()
        return server.report
    }
}

/// Why a server for a test did not come to be.
public struct MockServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, in one sentence.
    public let description: String
}

/// The client that a test drove did not meet what the scenario expects, or money did not add up.
public struct GradeError: Error, Sendable, CustomStringConvertible {
    /// The report, as `cliprise-mock exec` prints it.
    public let description: String
}

/// Gives `body` a mock server on a free port of the loopback, and grades what the client did.
///
///     @Test func `my client pays once`() async throws {
///         try await withClipriseMock(.named("lost-reply")) { mock in
///             try? await MyClient(baseURL: mock.url, key: mock.apiKey).makeVideo()
///         }
///     }
///
/// For a test without a socket and without waiting there is `Simulation.run`.
///
/// - Parameters:
///   - scenario: What the accounts meet.
///   - seed: Every draw follows from it; a scenario's own seed goes before it.
///   - timeScale: Tasks that no scenario decides take the model's typical time times this; 0 finishes them at once.
///   - grades: Whether the expectations of the scenario must be met at the end.
/// - Throws: What `body` throws; `GradeError`; `MockServerError`; `SimulationError` for a scenario that cannot be read.
@discardableResult
public func withClipriseMock<Value: Sendable>(
    _ scenario: SimulatedScenario = .none, seed: UInt64 = 1, timeScale: Double = 0, grades: Bool = true,
    _ body: (MockServer) async throws -> Value
) async throws -> Value {
    guard timeScale >= 0, timeScale <= 1_000 else {
        throw MockServerError(description: "a time scale is a number from 0 to 1000")
    }
    let mock = try MockServer(scenario, seed: seed, timeScale: timeScale)
    let value: Value
    do {
        value = try await body(mock)
    } catch {
        _ = mock.stop()
        throw error
    }
    let report = mock.stop()
    if grades, report.failed { throw GradeError(description: report.text()) }
    return value
}
