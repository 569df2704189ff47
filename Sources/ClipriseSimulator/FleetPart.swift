internal import ClipriseJournal

/// What came of a run, or of a part of one whose clients meet no other client.
///
/// All of it adds up: parts give the same together, whoever ran first.
struct FleetPart: Sendable {
    struct Group: Sendable {
        var tally: Tally
        var money: RunResult.Money
        var curve: CreditCurve
        /// Of the accounts that are graded, in their order.
        var views: [JournalView]

        mutating func add(_ other: Group) {
            tally.add(other.tally)
            money.add(other.money)
            curve.add(other.curve)
            views += other.views
        }
    }

    var groups: [Group]
    var longestQueue: Int
    /// The end of the last job, and the events that were waited for.
    var now: Int64
    var added: Int64

    mutating func add(_ other: FleetPart) {
        for index in groups.indices { groups[index].add(other.groups[index]) }
        longestQueue = max(longestQueue, other.longestQueue)
        now = max(now, other.now)
        added += other.added
    }
}

/// When credits were taken and set aside, by whole seconds.
struct CreditCurve: Sendable {
    /// Changes in each second.
    private var held: [Int64] = []
    private var spent: [Int64] = []
    /// The same of seconds that are far behind the end of the run.
    private var late: [Int64: (held: Int64, spent: Int64)] = [:]
    private var last: Int64 = 0
    private let denseLimit: Int64

    /// What comes later than this behind the end of a run counts as at that time.
    private static let tail = 3_600 * Tally.second
    /// What comes later than this counts as at that time; seven days, where a year has thirty million seconds.
    private static let longest = 604_800 * Tally.second

    /// - Parameter end: Of the run; nanoseconds.
    init(end: Int64) { denseLimit = min(end + Self.tail, Self.longest) / Tally.second }

    /// Notes that something was entered at an instant.
    mutating func reach(_ instant: Int64) { last = max(last, instant) }

    mutating func add(held change: Int64, spent taken: Int64, at instant: Int64) {
        guard change != 0 || taken != 0 else { return }
        add(held: change, spent: taken, second: instant / Tally.second)
    }

    private mutating func add(held change: Int64, spent taken: Int64, second: Int64) {
        guard second <= denseLimit else {
            let known = late[second] ?? (0, 0)
            late[second] = (known.held + change, known.spent + taken)
            return
        }
        let bin = Int(second)
        if bin >= held.count {
            held.append(contentsOf: repeatElement(0, count: bin + 1 - held.count))
            spent.append(contentsOf: repeatElement(0, count: bin + 1 - spent.count))
        }
        held[bin] += change
        spent[bin] += taken
    }

    mutating func add(_ other: CreditCurve) {
        last = max(last, other.last)
        for bin in other.held.indices where other.held[bin] != 0 || other.spent[bin] != 0 {
            add(held: other.held[bin], spent: other.spent[bin], second: Int64(bin))
        }
        for (second, change) in other.late { add(held: change.held, spent: change.spent, second: second) }
    }

    /// The sums at the end of each second, to the end of a run or an hour behind it, seven days at most.
    func sums(end: Int64) -> (spent: [Int64], held: [Int64]) {
        let count = Int(min(max(end, last), end + Self.tail, Self.longest) / Tally.second) + 1
        var spent = [Int64](repeating: 0, count: count)
        var held = spent
        for bin in self.held.indices {
            held[min(count - 1, bin)] += self.held[bin]
            spent[min(count - 1, bin)] += self.spent[bin]
        }
        for change in late {
            held[min(count - 1, Int(change.key))] += change.value.held
            spent[min(count - 1, Int(change.key))] += change.value.spent
        }
        for bin in 1..<max(1, count) {
            spent[bin] += spent[bin - 1]
            held[bin] += held[bin - 1]
        }
        return (spent, held)
    }
}

extension RunResult.Money {
    fileprivate mutating func add(_ other: RunResult.Money) {
        spent += other.spent
        heldAtEnd += other.heldAtEnd
        doubleCharged += other.doubleCharged
        neverFetched += other.neverFetched
        breaches = Array((breaches + other.breaches).prefix(Self.breachLimit))
        accountsAudited += other.accountsAudited
    }
}
