internal import ClipriseBundle
internal import ClipriseClient
internal import ClipriseEngine

extension Fleet {
    /// The longest deadline that a policy may have here: 24 hours.
    static let deadlineLimit = Duration.seconds(86_400)

    static func check(_ policy: RetryPolicy) throws(FleetError) {
        let pause = policy.polling?.shortest ?? min(policy.pollBase ?? policy.base, policy.cap)
        guard pause > .zero else {
            throw .badPolicy(
                policy.name, reason: "polls need a pause: base (or poll_base, or poll) and cap must be above zero")
        }
        guard policy.deadline <= deadlineLimit else {
            throw .badPolicy(policy.name, reason: "a deadline above 24h cannot be simulated")
        }
        guard policy.maxAttempts >= 1, policy.factor >= 1 else {
            throw .badPolicy(policy.name, reason: "max_attempts and factor are at least 1")
        }
    }

    /// Values for each of some clients.
    static func forEach<Value>(
        of clients: Range<Int>, _ groups: [FleetGroup], _ value: (Int, FleetGroup) -> Value
    ) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(clients.count)
        var first = 0
        for (index, group) in groups.enumerated() {
            let own = clients.clamped(to: first..<(first + group.clients))
            values.append(contentsOf: repeatElement(value(index, group), count: own.count))
            first += group.clients
        }
        return values
    }

    static func makeAccounts(
        _ settings: FleetSettings, _ clients: Range<Int>, _ world: inout SimulatedWorld
    ) throws(FleetError) -> (keys: [[UInt8]], ofClient: [Int32]) {
        let declared = world.declared
        let numbers = settings.sharesAccount ? 0..<1 : clients
        let usual = settings.sharesAccount ? Int64(settings.clients) * 10_000 : 10_000
        var keys: [[UInt8]] = []
        keys.reserveCapacity(numbers.count)
        for number in numbers {
            var key = number < declared.count ? declared[number].key : Array("client-\(number + 1)".utf8)
            let credits = settings.credits ?? (number < declared.count ? declared[number] : declared.first)?.credits
            while world.add(key, credits: min(credits ?? usual, Ledger.limit)) == nil {
                guard world.accounts.count < SimulatedWorld.accountLimit else {
                    throw .badCount("clients", value: settings.clients, range: FleetSettings.clientRange)
                }
                // A key that the scenario declares for a later client.
                key.append(UInt8(ascii: "x"))
            }
            keys.append(key)
        }
        return (keys, (0..<Int32(clients.count)).map { settings.sharesAccount ? 0 : $0 })
    }
}
