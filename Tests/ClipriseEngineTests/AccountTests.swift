import ClipriseCatalog
import ClipriseWire
import Testing

@testable import ClipriseEngine

@Suite struct AccountTests {
    static let life = TimeSpan.seconds(10)

    @Test func `a task settles at the instant it falls due, however late one looks`() throws {
        var early = Samples.account()
        _ = early.accept(Samples.order(), life: Self.life, at: .start)
        let due = early.task(at: 0, at: .start).dueAt
        var late = early
        early.settle(at: due)
        late.settle(at: .seconds(1_000_000))
        #expect(Samples.entries(early) == Samples.entries(late))
        #expect(Samples.entries(late).last?.at == due)
        #expect(late.task(at: 0, at: .seconds(1_000_001)).dueAt == due)
    }

    @Test func `a nanosecond before it is due a task is processing`() {
        var account = Samples.account()
        _ = account.accept(Samples.order(), life: Self.life, at: .start)
        let due = account.task(at: 0, at: .start).dueAt
        let before = Instant(nanoseconds: due.nanoseconds - 1)
        #expect(account.glance(at: 0, at: before).outcome == .processing)
        #expect(account.ledger.held == 12)
        #expect(account.glance(at: 0, at: due).outcome == .succeeded)
        #expect((account.ledger.held, account.ledger.captured) == (0, 12))
    }

    @Test func `time never runs backwards for an account`() {
        var account = Samples.account()
        account.settle(at: .seconds(100))
        _ = account.accept(Samples.order(), life: Self.life, at: .seconds(5))
        #expect(account.task(at: 0, at: .start).acceptedAt == .seconds(100))
        #expect(account.glance(at: 0, at: .seconds(50)).outcome == .processing)
        _ = account.topUp(1, at: .start)
        let instants = Samples.entries(account).map(\.at)
        #expect(instants == instants.sorted())
    }

    @Test func `tasks settle in the order of their instants, equal ones in the order of acceptance`() {
        var account = Samples.account(credits: 1_000_000)
        for number in 0..<300 {
            _ = account.accept(Samples.order(), life: number % 3 == 0 ? .zero : Self.life, at: .seconds(1))
        }
        account.settle(at: .seconds(100))
        let captures = Samples.entries(account).filter { $0.kind == .capture }
        #expect(captures.count == 300)
        for (one, next) in zip(captures, captures.dropFirst()) {
            #expect(one.at < next.at || (one.at == next.at && (one.task ?? 0) < (next.task ?? 0)))
        }
    }

    @Test func `a life is within a fifth of the usual one, and lives differ`() {
        var account = Samples.account(credits: 1_000_000)
        var lives: [Int64] = []
        for position in 0..<1_000 {
            _ = account.accept(Samples.order(credits: 1), life: Self.life, at: .start)
            lives.append(account.task(at: position, at: .start).dueAt.nanoseconds)
        }
        #expect(lives.allSatisfy { (8_000_000_000...12_000_000_000).contains($0) })
        #expect(Set(lives).count > 990)
        #expect(lives.min() ?? 0 < 8_100_000_000)
        #expect(lives.max() ?? 0 > 11_900_000_000)
    }

    @Test func `ids and lives follow from seed, key and order alone`() {
        func run(seed: UInt64, key: String, price: Int64) -> ([TaskID], [Instant]) {
            var account = Samples.account(credits: 1_000, seed: seed, key: key)
            let ids = (0..<10).compactMap { _ in
                account.accept(Samples.order(credits: price), life: Self.life, at: .start)
            }
            return (ids, (0..<10).map { account.task(at: $0, at: .start).dueAt })
        }
        let first = run(seed: 1, key: "a", price: 1)
        #expect(first == run(seed: 1, key: "a", price: 2))
        #expect(first.0 != run(seed: 2, key: "a", price: 1).0)
        #expect(first.0 != run(seed: 1, key: "b", price: 1).0)
        #expect(first.1 != run(seed: 2, key: "a", price: 1).1)
    }

    @Test func `a refused order takes no id and no entry`() {
        var account = Samples.account(credits: 12)
        let first = account.accept(Samples.order(credits: 13), life: Self.life, at: .start)
        #expect(first == nil)
        #expect((account.taskCount, account.ledger.entries.count) == (0, 1))
        let second = account.accept(Samples.order(credits: 12), life: Self.life, at: .start)
        #expect(second == account.id(of: 0))
    }

    @Test func `an id is found in its account once the task is there, and nowhere else`() {
        var account = Samples.account()
        let other = Samples.account(key: "other")
        let next = account.id(of: 0)
        #expect(account.position(of: next) == nil)
        _ = account.accept(Samples.order(), life: Self.life, at: .start)
        #expect(account.position(of: next) == 0)
        #expect(other.position(of: next) == nil)
        #expect(account.position(of: account.id(of: 1)) == nil)
    }

