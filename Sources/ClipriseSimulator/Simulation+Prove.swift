internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseLocks
internal import ClipriseReport
internal import ClipriseScenario
internal import ClipriseWire

/// What came of playing client code against every schedule of faults.
public struct SimulatedProof: Sendable, Hashable, CustomStringConvertible {
    /// The schedules that were played.
    public var schedules: Int
    /// The most credits that the code lost: by tasks that it bought again, or whose file it did not fetch.
    public var lost: Int64
    /// The tasks that it bought again in that schedule.
    public var boughtAgain: Int
    /// The requests of that schedule, such as `generate ← closed after the work`; empty when nothing is lost.
    public var requests: [String]
    /// The schedule as a scenario; empty when nothing is lost.
    public var scenario: String

    /// For people.
    public var description: String {
        guard lost > 0 else { return "0 credits lost in \(NumberText.grouped(Int64(schedules))) schedules" }
        let lines = requests.enumerated().map { "  \($0 + 1). \($1)\n" }.joined()
        return "up to \(lost) credits lost, in \(NumberText.grouped(Int64(schedules))) schedules:\n\(lines)"
    }
}

/// Faults by the number of a request, and what was asked.
struct FaultSchedule: Sendable {
    /// By the 0-based number of a request: the position in `FaultKind.all`.
    var faults: [Int: Int]
    var asked: [Operation] = []

    /// The field that asks for a fault.
    static let field = "X-Prove-Fault"

    /// Counts a request, and has it meet its fault.
    mutating func pass(_ request: inout Request) {
        let target = String(decoding: request.target, as: UTF8.self)
        let operation: Operation =
            request.method == .post ? .generate : target.contains("download=true") ? .download : .status
        if let kind = faults[asked.count] {
            request.fields.append(name: Self.field.utf8, value: "\(kind)".utf8)
        }
        asked.append(operation)
    }
}

extension Simulation {
    /// Plays client code against every schedule of at most `faults` faults, and tells the one that costs most.
    ///
    /// As `cliprise-mock prove` does with policies, for code of your own that is written against `ClipriseTransport` and
    /// does the same each time: whose requests follow from the answers and from `service.now`.
    ///
    /// - Parameters:
    ///   - faults: 0 to 6. The schedules grow fast: one job has a few dozen of one fault, and hundreds to thousands of two.
    ///   - polls: Tasks end at this poll, 1 to 100.
    ///   - limit: The most schedules that are played, up to 1,000,000.
    ///   - body: Does a job; what it throws is an end like any other.
    /// - Throws: `SimulationError`: `notDeterministic` when the same answers led to other requests, `tooManySchedules` when
    ///   there are more than the limit, so that nothing is proved.
    public static func prove(
        faults: Int, polls: Int = 2, limit: Int = 20_000,
        _ body: @escaping @Sendable (SimulatedService) async throws -> Void
    ) async throws -> SimulatedProof {
        guard (0...6).contains(faults), (1...100).contains(polls), (1...1_000_000).contains(limit) else {
            throw SimulationError.badScenario("prove takes 0 to 6 faults, 1 to 100 polls, a limit from 1 to 1000000")
        }
        var open: [(faults: [Int: Int], asked: [Operation])] = [([:], [])]
        var proof = SimulatedProof(schedules: 0, lost: 0, boughtAgain: 0, requests: [], scenario: "")
        var fewest = Int.max
        while let next = open.popLast() {
            guard proof.schedules < limit else { throw SimulationError.tooManySchedules(limit: limit) }
            let (asked, spending) = try await play(next.faults, polls: polls, body)
            guard asked.starts(with: next.asked) else { throw SimulationError.notDeterministic }
            proof.schedules += 1
            if spending.lost > proof.lost || spending.lost == proof.lost && proof.lost > 0 && next.faults.count < fewest
            {
                fewest = next.faults.count
                proof.lost = spending.lost
                proof.boughtAgain = spending.boughtAgain
                proof.requests = lines(asked, next.faults)
                proof.scenario = scenario(asked, next.faults, polls: polls).text
            }
            guard next.faults.count < faults else { continue }
            for place in (next.faults.keys.max().map { $0 + 1 } ?? 0)..<asked.count {
                for (index, kind) in FaultKind.all.enumerated() where kind.operation == asked[place] {
                    var more = next.faults
                    more[place] = index
                    open.append((more, Array(asked[...place])))
                }
            }
        }
        return proof
    }

    private static func play(
        _ faults: [Int: Int], polls: Int, _ body: @escaping @Sendable (SimulatedService) async throws -> Void
    ) async throws -> ([Operation], Report.Spending) {
        var world = Scenario(name: "prove")
        world.tasks = [TaskRule(life: .polls(polls))]
        world.rules = FaultKind.all.enumerated().map { index, kind in
            Rule(
                name: kind.word,
                when: When(
                    operations: [kind.operation],
                    headers: [When.Header(name: FaultSchedule.field.lowercased(), value: Glob("\(index)"))]),
                act: .fault(kind.fault))
        }
        let kept = Locked<SimulatedService?>(nil)
        try await run(world, seed: 1, timeScale: 1, rendersFiles: false) { service in
            service.state.withLock { $0.schedule = FaultSchedule(faults: faults) }
            kept.withLock { $0 = service }
            do { try await body(service) } catch let error as SimulationError { throw error } catch {}
        }
        guard let service = kept.withLock({ $0 }) else { throw SimulationError.stalled }
        return service.state.withLock { state in
            state.world.settleAll()
            let models = state.world.setup.catalog.models.ids
            let views = state.world.accounts.indices.map { state.world.accounts[$0].journalView(models: models) }
            return (state.schedule?.asked ?? [], Grade.report(of: views, expectations: []).spending)
        }
    }

    private static func lines(_ asked: [Operation], _ faults: [Int: Int]) -> [String] {
        asked.enumerated().map { index, operation in
            let met = faults[index].map { String(FaultKind.all[$0].word.drop { $0 != ":" }.dropFirst(2)) }
            return "\(operation.rawValue)\(met.map { " ← \($0)" } ?? "")"
        }
    }

    /// The same schedule for any client that asks alike.
    private static func scenario(_ asked: [Operation], _ faults: [Int: Int], polls: Int) -> Scenario {
        var scenario = Scenario(name: "proved")
        scenario.tasks = [TaskRule(life: .polls(polls))]
        for operation in [Operation.generate, .status, .download] {
            let own = asked.indices.filter { asked[$0] == operation }
            var plan = own.map { place in faults[place].map { FaultKind.all[$0].fault } }
            while let last = plan.last, last == nil { plan.removeLast() }
            guard !plan.isEmpty else { continue }
            scenario.rules.append(
                Rule(
                    name: "\(operation.rawValue)s", when: When(operations: [operation]),
                    act: .plan(plan, repeats: false)))
        }
        return scenario
    }
}
