import ClipriseLocks
import ClipriseWire
import Testing

@testable import ClipriseEngine

/// Money under any order of events (contract, CR-7).
@Suite struct MoneyInvariantTests {
    /// Change it to look elsewhere; a failure names it.
    static let seed: UInt64 = 20_260_404
    static let threads = 4
    static let accountCount = 3

    /// One random step; what it is follows from seed, round, thread and number alone.
    enum Step {
        case accept(credits: Int64, life: TimeSpan, chargesAtAccept: Bool)
        case advance(TimeSpan)
        /// How far back from the newest task.
        case fail(back: Int)
        case succeed(back: Int)
        case topUp(Int64)
        case adjust(Int64)
        case drain(to: Int64)

        init(_ word: UInt64) {
            let amount = Int64(word >> 8 & 0x3F)
            switch word % 11 {
            case 0...3:
                self = .accept(
                    credits: amount, life: .milliseconds(Int64(word >> 16 & 0xFF)),
                    chargesAtAccept: word >> 32 & 3 == 0)
            case 4: self = .advance(.milliseconds(Int64(word >> 16 & 0x7F)))
            case 5: self = .fail(back: Int(word >> 16 & 7))
            case 6: self = .succeed(back: Int(word >> 16 & 7))
            case 7: self = .topUp(amount + 1)
            case 8, 9: self = .adjust(amount - 40)
            default: self = .drain(to: amount)
            }
        }

        /// - Parameter clock: The account's own clock, moved by `advance`.
        func take(_ account: inout Account, _ clock: inout Instant) {
            switch self {
            case .accept(let credits, let life, let chargesAtAccept):
                let available = account.ledger.available
                let isAccepted =
                    account.accept(
                        Samples.order(credits: credits), life: life, chargesAtAccept: chargesAtAccept, at: clock) != nil
                // Settling comes first and only ever gives back.
                precondition(isAccepted || credits > available)
            case .advance(let span): clock = clock.advanced(by: span)
            case .fail(let back) where back < account.taskCount:
                _ = account.force(.failed(message: "no"), at: account.taskCount - 1 - back, now: clock)
            case .succeed(let back) where back < account.taskCount:
                _ = account.force(.succeeded, at: account.taskCount - 1 - back, now: clock)
            case .fail, .succeed: account.settle(at: clock)
            case .topUp(let credits): _ = account.topUp(credits, at: clock)
            case .adjust(let credits): _ = account.adjust(by: credits, at: clock)
            case .drain(let rest):
                account.settle(at: clock)
                account.drain(to: rest, wall: 0)
            }
        }
    }

    struct Shared: Sendable {
        var account: Account
        var clock = Instant.start
    }

    @Test(.timeLimit(.minutes(10)))
    func `10,000 random interleavings on several threads break no invariant`() async {
        for round in 0..<10_000 / 50 {
            let accounts = (0..<Self.accountCount).map { number in
                Locked(Shared(account: Samples.account(credits: 100, seed: Self.seed, key: "account \(number)")))
            }
            await withTaskGroup { group in
                for thread in 0..<Self.threads {
                    group.addTask { Self.run(round: round, thread: thread, accounts) }
                }
            }
            for account in accounts {
                let breach = account.withLock { shared in Self.fault(of: shared, atEnd: true) }
                #expect(breach == nil, "seed \(Self.seed), round \(round)")
            }
        }
    }

    /// 50 interleavings a round: each is a run of steps of one thread between those of the others.
    private static func run(round: Int, thread: Int, _ accounts: [Locked<Shared>]) {
        let base = Draw.mix(Draw.mix(seed, UInt64(round)), UInt64(thread))
        for number in 0..<50 {
            let word = Draw.mix(base, UInt64(number))
            let breach = accounts[Int(word % UInt64(accounts.count))].withLock { shared in
                for step in 0..<4 { Step(Draw.mix(word, UInt64(step))).take(&shared.account, &shared.clock) }
                return fault(of: shared, atEnd: false)
            }
            if let breach {
                Issue.record("seed \(seed), round \(round), thread \(thread), step \(number): \(breach)")
                return
            }
        }
    }

