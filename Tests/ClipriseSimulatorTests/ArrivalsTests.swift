import ClipriseWire
import Testing

@testable import ClipriseSimulator

@Suite struct ArrivalsTests {
    static let readable: [(String, Arrivals)] = [
        ("burst", .burst), ("ramp", .ramp), ("poisson:50/s", .poisson(perSecond: 50)),
        ("uniform:30/m", .uniform(perSecond: 0.5)), ("every:1m", .every(.seconds(60))),
        ("every:250ms", .every(.milliseconds(250))),
    ]

    @Test(arguments: readable)
    func `arrivals are read as they are written`(text: String, arrivals: Arrivals) throws {
        #expect(try Arrivals(text) == arrivals)
    }

    static let unreadable: [(String, FleetError)] = [
        ("poison:50/s", .badArrival("poison:50/s", suggestion: "poisson")),
        ("poisson:50", .badRate("50")), ("poisson:0/s", .badRate("0/s")), ("poisson:-1/s", .badRate("-1/s")),
        ("poisson:nan/s", .badRate("nan/s")), ("poisson:2000000/s", .badRate("2000000/s")),
        ("burst:5", .badArrival("burst:5", suggestion: "burst")),
        ("every:soon", .badLength("soon", option: "arrival", range: "1ms to 8760h")),
    ]

    @Test(arguments: unreadable)
    func `what is no way to arrive is refused`(text: String, error: FleetError) {
        #expect(throws: error) { try Arrivals(text) }
    }

    @Test func `jobs of a Poisson process come as often as its rate says, within the time`() {
        let arrivals = Arrivals.poisson(perSecond: 50).instants(clients: 7, length: .seconds(600), seed: 3)
        // 30,000 are expected; five standard deviations are 866.
        #expect((29_134...30_866).contains(arrivals.count))
        #expect(arrivals.allSatisfy { (0..<600_000_000_000).contains($0.at) })
        #expect(arrivals.map(\.client).prefix(8) == [0, 1, 2, 3, 4, 5, 6, 0])
    }

    @Test func `a ramp brings a quarter of the jobs in the first half of the time`() {
        let arrivals = Arrivals.ramp.instants(clients: 1_000, length: .seconds(100), seed: 1)
        let early = arrivals.count { $0.at < 50_000_000_000 }
        #expect(early == 250)
    }

    @Test func `each client comes again after its span`() {
        let arrivals = Arrivals.every(.seconds(60)).instants(clients: 2, length: .seconds(600), seed: 1)
        #expect(arrivals.count == 20)
        let first = arrivals.filter { $0.client == 0 }.map(\.at)
        #expect(zip(first, first.dropFirst()).allSatisfy { $1 - $0 == 60_000_000_000 })
    }
}