    @Test func `a task that is ended by hand stays as it ended`() {
        var account = Samples.account()
        _ = account.accept(Samples.order(), life: Self.life, at: .start)
        let isFailed = account.force(.failed(message: "no"), at: 0, now: .seconds(1))
        #expect(isFailed)
        let isChanged = account.force(.succeeded, at: 0, now: .seconds(2))
        #expect(!isChanged)
        #expect(account.glance(at: 0, at: .seconds(100)).outcome == .failed(message: "no"))
        #expect((account.ledger.available, account.ledger.held) == (100, 0))
        #expect(account.task(at: 0, at: .seconds(100)).dueAt == .seconds(1))
    }

    @Test func `a task that fell due cannot be made to fail any more`() {
        var account = Samples.account()
        _ = account.accept(Samples.order(), life: Self.life, at: .start)
        let isFailed = account.force(.failed(message: "no"), at: 0, now: .seconds(13))
        #expect(!isFailed)
        #expect(account.ledger.captured == 12)
    }

    @Test func `no task can be made to process`() {
        var account = Samples.account()
        _ = account.accept(Samples.order(), life: Self.life, at: .start)
        let isDone = account.force(.processing, at: 0, now: .start)
        #expect(!isDone)
        #expect(account.ledger.held == 12)
    }

    @Test func `messages are kept byte by byte`() {
        var account = Samples.account()
        let messages = ["caf\u{E9}", "cafe\u{301}", "no", "caf\u{E9}"]
        for (position, message) in messages.enumerated() {
            _ = account.accept(Samples.order(credits: 1), life: Self.life, at: .start)
            _ = account.force(.failed(message: message), at: position, now: .start)
        }
        for (position, message) in messages.enumerated() {
            guard case .failed(let kept) = account.glance(at: position, at: .start).outcome else { return }
            #expect(Array(kept.utf8) == Array(message.utf8))
        }
    }

    @Test(arguments: [3_600_000_000, 1_000_000_000_000] as [Int64])
    func `a price of any size that can be held is captured whole`(credits: Int64) {
        var account = Samples.account(credits: Ledger.limit)
        _ = account.accept(Samples.order(credits: credits), life: Self.life, at: .start)
        #expect(account.ledger.held == credits)
        account.settle(at: .seconds(100))
        #expect((account.ledger.held, account.ledger.captured) == (0, credits))
    }

    @Test func `texts and measures come back as they went in`() {
        var account = Samples.account(credits: 1_000_000)
        for number in 0..<2_000 {
            let order = Samples.order(
                credits: 1, prompt: "prompt \(number / 2)", callBackURL: "https://hooks.example.com/\(number)",
                model: number % 30)
            _ = account.accept(order, life: Self.life, at: .start)
        }
        for number in [0, 1, 511, 512, 1_023, 1_999] {
            let task = account.task(at: number, at: .start)
            #expect(task.prompt == "prompt \(number / 2)")
            #expect(task.callBackURL == "https://hooks.example.com/\(number)")
            #expect(task.model == number % 30)
            #expect(task.shape == Samples.order().shape)
        }
    }

    @Test func `the texts of tasks that ended come back too, from the account and in its snapshot`() {
        let count = 3_000
        func prompt(_ number: Int) -> String { "a lighthouse at dusk, oil on canvas, number \(number)" }
        var account = Samples.account(credits: 1_000_000)
        for number in 0..<count {
            let order = Samples.order(
                credits: 1 + Int64(number % 3), prompt: prompt(number),
                callBackURL: "https://hooks.example.com/\(number)", model: number / 2 % 7)
            _ = account.accept(order, life: Self.life, at: .start)
        }
        account.settle(at: .seconds(100))
        #expect(account.ledger.held == 0)
        for number in (0..<count).reversed() {
            let task = account.task(at: number, at: .seconds(100))
            #expect(task.prompt == prompt(number))
            #expect(task.callBackURL == "https://hooks.example.com/\(number)")
            #expect((task.model, task.credits) == (number / 2 % 7, 1 + Int64(number % 3)))
        }
        let snapshot = account.snapshot
        #expect(snapshot.tasks.map(\.prompt) == (0..<count).map(prompt))
        #expect(snapshot.tasks.map(\.callBackURL) == (0..<count).map { "https://hooks.example.com/\($0)" })
    }

    /// In builds without optimization too, which is what `swift run` makes: else each generate costs more than the last.
    @Test func `counting a body copies nothing of those that were counted before`() {
        func place(_ account: Account) -> UInt { unsafeBitCast(account.world.bodyCounts, to: (UInt, Int).self).0 }
        var account = Samples.account()
        for hash in 0..<1_000 as Range<UInt64> { #expect(account.countBody(hash) == 1) }
        let before = place(account)
        // After each: a second copy often lies where the first one did.
        for hash in 0..<1_000 as Range<UInt64> {
            #expect(account.countBody(hash) == 2)
            #expect(place(account) == before)
        }
        #expect(account.world.bodyCounts.count == 1_000)
        #expect(account.world.bodyCounts.all.map(\.hash).sorted() == Array(0..<1_000))
    }
}
