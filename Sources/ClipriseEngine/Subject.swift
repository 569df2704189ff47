internal import ClipriseScenario
internal import ClipriseWire

/// What a request looks like to rules.
struct Subject {
    var operation: Operation
    /// Position in the catalogue; nil when no known model was named.
    var model: Int?
    /// 1-based position of the task in its account.
    var task: Int?
    var attempt: Int
    var prompt: ArraySlice<UInt8>
    var account: [UInt8]
    var connection = ConnectionUse.fresh
    /// For generate, how many tasks of the account are running.
    var running = 0
}
