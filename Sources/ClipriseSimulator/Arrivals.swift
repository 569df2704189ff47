internal import ClipriseClient
internal import ClipriseEngine
package import ClipriseWire

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
    /// A closed model: every client begins a job, and the next one a thinking pause after that has ended; pauses are
    /// exponential with this mean.
    case closed(think: TimeSpan)
    /// Jobs come at random; their rate moves evenly from the first to the second over the time.
    case rising(from: Double, to: Double)
    /// Jobs come at random; their rate swings from the first, at the beginning, to the second and back in 24 hours.
    case diurnal(low: Double, high: Double)
    /// At given instants, ascending.
    case listed([Listed])

    /// The beginning of a job that somebody has measured.
    package struct Listed: Sendable, Hashable {
        /// Nanoseconds since the start.
        package var at: Int64
        /// 1-based; nil for whose turn it is.
        package var client: Int?
    }

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
                now -= PortableMath.log(max(Draw.unit(generator.next()), 0x1p-54)) / rate * 1e9
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
        case .closed(let think):
            let first = (0..<clients).map { client in
                Arrival(at: Self.pause(think, generator.next()), client: client)
            }
            return first.filter { $0.at < end }.sorted { ($0.at, $0.client) < ($1.at, $1.client) }
        case .rising(let from, let to):
            return Self.thinned(max(from, to), end, clients, &generator) { at in
                from + (to - from) * Double(at) / Double(end)
            }
        case .diurnal(let low, let high):
            return Self.thinned(max(low, high), end, clients, &generator) { at in
                low + (high - low) * (1 - Self.cosine(ofTurns: Double(at) / 86_400e9)) / 2
            }
        case .listed(let list):
            return list.enumerated().map { index, job in
                Arrival(at: job.at, client: ((job.client ?? index + 1) - 1) % clients)
            }
        }
    }

    /// A Poisson process of a rate that changes: from one of the greatest rate, each arrival is kept with the part that its
    /// instant has of it (Lewis and Shedler 1979).
    private static func thinned(
        _ most: Double, _ end: Int64, _ clients: Int, _ generator: inout SplitMix64, rate: (Int64) -> Double
    ) -> [Arrival] {
        var result: [Arrival] = []
        var now = 0.0
        while true {
            now -= PortableMath.log(max(Draw.unit(generator.next()), 0x1p-54)) / most * 1e9
            guard now < Double(end) else { return result }
            if Draw.unit(generator.next()) * most < rate(Int64(now)) {
                result.append(Arrival(at: Int64(now), client: result.count % clients))
            }
        }
    }

    /// A thinking pause, drawn by a word; nanoseconds, at most 24 hours.
    static func pause(_ mean: TimeSpan, _ word: UInt64) -> Int64 {
        let span = -Double(mean.nanoseconds) * PortableMath.log(max(Draw.unit(word), 0x1p-54))
        return Int64(min(span, 86_400e9))
    }

    /// The cosine of a part of a turn: its series over the first quarter, mirrored.
    private static func cosine(ofTurns turns: Double) -> Double {
        var part = turns - turns.rounded(.down)
        if part > 0.5 { part = 1 - part }
        if part > 0.25 { return -cosine(ofTurns: 0.5 - part) }
        let square = 4 * Double.pi * Double.pi * part * part
        var (sum, term) = (1.0, 1.0)
        for n in stride(from: 2.0, through: 20, by: 2) {
            term *= -square / (n * (n - 1))
            sum += term
        }
        return sum
    }

    /// How many jobs come, on the average.
    func expectedJobs(clients: Int, length: TimeSpan) -> Double {
        let seconds = Double(length.nanoseconds) / 1e9
        return switch self {
        // A closed model has as many jobs as its clients get through; the run itself counts them.
        case .burst, .ramp, .closed: Double(clients)
        case .rising(let from, let to), .diurnal(let from, let to): (from + to) / 2 * seconds
        case .listed(let list): Double(list.count)
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
    /// The number of its job, where that is known beforehand.
    var ordinal: Int32?
}

extension Arrivals {
    /// Reads `burst`, `ramp`, `ramp:5/s..50/s`, `diurnal:5/s..50/s`, `poisson:50/s`, `uniform:50/s`, `every:1m` or
    /// `closed:10s`.
    package init(_ text: String) throws(FleetError) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let words = ["burst", "ramp", "diurnal", "poisson", "uniform", "every", "closed"]
        switch (parts.first ?? "", parts.count) {
        case ("burst", 1): self = .burst
        case ("ramp", 1): self = .ramp
        case ("ramp", 2):
            let (from, to) = try Self.rates(parts[1])
            self = .rising(from: from, to: to)
        case ("diurnal", 2):
            let (low, high) = try Self.rates(parts[1])
            self = .diurnal(low: low, high: high)
        case ("closed", 2):
            guard let span = TimeSpan(text: parts[1]), span.nanoseconds >= 1_000_000 else {
                throw .badLength(parts[1], option: "arrival", range: "1ms to 8760h")
            }
            self = .closed(think: span)
        case ("poisson", 2): self = .poisson(perSecond: try Self.rate(parts[1]))
        case ("uniform", 2): self = .uniform(perSecond: try Self.rate(parts[1]))
        case ("every", 2):
            guard let span = TimeSpan(text: parts[1]), span.nanoseconds >= 1_000_000 else {
                throw .badLength(parts[1], option: "arrival", range: "1ms to 8760h")
            }
            self = .every(span)
        case ("poisson", 1), ("uniform", 1): throw .rateMissing(parts[0])
        case ("every", 1), ("closed", 1): throw .badLength("", option: "arrival \(parts[0]):", range: "1ms to 8760h")
        case ("diurnal", 1): throw .rateMissing("diurnal")
        default: throw .badArrival(text, suggestion: Spelling.nearest(to: parts.first ?? "", in: words))
        }
    }

    /// The rate of arrivals, for messages; empty where there is none.
    var rateText: String {
        switch self {
        case .burst, .ramp, .closed, .listed: ""
        case .rising(let from, let to), .diurnal(let from, let to):
            " at \(FigureText.short(from * 3_600)) to \(FigureText.short(to * 3_600)) an hour"
        case .poisson(let rate), .uniform(let rate): " at \(FigureText.short(rate * 3_600)) an hour"
        case .every(let span): " with one each \(span.text)"
        }
    }

    /// Reads `5/s..50/s`.
    private static func rates(_ text: String) throws(FleetError) -> (Double, Double) {
        guard let mark = text.firstRange(of: "..") else { throw .badRates(text) }
        return (try rate(String(text[..<mark.lowerBound])), try rate(String(text[mark.upperBound...])))
    }

    /// Reads `50/s`, `30/m` or `10/h`, as jobs a second: above 0, at most a million.
    private static func rate(_ text: String) throws(FleetError) -> Double {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let units: [Substring: Double] = ["s": 1, "m": 60, "h": 3_600]
        guard parts.count == 2, let number = DecimalText.number(parts[0]), let unit = units[parts[1]],
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
        return seconds >= 1 ? "\(seconds)s" : "\(FigureText.short(seconds * 1_000))ms"
    }
}
