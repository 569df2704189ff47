import ClipriseScenario
import ClipriseWire

@testable import ClipriseJournal

/// Writes a journal as a server would that met one client, one exchange after another.
struct Story {
    static let models = ["veo-3-fast", "flux-2", "sora-2"]

    private(set) var events: [JournalEvent] = []
    private(set) var money: MoneySums
    var now = Instant.start
    /// Stands apart from the account's clock, as on a real machine.
    var realTime: Int64 = 1_764_000_000_000_000_000
    /// Whether `wait` moves the account's clock, as a real one would.
    var isClockVirtual = false
    var label: String?
    /// The tasks that never end; nil as in journals of earlier versions.
    var endless: Set<Int>?
    var rules: [String] = []
    var ruleActs: [Int] = []
    private var tasks = 0
    /// Models of the tasks, from the first on.
    private var taskModels: [Int] = []
    private var bodies: UInt64 = 0
    private var chance: UInt64 = 42

    init(opening: Int64 = 10_000) {
        money = MoneySums(paidIn: opening, available: opening)
        note(.money(MoneyEvent(kind: .opening, credits: opening)))
    }

    var view: JournalView {
        JournalView(
            account: "test…c7c7", events: events, models: Self.models, rules: rules, ruleActs: ruleActs, money: money,
            seed: 42,
            scenarioName: "story", scenarioHash: 0xFEED, isClockVirtual: isClockVirtual, label: label,
            endless: endless)
    }

    @discardableResult
    mutating func note(_ kind: JournalEvent.Kind) -> Int {
        events.append(JournalEvent(sequence: events.count + 1, at: now, realTime: realTime, kind: kind))
        return events.count
    }

    /// A number from 0 to 1, the same in every run (SplitMix64).
    mutating func draw() -> Double {
        chance &+= 0x9E37_79B9_7F4A_7C15
        var bits = chance
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((bits ^ (bits >> 31)) >> 11) / Double(1 << 53)
    }

    mutating func wait(_ seconds: Double) {
        realTime += Int64(seconds * 1e9)
        if !isClockVirtual { now = now.advanced(by: TimeSpan(nanoseconds: Int64(seconds * 1e9))) }
    }

    mutating func moveClock(_ span: TimeSpan) {
        now = now.advanced(by: span)
        note(.clock(by: span))
    }

    /// Moves a virtual clock as a poll does: nobody waited, and nobody moved it by hand.
    mutating func tick(_ span: TimeSpan) { now = now.advanced(by: span) }

    mutating func newBody() -> UInt64 {
        bodies += 1
        return bodies
    }

    /// One exchange of 5 ms.
    ///
    /// - Parameter seconds: How long it is answered while others go on; nil for one that they wait for.
    @discardableResult
    mutating func exchange(
        _ make: (inout ExchangeEvent) -> Void, _ operation: Operation, during seconds: Double? = nil
    ) -> ExchangeEvent {
        let isGenerate = operation == .generate
        var exchange = ExchangeEvent(
            operation: operation, method: isGenerate ? .post : .get, status: 200, clause: isGenerate ? .gen11 : .sta4,
            shape: isGenerate ? .array : .object, bytes: 60)
        make(&exchange)
        if exchange.outcome == .inFlight { exchange.outcome = .completed }
        let (at, real) = (now, realTime)
        wait(0.005)
        let rest = Int64((seconds ?? 0) * 1e9)
        exchange.endedAt = now.advanced(by: TimeSpan(nanoseconds: rest))
        exchange.endedRealTime = realTime + rest
        events.append(JournalEvent(sequence: events.count + 1, at: at, realTime: real, kind: .exchange(exchange)))
        return exchange
    }

    /// A generate that makes a task.
    ///
    /// - Returns: The task.
    @discardableResult
    mutating func accepted(
        _ body: UInt64, credits: Int64 = 40, model: Int = 0, during seconds: Double? = nil,
        _ change: (inout ExchangeEvent) -> Void = { _ in }
    ) -> Int {
        tasks += 1
        let task = tasks
        taskModels.append(model)
        exchange(
            {
                $0.model = model
                $0.task = task
                $0.bodyHash = body
                $0.fate = .accepted
                $0.held = credits
                change(&$0)
            }, .generate, during: seconds)
        money.held += credits
        money.available -= credits
        return task
    }

    mutating func lost(_ body: UInt64, _ change: (inout ExchangeEvent) -> Void = { _ in }) {
        accepted(body) {
            $0.fate = .answerLost
            $0.outcome = .aborted
            $0.status = 0
            change(&$0)
        }
    }

    /// A generate that makes nothing.
    mutating func refused(
        _ body: UInt64, status: Int, clause: Clause = .gen7, fate: Fate = .refused,
        _ change: (inout ExchangeEvent) -> Void = { _ in }
    ) {
        exchange(
            {
                $0.model = 0
                $0.bodyHash = body
                $0.status = status
                $0.clause = clause
                $0.fate = fate
                $0.shape = .object
                change(&$0)
            }, .generate)
    }

    mutating func limited(_ body: UInt64, retryAfter: TimeSpan? = nil, isDate: Bool = false) {
        refused(body, status: 429) {
            $0.retryAfter = retryAfter
            $0.retryAfterIsDate = isDate
        }
    }

    mutating func poll(_ task: Int, status: Int = 300, _ change: (inout ExchangeEvent) -> Void = { _ in }) {
        exchange(
            {
                $0.task = task
                $0.model = 0
                $0.status = status
                $0.clause = status == 300 ? .sta3 : .sta4
                change(&$0)
            }, .status)
    }

    mutating func settle(_ task: Int, succeeded: Bool = true, credits: Int64 = 40) {
        note(
            .settled(
                SettledEvent(
                    task: task, model: taskModels[task - 1], succeeded: succeeded, captured: succeeded ? credits : 0,
                    released: succeeded ? 0 : credits)))
        money.held -= credits
        if succeeded { money.captured += credits } else { money.available += credits }
    }

    mutating func success(_ task: Int) { poll(task, status: 200) }

    mutating func failure(_ task: Int) {
        poll(task, status: 400) { $0.clause = .sta7 }
    }

    /// A job from its generate to its file.
    mutating func wholeJob(
        _ body: UInt64, credits: Int64 = 40, _ change: (inout ExchangeEvent) -> Void = { _ in }
    ) {
        finish(accepted(body, credits: credits, change), credits: credits)
    }

    /// The rest of a job whose task was accepted.
    mutating func finish(_ task: Int, credits: Int64 = 40) {
        poll(task)
        settle(task, credits: credits)
        success(task)
        file(task, 0..<100, of: 100)
    }

    /// A request for a file, answered with a part of it.
    mutating func file(
        _ task: Int, _ range: Range<Int>, of size: Int, _ change: (inout ExchangeEvent) -> Void = { _ in }
    ) {
        download(task) {
            $0.status = range.count < size && range.lowerBound > 0 ? 206 : 200
            $0.bytes = range.count
            $0.file = FilePart(entity: 7, start: range.lowerBound, size: size, isSound: true)
            change(&$0)
        }
    }

    mutating func download(_ task: Int, _ change: (inout ExchangeEvent) -> Void = { _ in }) {
        exchange(
            {
                $0.task = task
                $0.model = 0
                $0.clause = .sta5
                $0.shape = .file
                change(&$0)
            }, .download)
    }
}

/// Swift Testing has an `Expectation` too.
typealias Demand = ClipriseScenario.Expectation
