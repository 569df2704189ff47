public import ClipriseScenario

/// The scenarios that are in force, and which account follows which.
///
/// An account follows the scenario that declares it; every other account follows the first scenario that declares none,
/// or else the first of all.
public struct WorldSet: Sendable {
    /// An account that a scenario declares.
    public struct Declared: Sendable, Hashable {
        public var key: [UInt8]
        public var credits: Int64
    }

    public private(set) var worlds: [WorldScenario] = []
    /// In the order of their declaration; the first declaration of a key counts.
    public private(set) var declared: [Declared] = []
    private var worldByKey: [[UInt8]: Int] = [:]
    private var fallback = WorldScenario.none

    /// - Parameter models: The ids of the catalogue, by position.
    public init(_ scenarios: [Scenario], models: [String]) {
        for (index, scenario) in scenarios.enumerated() {
            worlds.append(WorldScenario(scenario, models: models))
            for rule in scenario.accounts { declare(rule, index) }
        }
        let open = scenarios.firstIndex { $0.accounts.isEmpty }
        if let index = open ?? scenarios.indices.first { fallback = worlds[index] }
    }

    private mutating func declare(_ rule: AccountRule, _ index: Int) {
        guard let count = rule.count else { return declare(Array(rule.key.utf8), rule.credits, index) }
        declared.reserveCapacity(declared.count + count)
        for number in 0..<count { declare(Array("\(rule.key)\(number + 1)".utf8), rule.credits, index) }
    }

    private mutating func declare(_ key: [UInt8], _ credits: Int64, _ index: Int) {
        guard worldByKey[key] == nil else { return }
        worldByKey[key] = index
        declared.append(Declared(key: key, credits: credits))
    }

    public func world(for key: [UInt8]) -> WorldScenario {
        worldByKey[key].map { worlds[$0] } ?? fallback
    }
}
