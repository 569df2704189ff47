package import ClipriseClient

/// Clients of one policy among those that meet one service.
package struct FleetGroup: Sendable {
    /// What reports call them.
    package var name: String
    package var clients: Int
    package var policy: RetryPolicy

    package init(name: String, clients: Int, policy: RetryPolicy) {
        self.name = name
        self.clients = clients
        self.policy = policy
    }

    /// The parts of `name=web,clients=100,policy=naive`; the name may be left out, and is then that of the policy.
    package static func read(_ text: String) throws(FleetError) -> (name: String?, clients: Int, policy: String) {
        var values: [String: String] = [:]
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard pair.count == 2, ["name", "clients", "policy"].contains(pair[0]), values[pair[0]] == nil,
                !pair[1].isEmpty
            else { throw .badFleet(text, reason: "write name=web,clients=100,policy=naive") }
            values[pair[0]] = pair[1]
        }
        guard let policy = values["policy"] else { throw .badFleet(text, reason: "policy is missing") }
        guard let clients = values["clients"].flatMap({ Int($0) }), FleetSettings.clientRange.contains(clients) else {
            throw .badFleet(text, reason: "clients is a number from 1 to 1000000")
        }
        return (values["name"], clients, policy)
    }
}
