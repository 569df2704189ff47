import ClipriseWire

@testable import ClipriseCatalog
@testable import ClipriseEngine

/// What the tests of the engine order.
enum Samples {
    static let key = Array("test-key".utf8)

    static func order(
        credits: Int64 = 12, prompt: String = "A pier", callBackURL: String = "https://hooks.example.com/done",
        model: Int = 0, isVideo: Bool = false, typicalSeconds: Double = 5
    ) -> Order {
        let terms = Order.Terms(
            model: model, row: 0, multiplier: 1, credits: credits,
            shape: ResultShape(form: .png, width: 64, height: 32, seconds: 0, count: 1, hasSound: false),
            isVideo: isVideo, typicalSeconds: typicalSeconds, callBackURL: Array(callBackURL.utf8), warnings: [])
        return Order(Order.SharedTerms(terms), prompt: Array(prompt.utf8))
    }

    static func account(credits: Int64 = 100, seed: UInt64 = 1, key: String = "test-key") -> Account {
        Account(key: Array(key.utf8), credits: credits, seed: seed, at: .start)
    }

    static func entries(_ account: Account) -> [Ledger.Entry] {
        account.ledger.entries.indices.map { account.ledger.entries[$0] }
    }
}

extension Account {
    /// Accepts an order that ends by the clock, within 20 % of `life`.
    mutating func accept(
        _ order: Order, life: TimeSpan, chargesAtAccept: Bool = false, at now: Instant
    ) -> TaskID? {
        accept(order, plan: TaskPlan(end: .after(usualLife(life)), chargesAtAccept: chargesAtAccept), at: now)
    }
}

extension Engine {
    /// Accepts an order with the usual life of its model.
    func accept(_ order: Order, for account: inout Account, at now: Instant) -> Decision {
        account.settle(at: now)
        return accept(
            order, at: order.credits, plan: TaskPlan(end: .after(account.usualLife(life(of: order)))),
            for: &account)
    }
}
