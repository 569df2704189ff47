internal import ClipriseBundle
internal import ClipriseEngine
internal import ClipriseWire

/// What the code asked in one run of `Simulation.prove`, and what came of it.
struct ProofCourse: Sendable {
    struct Asked: Sendable, Hashable {
        var operation: Operation
        /// Nanoseconds.
        var at: Int64
        /// Of all its bytes.
        var hash: UInt64
        /// The key of the account that it reached; nil for none.
        var account: String?

        /// For messages.
        var text: String { "a \(operation.rawValue) at \(FigureText.fixed(Double(at) / 1e9, digits: 3)) s" }
    }

    /// A task that was made.
    struct Made: Sendable {
        var account: Int
        var position: Int
        /// Of the key and the body of its generate.
        var order: UInt64
    }

    /// The most requests of one run.
    let limit: Int
    private(set) var asked: [Asked] = []
    private(set) var made: [Made] = []
    var recorder: BundleWriter?

    init(limit: Int) { self.limit = limit }

    var isFull: Bool { asked.count >= limit }

    mutating func note(
        _ request: Request, _ decided: SimulatedWorld.Decided, _ plan: ResponsePlan, at now: Instant,
        in world: SimulatedWorld
    ) {
        let operation = decided.decision.event.operation
        let order = Draw.mix(Draw.mix(UInt64(truncatingIfNeeded: decided.account ?? -1), 1), request.body)
        var fields: [UInt8] = []
        request.fields.appendLines(to: &fields, limit: .max)
        let hash = Draw.mix(Draw.mix(order, request.target), fields)
        asked.append(
            Asked(
                operation: operation, at: now.nanoseconds, hash: hash,
                account: decided.account.map { String(decoding: world.accounts[$0].key, as: UTF8.self) }))
        guard let account = decided.account else { return }
        if operation == .generate, decided.decision.event.task != nil {
            made.append(Made(account: account, position: world.accounts[account].taskCount - 1, order: order))
        }
        recorder?.note(key: world.accounts[account].key, request: request, at: now, answer: plan)
    }
}
