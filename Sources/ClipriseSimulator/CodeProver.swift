internal import ClipriseBundle
internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseLocks
internal import ClipriseReport
internal import ClipriseScenario
internal import ClipriseVersion
internal import ClipriseWire
internal import Dispatch

/// Searches the schedules of faults of client code by running it again and again: its state cannot be copied.
struct CodeProver: Sendable {
    let taskTime: Duration
    let requestLimit: Int
    let body: @Sendable (SimulatedService) async throws -> Void

    /// What all runs share, since none changes it.
    private let catalog: Catalog
    private let shelf = FileShelf()

    /// - Throws: `SimulationError.badScenario`.
    init(
        taskTime: Duration, requestLimit: Int, body: @escaping @Sendable (SimulatedService) async throws -> Void
    ) throws(SimulationError) {
        catalog = try SimulatedService.builtInCatalog()
        self.taskTime = taskTime
        self.requestLimit = requestLimit
        self.body = body
    }

    /// Faults by the 0-based numbers of the requests that meet them, in that order.
    typealias Schedule = [(place: Int, kind: SearchedFault)]

    /// What came of one run.
    private struct Played: Sendable {
        var course: ProofCourse
        /// Of each task that was made and paid: what it was for, and its credits.
        var paid: [(order: UInt64, credits: Int64)]
        var lost: Int64
        var bundle: [UInt8] = []
    }

    /// A schedule that is yet to be played, and the requests that lead up to its last fault.
    private struct Open {
        var schedule: Schedule
        var course: [ProofCourse.Asked]
    }

    private struct Found {
        var schedule: Schedule
        var course: [ProofCourse.Asked]
        var doubleCharged: Int64
        var lost: Int64

        /// More credits, or as many by fewer faults, or by fewer requests.
        func isGraver(than other: Found?, _ credits: KeyPath<Found, Int64>) -> Bool {
            guard let other else { return true }
            return (-self[keyPath: credits], schedule.count, course.count)
                < (-other[keyPath: credits], other.schedule.count, other.course.count)
        }
    }

    func run(faults: Int, limit: Int) async throws -> SimulatedProof {
        var proof = SimulatedProof(faults: faults, schedules: 0)
        var open = [Open(schedule: [], course: [])]
        var (twice, worst): (Found?, Found?)
        // How often each order is placed where nothing goes wrong: so often is meant.
        var meant: [UInt64: Int] = [:]
        while let next = open.popLast() {
            guard proof.schedules < limit else { throw SimulationError.tooManySchedules(limit: limit) }
            let played = try await play(next)
            let asked = played.course.asked
            try compare(asked, with: next)
            if proof.schedules == 0 { for order in played.course.made.map(\.order) { meant[order, default: 0] += 1 } }
            proof.schedules += 1
            let found = Found(
                schedule: next.schedule, course: asked, doubleCharged: Self.paidTwice(played.paid, meant),
                lost: played.lost)
            if found.doubleCharged > 0, found.isGraver(than: twice, \.doubleCharged) { twice = found }
            if found.lost > 0, found.isGraver(than: worst, \.lost) { worst = found }
            guard next.schedule.count < faults else { continue }
            let first = next.schedule.last.map { $0.place + 1 } ?? 0
            // The last one is played first.
            for place in stride(from: asked.count - 1, through: first, by: -1) where asked[place].account != nil {
                for kind in SearchedFault.all.reversed() where kind.operation == asked[place].operation {
                    open.append(Open(schedule: next.schedule + [(place, kind)], course: asked))
                }
            }
        }
        proof.counterexample = try await outcome(twice)
        proof.worst = try await outcome(worst)
        return proof
    }

    /// - Throws: `SimulationError.notDeterministic` when the requests are others than those that led to the last fault.
    private func compare(_ asked: [ProofCourse.Asked], with open: Open) throws(SimulationError) {
        guard let last = open.schedule.last?.place else { return }
        for place in 0...last {
            let was = open.course[place]
            guard place < asked.count else {
                throw .notDeterministic(request: place + 1, was: was.text, became: "none")
            }
            guard asked[place] != was else { continue }
            let isAlike = asked[place].text == was.text
            throw .notDeterministic(
                request: place + 1, was: was.text, became: isAlike ? "one with other bytes" : asked[place].text)
        }
    }

    /// The credits of tasks beyond those that each order is for.
    private static func paidTwice(_ paid: [(order: UInt64, credits: Int64)], _ meant: [UInt64: Int]) -> Int64 {
        var left = meant
        var credits: Int64 = 0
        for task in paid {
            let rest = left[task.order] ?? 1
            left[task.order] = rest - 1
            if rest <= 0 { credits += task.credits }
        }
        return credits
    }

