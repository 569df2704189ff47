internal import ClipriseClient
internal import ClipriseEngine
package import ClipriseWire

/// When jobs begin.
package enum Arrivals: Sendable, Hashable {
    /// Every client begins one job at the first instant.
    case burst
    /// Jobs come at random, this many a second on the average; clients take them in turn.
    case poisson(perSecond: Double)
    /// Jobs come at an even pace, this many a second; clients take them in turn.
    case uniform(perSecond: Double)
    /// Every client begins one job; the pace grows evenly from nothing to the end of the time.
    case ramp
    /// Every client begins a job each time this span has passed, the first at a random moment within it.
    case every(TimeSpan)

    /// Nanoseconds; the i-th job is that of client i modulo the number of clients, unless the case says otherwise.
    func instants(clients: Int, length: TimeSpan, seed: UInt64) -> [Arrival] {
        var generator = SplitMix64(seed: Draw.mix(seed, 0x6172_7269_7665))
        let end = length.nanoseconds
        switch self {
        case .burst: return (0..<clients).map { Arrival(at: 0, client: $0) }
        case .ramp:
            return (0..<clients).map { index in
                let part = (Double(index) / Double(clients)).squareRoot()
                return Arrival(at: Int64(Double(end) * part), client: index)
            }
        case .uniform(let rate):
            return (0..<Int((Double(end) / 1e9 * rate).rounded(.up))).map { index in
                Arrival(at: Int64(Double(index) / rate * 1e9), client: index % clients)
            }
        case .poisson(let rate):
            var result: [Arrival] = []
            var now = 0.0
            while true {
                now -= Numbers.log(max(Draw.unit(generator.next()), 0x1p-54)) / rate * 1e9
                guard now < Double(end) else { return result }
                result.append(Arrival(at: Int64(now), client: result.count % clients))
            }
        case .every(let span):
            var result: [Arrival] = []
            for client in 0..<clients {
                var at = Int64(Draw.unit(generator.next()) * Double(span.nanoseconds))
                while at < end {
                    result.append(Arrival(at: at, client: client))
                    at += span.nanoseconds
                }
            }
            return result.sorted { ($0.at, $0.client) < ($1.at, $1.client) }
        }
    }

    /// How many jobs come, on the average.
    func expectedJobs(clients: Int, length: TimeSpan) -> Double {
        let seconds = Double(length.nanoseconds) / 1e9
        return switch self {
        case .burst, .ramp: Double(clients)
        case .poisson(let rate), .uniform(let rate): rate * seconds
        case .every(let span): Double(clients) * seconds / (Double(span.nanoseconds) / 1e9)
        }
    }
}

/// The beginning of a job.
struct Arrival: Sendable, Hashable {
    /// Nanoseconds since the start.
    var at: Int64
    /// 0-based.
    var client: Int
}

extension Arrivals {
    /// Reads `burst`, `ramp`, `poisson:50/s`, `uniform:50/s` or `every:1m`.
    package init(_ text: String) throws(FleetError) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let words = ["burst", "ramp", "poisson", "uniform", "every"]
        switch (parts.first ?? "", parts.count) {
        case ("burst", 1): self = .burst
        case ("ramp", 1): self = .ramp
        case ("poisson", 2): self = .poisson(perSecond: try Self.rate(parts[1]))
        case ("uniform", 2): self = .uniform(perSecond: try Self.rate(parts[1]))
        case ("every", 2):
            guard let span = TimeSpan(text: parts[1]), span.nanoseconds >= 1_000_000 else {
                throw .badLength(parts[1], option: "arrival", range: "1ms to 8760h")
            }
            self = .every(span)
        case ("poisson", 1), ("uniform", 1): throw .rateMissing(parts[0])
        case ("every", 1): throw .badLength("", option: "arrival every:", range: "1ms to 8760h")
        default: throw .badArrival(text, suggestion: Spelling.nearest(to: parts.first ?? "", in: words))
        }
    }

    /// The rate of arrivals, for messages; empty where there is none.
    var rateText: String {
        switch self {
        case .burst, .ramp: ""
        case .poisson(let rate), .uniform(let rate): " at \(NumberText.short(rate * 3_600)) an hour"
        case .every(let span): " with one each \(span.text)"
        }
    }

    /// Reads `50/s`, `30/m` or `10/h`, as jobs a second: above 0, at most a million.
    private static func rate(_ text: String) throws(FleetError) -> Double {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let units: [Substring: Double] = ["s": 1, "m": 60, "h": 3_600]
        guard parts.count == 2, let number = Double(parts[0]), let unit = units[parts[1]], number.isFinite,
            number > 0, number / unit <= 1_000_000
        else { throw .badRate(text) }
        return number / unit
    }
}

extension TimeSpan {
    /// The length as people write it: `250ms`, `1.5s`, `2m`.
    package var text: String {
        if nanoseconds % 60_000_000_000 == 0, nanoseconds > 0 {
            let minutes = nanoseconds / 60_000_000_000
            return minutes % 60 == 0 ? "\(minutes / 60)h" : "\(minutes)m"
        }
        if nanoseconds % 1_000_000_000 == 0 { return "\(nanoseconds / 1_000_000_000)s" }
        let seconds = Double(nanoseconds) / 1e9
        return seconds >= 1 ? "\(seconds)s" : "\(NumberText.short(seconds * 1_000))ms"
    }
}
