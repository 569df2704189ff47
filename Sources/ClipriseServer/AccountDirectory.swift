internal import ClipriseEngine
internal import ClipriseLocks
internal import ClipriseState
internal import ClipriseWire
internal import MicroHTTPD
internal import Synchronization

/// One account and its lock.
final class AccountCell: Sendable {
    private let account: Locked<Account>
    /// The exchanges whose answers wait on the account's clock, by their numbers in its journal.
    private let waiting = Locked([Int: ExchangeHandle]())
    /// Where the account stands among all that there ever were, 0-based, in the order of their making.
    let position: Int
    let key: [UInt8]
    /// Looks for the key where it does not belong.
    let keySearch: KeySearch
    /// The key as the log shows it.
    let shownKey: [UInt8]
    /// Who saves the account; nil without a state file.
    private let keeper: StateKeeper?
    /// The account's number in the state file.
    let stateID: Int64
    /// Whether it was given up, and the state file knows of it.
    private let left = Locked(false)

    init(_ account: Account, position: Int, keeper: StateKeeper? = nil, stateID: Int64 = 0) {
        key = account.key
        keySearch = account.keySearch
        shownKey = ShortenedKey.bytes(account.key)
        self.account = Locked(account)
        self.position = position
        self.keeper = keeper
        self.stateID = stateID
    }

    /// Nothing inside waits, sends or logs.
    @inline(__always) func withLock<Result: Sendable>(_ body: (inout Account) -> Result) -> Result {
        let place = account.lock()
        defer { account.unlock() }
        let result = body(&place.pointee)
        if let keeper {
            let news = place.pointee.takeNews()
            if news > .none { keeper.changed(self, isUrgent: news == .urgent) }
        }
        return result
    }

    var hasLeft: Bool { left.withLock(\.self) }

    /// Whether a state file keeps the account.
    var isSaved: Bool { keeper != nil }

    /// Notes that it was given up; false when that was known.
    func leave() -> Bool {
        left.withLock { left in
            defer { left = true }
            return !left
        }
    }

    func wait(_ sequence: Int, _ exchange: ExchangeHandle) {
        waiting.withLock { $0[sequence] = exchange }
    }

    func exchange(_ sequence: Int) -> ExchangeHandle? {
        waiting.withLock { $0[sequence] }
    }

    func forget(_ sequence: Int) {
        _ = waiting.withLock { $0.removeValue(forKey: sequence) }
    }

    /// Lets every answer go that waits on the account's clock: the account is given up.
    func releaseAll() {
        let waits = withLock { $0.releaseHeld() }
        for sequence in waits { exchange(sequence)?.release() }
    }
}

/// All accounts by key.
///
/// Accounts share nothing but this index, which is locked only to be looked up.
final class AccountDirectory: Sendable {
    /// The most accounts of one server; each takes about 1 KB before its first task.
    static let limit = 1_000_000

    private struct Index: Sendable {
        var keys = ByteIndex()
        /// By the numbers of their keys; nil for one that was removed.
        var slots: [AccountCell?] = []
        /// Those that are there, in order; nil after a removal, until someone asks.
        var dense: [AccountCell]? = []
        var removed = 0
        /// Accounts ever made.
        var made = 0
        /// Counts the keys that the server chose, so that each is new.
        var chosen: UInt64 = 0

        var count: Int { slots.count - removed }

        mutating func all() -> [AccountCell] {
            if let dense { return dense }
            let found = slots.compactMap(\.self).sorted { $0.position < $1.position }
            dense = found
            return found
        }

        func find(_ key: ArraySlice<UInt8>) -> AccountCell? { keys.number(of: key).flatMap { slots[$0] } }

        /// Puts in an account whose key is not there.
        mutating func insert(_ account: Account, _ keeper: StateKeeper?) -> AccountCell {
            let cell = AccountDirectory.cell(account, position: made, keeper)
            made += 1
            return insert(cell, key: account.key)
        }

        mutating func insert(_ cell: AccountCell, key: [UInt8]) -> AccountCell {
            if let number = keys.number(of: key[...]) {
                slots[number] = cell
                removed -= 1
                // It stands behind the others now, where its number does not say so.
                dense = nil
            } else {
                _ = keys.add(key)
                slots.append(cell)
                dense?.append(cell)
            }
            return cell
        }

        mutating func remove(_ key: ArraySlice<UInt8>) {
            guard let number = keys.number(of: key), slots[number] != nil else { return }
            slots[number] = nil
            removed += 1
            dense = nil
            if removed > count + 1_024 { tidy() }
        }

        /// Forgets the keys of those that were removed.
        private mutating func tidy() {
            let there = all()
            keys = ByteIndex()
            for cell in there { _ = keys.add(cell.withLock(\.key)) }
            slots = there
            removed = 0
        }
    }

    private let index = Locked(Index())
    /// How often a key came to mean another account, or none.
    private let changed = Atomic(0)
    private let seed: UInt64
    private let make: @Sendable (_ key: [UInt8], _ credits: Int64) -> Account
    /// Who saves the accounts; nil without a state file.
    private let keeper: StateKeeper?

    /// - Parameter make: Makes an account as it is at its start.
    init(
        seed: UInt64, keeper: StateKeeper? = nil,
        make: @escaping @Sendable (_ key: [UInt8], _ credits: Int64) -> Account
    ) {
        self.seed = seed
        self.make = make
        self.keeper = keeper
    }