    /// What does not add up, or nil.
    private static func fault(of shared: Shared, atEnd: Bool) -> String? {
        let ledger = shared.account.ledger
        if let breach = ledger.breach { return breach }
        guard ledger.available >= 0, ledger.held >= 0, ledger.balance == ledger.available + ledger.held else {
            return "below zero"
        }
        // The ledger is replayed now and then: all of it every time would be quadratic.
        guard atEnd || ledger.entries.count % 16 == 0 else { return nil }
        return LedgerReplay(ledger).fault(in: shared.account, at: shared.clock)
    }

    @Test func `one thread alone gives the same ledger every time`() {
        func run() -> [Ledger.Entry] {
            var shared = Shared(account: Samples.account(credits: 100, seed: Self.seed))
            for number in 0..<5_000 {
                Step(Draw.mix(Self.seed, UInt64(number))).take(&shared.account, &shared.clock)
            }
            return Samples.entries(shared.account)
        }
        let first = run()
        #expect(first == run())
        #expect(Set(first.map(\.kind)) == Set(Ledger.Kind.allCases), "the steps reach every kind of movement")
    }
}

/// A ledger added up again from its entries, by other means than the ledger's own.
struct LedgerReplay {
    private var available: Int64 = 0
    private var held: Int64 = 0
    private var captured: Int64 = 0
    private var least: Int64 = 0
    private var open: [Int: Int64] = [:]
    private var succeeded: Set<Int> = []
    private var failed: Set<Int> = []
    private var problem: String?
    private let expected: (available: Int64, held: Int64, captured: Int64)

    init(_ ledger: Ledger) {
        expected = (ledger.available, ledger.held, ledger.captured)
        for index in ledger.entries.indices { add(ledger.entries[index]) }
    }

    private mutating func add(_ entry: Ledger.Entry) {
        switch (entry.kind, entry.task) {
        case (.opening, nil), (.topUp, nil), (.adjustment, nil), (.drain, nil): available += entry.credits
        case (.hold, let task?):
            if open[task] != nil || succeeded.contains(task) || failed.contains(task) {
                problem = "task \(task) is held twice"
            }
            open[task] = entry.credits
            available -= entry.credits
            held += entry.credits
        case (.capture, let task?):
            if open.removeValue(forKey: task) != entry.credits { problem = "task \(task) captures what is not held" }
            succeeded.insert(task)
            held -= entry.credits
            captured += entry.credits
        case (.refund, let task?):
            if succeeded.remove(task) == nil { problem = "task \(task) gives back what was not taken" }
            failed.insert(task)
            available += entry.credits
            captured -= entry.credits
        case (.release, let task?):
            if open.removeValue(forKey: task) != entry.credits { problem = "task \(task) releases what is not held" }
            failed.insert(task)
            held -= entry.credits
            available += entry.credits
        default: problem = "\(entry.kind) with task \(entry.task.map(String.init) ?? "none")"
        }
        least = min(least, available, held)
    }

    /// - Parameter now: The instant at which the account is looked at; what falls due by then settles.
    func fault(in account: Account, at now: Instant) -> String? {
        if let problem { return problem }
        guard least == 0 else { return "below zero on the way" }
        guard (available, held, captured) == expected else {
            return "replay gives \((available, held, captured)), the ledger says \(expected)"
        }
        let entryCount = account.ledger.entries.count
        var copy = account
        copy.settle(at: now)
        // Only tasks that nothing has settled since may differ from the entries read.
        guard copy.ledger.entries.count == entryCount else { return nil }
        for position in 0..<copy.taskCount {
            let isRight =
                switch copy.glance(at: position, at: now).outcome {
                case .processing: open[position] != nil || succeeded.contains(position)
                case .succeeded: succeeded.contains(position)
                case .failed: failed.contains(position)
                }
            guard isRight else { return "task \(position) and its entries disagree" }
        }
        return nil
    }
}
