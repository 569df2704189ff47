internal import ClipriseEngine
internal import ClipriseLocks
internal import ClipriseWire

/// One account and its lock.
final class AccountCell: Sendable {
    private let account: Locked<Account>
    /// Where the account stands among all, 0-based, in the order of their making.
    let position: Int

    init(_ account: Account, position: Int) {
        self.account = Locked(account)
        self.position = position
    }

    /// Nothing inside waits, sends or logs.
    func withLock<Result: Sendable>(_ body: (inout Account) -> Result) -> Result {
        account.withLock { account in body(&account) }
    }
}

/// All accounts by key. Accounts share nothing but this index, which is locked only to be looked up.
final class AccountDirectory: Sendable {
    /// The most accounts of one server; each takes about 1 KB before its first task.
    static let limit = 1_000_000

    private struct Index: Sendable {
        var keys = ByteIndex()
        var inOrder: [AccountCell] = []
        /// Counts the keys that the server chose, so that each is new.
        var chosen: UInt64 = 0
    }

    private let index = Locked(Index())
    private let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed
    }

    var count: Int { index.withLock { $0.inOrder.count } }

    var all: [AccountCell] { index.withLock { $0.inOrder } }

    func find(_ key: ArraySlice<UInt8>) -> AccountCell? {
        index.withLock { index in index.keys.number(of: key).map { index.inOrder[$0] } }
    }

    /// Makes an account; nil when the key is taken or the directory is full.
    func add(_ key: [UInt8], credits: Int64, at now: Instant) -> AccountCell? {
        index.withLock { Self.add(key, credits: credits, seed: seed, at: now, to: &$0) }
    }

    /// The account of this key, made now if there is none; nil when the directory is full.
    func findOrAdd(_ key: [UInt8], credits: Int64, at now: Instant) -> AccountCell? {
        index.withLock { index in
            index.keys.number(of: key[...]).map { index.inOrder[$0] }
                ?? Self.add(key, credits: credits, seed: seed, at: now, to: &index)
        }
    }

    /// Makes an account under a key of the server's choice, which follows from the seed and the count of such keys.
    func addUnnamed(credits: Int64, at now: Instant) -> AccountCell? {
        index.withLock { index in
            while true {
                index.chosen += 1
                let word = String(Draw.mix(Draw.mix(seed, 0x6B65_79), index.chosen), radix: 16)
                let key = Array("mock-\(String(repeating: "0", count: 16 - word.count))\(word)".utf8)
                guard index.keys.number(of: key[...]) == nil else { continue }
                return Self.add(key, credits: credits, seed: seed, at: now, to: &index)
            }
        }
    }

    /// Replaces all accounts.
    ///
    /// - Returns: The accounts that were there.
    func replaceAll(with accounts: [ServerConfiguration.Account], at now: Instant) -> [AccountCell] {
        index.withLock { index in
            let old = index.inOrder
            index = Index()
            for account in accounts {
                _ = Self.add(Array(account.key.utf8), credits: account.credits, seed: seed, at: now, to: &index)
            }
            return old
        }
    }

    private static func add(
        _ key: [UInt8], credits: Int64, seed: UInt64, at now: Instant, to index: inout Index
    ) -> AccountCell? {
        guard index.keys.number(of: key[...]) == nil, index.inOrder.count < limit else { return nil }
        let account = Account(key: key, credits: credits, seed: seed, at: now)
        let cell = AccountCell(account, position: index.inOrder.count)
        _ = index.keys.add(key)
        index.inOrder.append(cell)
        return cell
    }
}