    /// Plays a schedule once more, and keeps it.
    private func outcome(_ found: Found?) async throws -> SimulatedProof.Outcome? {
        guard let found else { return nil }
        let scenario = scenario(found.schedule, found.course, lost: found.lost)
        let played = try await play(Open(schedule: found.schedule, course: found.course), scenario, isKept: true)
        return SimulatedProof.Outcome(
            doubleCharged: found.doubleCharged, lost: found.lost, faults: found.schedule.count,
            requests: found.course.enumerated().map { place, asked in
                let met = found.schedule.first { $0.place == place }?.kind.what
                return asked.operation.rawValue + (met.map { " ← \($0)" } ?? "")
            },
            scenario: scenario.text, bundle: played.bundle)
    }

    /// A rule for each account, whose plan names what each of its requests meets.
    ///
    /// - Parameter lost: Of a run that is over; nil for one that will be played, in which other accounts may come.
    private func scenario(_ schedule: Schedule, _ course: [ProofCourse.Asked], lost: Int64? = nil) -> Scenario {
        var plans: [String: [Fault?]] = [:]
        for (place, asked) in course.enumerated() where place <= schedule.last?.place ?? -1 {
            guard let account = asked.account else { continue }
            plans[account, default: []].append(schedule.first { $0.place == place }?.kind.fault)
        }
        var scenario = Scenario(name: "prove-code")
        scenario.seed = 1
        if let lost {
            scenario.about =
                "Lost by \(DecimalText.count(schedule.count, "fault")): \(DecimalText.count(lost, "credit"))."
        }
        scenario.tasks = [TaskRule(life: .after(.fixed(TimeSpan(nanoseconds: taskTime.nanoseconds))))]
        for (account, plan) in plans.sorted(by: { $0.key < $1.key }) {
            var plan = plan
            while let last = plan.last, last == nil { plan.removeLast() }
            guard !plan.isEmpty else { continue }
            let isOnly = lost != nil && Set(course.map(\.account)).count == 1
            scenario.rules.append(
                Rule(
                    name: "schedule \(scenario.rules.count + 1)", when: When(account: isOnly ? nil : Glob(account)),
                    act: .plan(plan, repeats: false)))
        }
        return scenario
    }

    // MARK: Runs

    /// The virtual time that a run may take.
    private static let hours = 24

    private func play(
        _ open: Open, _ scenario: Scenario? = nil, isKept: Bool = false
    ) async throws -> Played {
        let scenario = scenario ?? self.scenario(open.schedule, open.course)
        let time = VirtualTime()
        time.end(after: Int64(Self.hours) * 3_600_000_000_000)
        let service = try SimulatedService(
            scenario, seed: 1, timeScale: 1, files: .kept(shelf), catalog: catalog, time: time)
        service.state.withLock { state in
            state.course = ProofCourse(limit: requestLimit)
            if isKept {
                let source = Bundle.Source(name: "prove.yaml", text: Array(scenario.text.utf8))
                state.course?.recorder = BundleWriter(
                    state.world.bundleHeader(version: Version.number, scenario: source))
            }
        }
        let body = body
        let ending = Locked<Result<Void, SimulationError>?>(nil)
        let task = Task(executorPreference: time) {
            var failure: SimulationError?
            do { try await body(service) } catch { failure = error as? SimulationError }
            ending.withLock { $0 = failure.map { .failure($0) } ?? .success(()) }
            time.finish()
        }
        let hasMoved = await withCheckedContinuation { continuation in
            DispatchQueue(label: "cliprise.proof").async {
                continuation.resume(returning: time.drive(patience: .seconds(10)))
            }
        }
        guard let end = ending.withLock(\.self) else {
            task.cancel()
            guard hasMoved else { throw SimulationError.stalled }
            let words = open.schedule.map(\.kind.title)
            let schedule = words.isEmpty ? "no fault" : words.joined(separator: ", ")
            guard time.isOvertime else {
                throw SimulationError.tooManyRequests(limit: requestLimit, schedule: schedule)
            }
            throw SimulationError.tooLong(hours: Self.hours, schedule: schedule)
        }
        try end.get()
        return service.state.withLock { Self.judge(&$0) }
    }

    private static func judge(_ state: inout SimulatedService.State) -> Played {
        state.world.settleAll()
        let models = state.world.setup.catalog.models.ids
        let views = state.world.accounts.indices.map { state.world.accounts[$0].journalView(models: models) }
        let course = state.course ?? ProofCourse(limit: 0)
        let paid = course.made.compactMap { made -> (order: UInt64, credits: Int64)? in
            let charge = state.world.accounts[made.account].charge(at: made.position)
            return charge.isCharged ? (made.order, charge.credits) : nil
        }
        var played = Played(
            course: course, paid: paid, lost: Grade.report(of: views, expectations: []).spending.lost)
        played.course.recorder?.end()
        played.bundle = played.course.recorder?.take() ?? []
        return played
    }
}
