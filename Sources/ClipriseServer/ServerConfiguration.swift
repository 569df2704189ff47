package import ClipriseCallbacks
package import ClipriseCatalog
package import ClipriseEngine
package import ClipriseJournal
package import ClipriseScenario
package import MicroHTTPD

/// Everything that a server is started with.
package struct ServerConfiguration: Sendable {
    package struct Account: Sendable, Hashable {
        package var key: String
        package var credits: Int64

        package init(key: String, credits: Int64) {
            self.key = key
            self.credits = credits
        }
    }

    package var engine = EngineSettings()
    package var catalog: Catalog
    package var listener = ListenerConfiguration()
    /// What accounts follow; see `WorldSet` for which follows which.
    package var scenarios: [Scenario] = []
    /// The most events that the journal of one account keeps; 0 keeps none.
    package var journalLimit = Journal.usualLimit
    /// The most bytes of memory that the journals of all accounts take together.
    package var journalMemory = 256 << 20
    /// Which bodies the journals keep, the last ones of all accounts together within `ContentRing.budget`.
    package var bodies = BodyPolicy.json
    /// Where callbacks may go, for scenarios that deliver them.
    package var callbacks = CallbackSettings.usual
    /// The accounts that there are at the start and after a reset, beside those that scenarios declare.
    package var accounts = [Account(key: "test-key", credits: 10_000)]
    /// Whether an unknown key gets an account with the default credits.
    package var isOpen = false
    /// Whether the engine's seed was put in the place of those of the scenarios, for whoever plays the run again.
    package var seedGoesFirst = false
    /// What a peer beyond the loopback must send to use the admin API; nil lets none in.
    package var adminToken: String?
    package var log = LogSettings()
    /// What gets all that is needed to play the run again.
    package var recorder: (any ExchangeRecorder)?
    /// Which tasks accounts keep once they ended; nil for all.
    package var keepTasks: TaskKeeping?
    /// Keeps the accounts in a file; nil keeps them in memory alone.
    package var state: StateKeeper?

    /// The seed that accounts follow unless their scenario has its own: with one scenario, that scenario's.
    package var seedInForce: UInt64 {
        scenarios.count == 1 ? scenarios[0].seed ?? engine.seed : engine.seed
    }

    package init(catalog: Catalog) {
        self.catalog = catalog
    }
}
