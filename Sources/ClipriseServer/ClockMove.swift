internal import ClipriseAdmin
internal import ClipriseEngine
internal import ClipriseLocks
internal import ClipriseWire

/// Moves a virtual clock from one due instant to the next, and performs what is due at each before it goes on.
final class ClockMove: Sendable {
    /// The most instants that one move stops at.
    static let stepLimit = 1_000_000

    private let service: Service
    private let cell: AccountCell
    private let start: Instant
    /// Where the clock stands at the end; nil moves it until nothing is due any more.
    private let goal: Instant?
    private let steps = Locked(0)
    private let finish: @Sendable (Result<AdminAnswer, AdminProblem>) -> Void

    /// - Parameter finish: Called once, at the end, on any thread.
    init(
        _ service: Service, _ cell: AccountCell, from start: Instant, to goal: Instant?,
        finish: @escaping @Sendable (Result<AdminAnswer, AdminProblem>) -> Void
    ) {
        self.service = service
        self.cell = cell
        self.start = start
        self.goal = goal
        self.finish = finish
    }

    private enum Step: Sendable {
        case done(ClockView)
        case due(Account.Dues)
    }

    func run() {
        while true {
            let count = steps.withLock { steps in
                steps += 1
                return steps
            }
            guard count <= Self.stepLimit else { return finish(.failure(Self.tooManySteps)) }
            switch step() {
            case .done(let view): return finish(.success(.clock(view)))
            case .due(let dues):
                // Goes on here when the callbacks were made at once, else on the thread that made the last of them.
                let meeting = Meeting()
                service.perform(dues, cell) {
                    if meeting.isSecond() { self.run() }
                }
                guard meeting.isSecond() else { return }
            }
        }
    }

    private func step() -> Step {
        cell.withLock { account in
            let host = service.now
            guard account.world.clock.isVirtual, let due = goal ?? account.nextDue else {
                return .done(end(&account, host))
            }
            // What is due behind the end of time never comes.
            guard goal != nil || due <= AccountClock.latest else { return .done(end(&account, host)) }
            let target = min(due, AccountClock.latest)
            account.advance(to: min(target, account.nextStop ?? target), at: host, isLast: false)
            let dues = account.takeDues()
            if dues.isEmpty, account.lastSeen >= target, goal != nil || account.nextDue == nil {
                return .done(end(&account, host))
            }
            return .due(dues)
        }
    }

    /// Notes the whole move as one.
    private func end(_ account: inout Account, _ host: HostTime) -> ClockView {
        account.advance(to: account.lastSeen, at: host, from: start)
        return ClockView(account)
    }

    private static let tooManySteps = AdminProblem(
        status: 409, title: "Clock is still moving",
        detail: "The clock stopped at \(stepLimit) instants and more is due; ask again to go on.")
}

/// Decides which of two comes second.
private final class Meeting: Sendable {
    private let hasOne = Locked(false)

    func isSecond() -> Bool {
        hasOne.withLock { hasOne in
            defer { hasOne = true }
            return hasOne
        }
    }
}
