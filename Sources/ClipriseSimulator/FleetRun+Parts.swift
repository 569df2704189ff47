internal import ClipriseLocks
internal import ClipriseScenario

extension FleetRun {
    /// How many clients are run together: as many as fit into the nearer caches of a processor.
    static let partSize = 2_048

    /// Runs all clients, and where they meet each of them alone as well.
    static func outcome(
        _ settings: FleetSettings, groups: [FleetGroup], progress: (@Sendable (Double) -> Void)? = nil
    ) throws(FleetError) -> FleetOutcome {
        guard settings.clientsMeet else { return try parts(settings, groups: groups, progress: progress) }
        var outcome = try parts(settings, groups: groups) { progress?(0.7 * $0) }
        outcome.alone = try alone(settings, groups) { progress?(0.7 + 0.3 * $0) }
        return outcome
    }

    /// What the jobs of each group send when each client has the service to itself.
    static func alone(
        _ settings: FleetSettings, _ groups: [FleetGroup], progress: (@Sendable (Double) -> Void)? = nil
    ) throws(FleetError) -> [FleetOutcome.Alone] {
        guard settings.clientsMeet else { return [] }
        var settings = settings
        settings.scenario.capacity = nil
        settings.sharesAccount = false
        settings.gradedAccounts = 0
        return try parts(settings, groups: groups, progress: progress).asAlone
    }

    /// Runs all clients: together where they meet, else in parts of equal size on all cores, each of which is forgotten
    /// but for its figures.
    ///
    /// The parts do not depend on the machine.
    static func parts(
        _ settings: FleetSettings, groups: [FleetGroup], partSize: Int = FleetRun.partSize,
        progress: (@Sendable (Double) -> Void)? = nil
    ) throws(FleetError) -> FleetOutcome {
        try settings.check()
        let arrivals = try settings.allArrivals()
        guard settings.clients > partSize, settings.clientsAreApart else {
            var fleet = try Fleet(settings, groups: groups)
            fleet.run(arrivals, progress: progress)
            return FleetOutcome(settings, groups, fleet.part())
        }
        let slices = stride(from: 0, to: settings.clients, by: partSize).map { start in
            start..<min(start + partSize, settings.clients)
        }
        // Part by part, in the order of time.
        var starts = [Int](repeating: 0, count: slices.count + 1)
        for arrival in arrivals { starts[arrival.client / partSize + 1] += 1 }
        for index in slices.indices { starts[index + 1] += starts[index] }
        var places = starts
        var sorted = [Arrival](repeating: Arrival(at: 0, client: 0), count: arrivals.count)
        for (ordinal, arrival) in arrivals.enumerated() {
            let (part, client) = arrival.client.quotientAndRemainder(dividingBy: partSize)
            sorted[places[part]] = Arrival(at: arrival.at, client: client, ordinal: Int32(ordinal))
            places[part] += 1
        }
        let (inOrder, bounds) = (sorted, starts)
        let sum = OrderedSum(count: slices.count)
        _ = try Parallel.map(slices.count) { (index, _) throws(FleetError) in
            var fleet = try Fleet(settings, groups: groups, slice: slices[index])
            fleet.run(Array(inOrder[bounds[index]..<bounds[index + 1]]))
            let done = sum.add(fleet.part(), index)
            progress?(done)
        }
        guard let whole = sum.whole else { preconditionFailure("a run has clients") }
        return FleetOutcome(settings, groups, whole)
    }
}

/// Parts that are added in their order, whichever comes first.
private final class OrderedSum: Sendable {
    private struct State: Sendable {
        var whole: FleetPart?
        var next = 0
        /// Those that came before their turn.
        var early: [Int: FleetPart] = [:]
    }

    private let count: Int
    private let state = Locked(State())

    init(count: Int) { self.count = count }

    /// - Returns: How much is done, 0 to 1.
    func add(_ part: FleetPart, _ index: Int) -> Double {
        state.withLock { state in
            state.early[index] = part
            while let part = state.early.removeValue(forKey: state.next) {
                if state.whole == nil { state.whole = part } else { state.whole?.add(part) }
                state.next += 1
            }
            return Double(state.next) / Double(count)
        }
    }

    /// The sum of all.
    var whole: FleetPart? { state.withLock(\.whole) }
}

extension FleetSettings {
    /// Whether clients share what there is too little of.
    var clientsMeet: Bool { scenario.capacity != nil || sharesAccount }

    /// Whether no client can tell that there are others.
    var clientsAreApart: Bool {
        guard !clientsMeet else { return false }
        // In a closed model the order in which jobs end numbers them.
        if case .closed = arrivals { return false }
        // A key that reads like one of those that are given out moves the others.
        return !scenario.accounts.contains { $0.key.hasPrefix("client-") }
    }
}
