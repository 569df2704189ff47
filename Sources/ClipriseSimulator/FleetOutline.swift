internal import ClipriseScenario
internal import ClipriseWire

/// What a fleet is run with, apart from its policies and seeds: what reports say of it.
package struct FleetOutline: Sendable, Hashable {
    package var scenario: String
    package var about: String
    package var scenarioHash: UInt64
    package var version: String
    package var clients: Int
    package var arrival: String
    /// How long jobs arrived, in nanoseconds; 0 for a burst.
    package var arrivalLength: Int64
    package var jobMix: String
    package var sharesAccount: Bool
}

extension FleetOutline {
    init(_ settings: FleetSettings, arrival: String, version: String) {
        let total = settings.jobs.reduce(0) { $0 + $1.share }
        let jobs = settings.jobs.map { share in
            settings.jobs.count == 1
                ? share.model : "\(share.model) \(FigureText.fixed(100 * share.share / total, digits: 0)) %"
        }
        self.init(
            scenario: settings.scenario.name.isEmpty ? "no scenario" : settings.scenario.name,
            about: settings.scenario.about, scenarioHash: settings.scenario.hash, version: version,
            clients: settings.clients, arrival: arrival,
            arrivalLength: settings.arrivals == .burst ? 0 : settings.length.nanoseconds,
            jobMix: jobs.joined(separator: ", "), sharesAccount: settings.sharesAccount)
    }

    /// What was run, in one line.
    func title(_ seeds: String) -> String {
        let arrivals = arrivalLength > 0 ? "\(arrival) for \(TimeSpan(nanoseconds: arrivalLength).text)" : arrival
        return "\(scenario): \(FigureText.count(clients, "client")), \(arrivals), \(jobMix), \(seeds)"
    }

    /// Who made a report, from what.
    package func origin(_ seeds: String) -> String {
        "cliprise-mock \(version) · \(seeds) · scenario hash \(scenarioHash.hex)"
    }

    func writeLoad(to writer: inout JSONWriter) {
        writer.member("clients", clients)
        writer.member("arrival", arrival)
        writer.member("arrival_ns", arrivalLength)
        writer.member("jobs", jobMix)
        writer.member("shared_account", sharesAccount)
    }
}