    var count: Int { index.withLock { $0.count } }

    /// How often a key came to mean another account, or none: while it stays the same, so does what was found.
    var changes: Int { changed.load(ordering: .acquiring) }

    /// In the order of their making.
    var all: [AccountCell] { index.withLock { $0.all() } }

    func find(_ key: ArraySlice<UInt8>) -> AccountCell? {
        let place = index.lock()
        defer { index.unlock() }
        return place.pointee.find(key)
    }

    /// Removes an account; nothing happens when there is none of this key.
    func remove(_ key: [UInt8]) {
        index.withLock { index in
            if let keeper, let cell = index.find(key[...]) { keeper.removed([cell]) }
            index.remove(key[...])
            changed.add(1, ordering: .releasing)
        }
    }

    /// Makes an account; nil when the key is taken or the directory is full.
    func add(_ key: [UInt8], credits: Int64) -> AccountCell? {
        index.withLock { add(key, credits: credits, to: &$0) }
    }

    /// The account of this key, made now if there is none; nil when the directory is full.
    func findOrAdd(_ key: [UInt8], credits: Int64) -> AccountCell? {
        index.withLock { index in
            index.find(key[...]) ?? add(key, credits: credits, to: &index)
        }
    }

    /// Makes an account under a key of the server's choice, which follows from the seed and the count of such keys.
    func addUnnamed(credits: Int64) -> AccountCell? {
        index.withLock { index in
            while true {
                index.chosen &+= 1
                let word = String(Draw.mix(Draw.mix(seed, 0x6B65_79), index.chosen), radix: 16)
                let key = Array("mock-\(String(repeating: "0", count: 16 - word.count))\(word)".utf8)
                guard index.find(key[...]) == nil else { continue }
                return add(key, credits: credits, to: &index)
            }
        }
    }

    /// Replaces all accounts.
    ///
    /// - Returns: The accounts that were there.
    func replaceAll(with accounts: [(key: [UInt8], credits: Int64)]) -> [AccountCell] {
        replaceAll { index in
            for account in accounts { _ = add(account.key, credits: account.credits, to: &index) }
        }
    }

    /// Replaces all accounts by accounts that are made already; their keys differ.
    ///
    /// - Returns: The accounts that were there.
    func replaceAll(with accounts: [Account]) -> [AccountCell] {
        replaceAll { index in
            for account in accounts { _ = index.insert(account, keeper) }
        }
    }

    /// The new index is made, and the old one let go, outside the lock: nobody waits for a crowd of accounts.
    private func replaceAll(_ fill: (inout Index) -> Void) -> [AccountCell] {
        var new = Index()
        return saved(&new) { new in
            fill(&new)
            let made = new
            var old = index.withLock { index in
                defer {
                    index = made
                    changed.add(1, ordering: .releasing)
                }
                return index
            }
            let cells = old.all()
            keeper?.removed(cells)
            return cells
        }
    }

    /// Puts a new account in the place of one.
    ///
    /// - Returns: The account that was there, or nil when there is none.
    func restart(_ key: [UInt8], credits: Int64) -> AccountCell? {
        index.withLock { index in
            guard let number = index.keys.number(of: key[...]), let old = index.slots[number] else { return nil }
            return saved(&index) { index in
                var account = make(key, credits)
                account.label = old.withLock(\.label)
                keeper?.removed([old])
                index.slots[number] = Self.cell(account, position: old.position, keeper)
                index.dense = nil
                changed.add(1, ordering: .releasing)
                return old
            }
        }
    }

    private func add(_ key: [UInt8], credits: Int64, to index: inout Index) -> AccountCell? {
        guard index.find(key[...]) == nil, index.count < Self.limit else { return nil }
        let cell = index.insert(make(key, credits), keeper)
        keeper?.counted(made: index.made, chosen: index.chosen)
        return cell
    }

    /// Saves together what `body` changes.
    private func saved<Result>(_ index: inout Index, _ body: (inout Index) -> Result) -> Result {
        guard let keeper else { return body(&index) }
        return keeper.together {
            defer { keeper.counted(made: index.made, chosen: index.chosen) }
            return body(&index)
        }
    }

    private static func cell(_ account: Account, position: Int, _ keeper: StateKeeper?) -> AccountCell {
        guard let keeper else { return AccountCell(account, position: position) }
        var account = account
        account.keepChanges(journal: keeper.keepsJournals)
        let cell = AccountCell(account, position: position, keeper: keeper, stateID: keeper.newID())
        // Looked at once, so that it is saved.
        cell.withLock { _ in }
        return cell
    }

    /// Puts in accounts that the state file has.
    ///
    /// - Parameter prepare: Brings an account to the present.
    func adopt(_ state: SavedState, _ prepare: (inout SavedState.Entry) -> Void) {
        guard let keeper else { return }
        index.withLock { index in
            for entry in state.entries {
                var entry = entry
                prepare(&entry)
                let cell = AccountCell(entry.account, position: entry.place, keeper: keeper, stateID: entry.id)
                _ = index.insert(cell, key: entry.account.key)
                cell.withLock { _ in }
            }
            (index.made, index.chosen) = (state.made, state.chosen)
        }
    }
}
