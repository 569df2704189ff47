public import ClipriseWire

/// The money of one account in whole credits, with an entry for every movement (contract, CR-6 and CR-7).
public struct Ledger: Sendable {
    public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
        /// The credits that the account starts with.
        case opening
        /// Accepting a task sets its price aside.
        case hold
        /// Success takes what was set aside.
        case capture
        /// Failure gives it back.
        case release
        case topUp
        /// A correction by hand; may take credits away.
        case adjustment
        /// Failure gives back what had been taken at acceptance.
        case refund
        /// A fault took credits away.
        case drain
    }

    public struct Entry: Sendable, Hashable {
        public var kind: Kind
        /// The 0-based position of the task, or nil for movements without one.
        public let task: Int?
        public var credits: Int64
        public var at: Instant

        /// What the movement does to the credits that can be spent; the sum over the ledger is the balance.
        public var change: Int64 {
            switch kind {
            case .hold: -credits
            case .capture: 0
            case .opening, .release, .topUp, .adjustment, .refund, .drain: credits
            }
        }
    }

    /// What the entries that were dropped come to: with those that are there it gives the sums of the ledger.
    public struct Carried: Sendable, Hashable {
        public var available: Int64 = 0
        public var held: Int64 = 0
        public var captured: Int64 = 0
        public var paidIn: Int64 { available + held + captured }

        fileprivate mutating func add(_ entry: Entry) {
            available += entry.change
            switch entry.kind {
            case .hold: held += entry.credits
            case .capture:
                held -= entry.credits
                captured += entry.credits
            case .release: held -= entry.credits
            case .refund: captured -= entry.credits
            case .opening, .topUp, .adjustment, .drain: break
            }
        }
    }

    /// The most credits that an account can have: sums stay far from the end of `Int64`.
    public static let limit: Int64 = 1_000_000_000_000

    /// Credits that can be spent.
    public internal(set) var available: Int64
    /// Credits set aside for tasks that are not finished.
    public internal(set) var held: Int64 = 0
    /// Credits taken for successful tasks; with a charge at acceptance also for those that are not finished.
    public internal(set) var captured: Int64 = 0
    /// Opening credits, top-ups and adjustments.
    public internal(set) var paidIn: Int64
    /// By their numbers; the first ones may have been dropped.
    public internal(set) var entries = LedgerEntries()
    /// What the entries that were dropped came to.
    public internal(set) var carried = Carried()
    /// The credits that the account started with.
    public let opening: Int64

    public init(opening: Int64, at now: Instant) {
        precondition((0...Self.limit).contains(opening), "opening credits are 0 to \(Self.limit)")
        self.opening = opening
        available = opening
        paidIn = opening
        entries.append(Entry(kind: .opening, task: nil, credits: opening, at: now))
    }

    /// Credits not yet taken: those that can be spent and those set aside.
    public var balance: Int64 { available + held }

    /// Sets credits aside; false, and nothing is done, when too few can be spent.
    public mutating func hold(_ credits: Int64, task: Int, at now: Instant) -> Bool {
        precondition(credits >= 0, "a price is not negative")
        guard credits <= available else { return false }
        available -= credits
        held += credits
        record(.hold, task, credits, now)
        return true
    }

    public mutating func capture(_ credits: Int64, task: Int, at now: Instant) {
        held -= credits
        captured += credits
        record(.capture, task, credits, now)
    }

    public mutating func release(_ credits: Int64, task: Int, at now: Instant) {
        held -= credits
        available += credits
        record(.release, task, credits, now)
    }

    public mutating func refund(_ credits: Int64, task: Int, at now: Instant) {
        captured -= credits
        available += credits
        record(.refund, task, credits, now)
    }

    /// Takes away all that can be spent but `rest`.
    ///
    /// - Returns: The credits taken.
    public mutating func drain(to rest: Int64, at now: Instant) -> Int64 {
        let taken = max(0, available - max(0, rest))
        guard taken > 0 else { return 0 }
        available -= taken
        paidIn -= taken
        record(.drain, nil, -taken, now)
        return taken
    }

    /// Adds credits; false, and nothing is done, when the account would hold more than the limit.
    public mutating func topUp(_ credits: Int64, at now: Instant) -> Bool {
        precondition(credits > 0, "a top-up adds credits")
        guard credits <= Self.limit, balance + credits <= Self.limit else { return false }
        available += credits
        paidIn += credits
        record(.topUp, nil, credits, now)
        return true
    }

    /// Corrects the credits that can be spent; false, and nothing is done, when they would leave 0 … limit.
    public mutating func adjust(by credits: Int64, at now: Instant) -> Bool {
        guard (-Self.limit...Self.limit).contains(credits), available + credits >= 0, balance + credits <= Self.limit
        else {
            return false
        }
        available += credits
        paidIn += credits
        record(.adjustment, nil, credits, now)
        return true
    }

    /// A ledger whose first entries were dropped.
    ///
    /// - Parameter entries: How many of them, at least one.
    init(opening: Int64, carried: Carried, entries: Int) {
        self.opening = opening
        self.carried = carried
        (available, held, captured, paidIn) = (carried.available, carried.held, carried.captured, carried.paidIn)
        self.entries = LedgerEntries(first: entries)
    }

    /// Forgets the entries before the hold of a task, or all where there is none, and carries on what they came to.
    mutating func forgetEntries(beforeHoldOf task: Int) {
        while entries.first < entries.count {
            let entry = entries[entries.first]
            if entry.kind == .hold, entry.task == task { return }
            carried.add(entry)
            entries.removeFirst()
        }
    }

    private mutating func record(_ kind: Kind, _ task: Int?, _ credits: Int64, _ now: Instant) {
        entries.append(Entry(kind: kind, task: task, credits: credits, at: now))
        if let breach { preconditionFailure("money does not add up: \(breach)") }
    }

    /// What is wrong with the sums, or nil: paid in − captured − held = available, and none of them below zero.
    public var breach: String? {
        let difference = paidIn - captured - held - available
        if difference == 0, available >= 0, held >= 0, captured >= 0 { return nil }
        return """
            paid in \(paidIn) − captured \(captured) − held \(held) ≠ available \(available) \
            (difference \(difference)) after entry \(entries.count)
            """
    }
}

extension Ledger.Kind {
    /// As snapshots and the admin API write it.
    public var word: String {
        switch self {
        case .opening: "opening"
        case .hold: "hold"
        case .capture: "capture"
        case .release: "release"
        case .topUp: "top_up"
        case .adjustment: "adjustment"
        case .refund: "refund"
        case .drain: "drain"
        }
    }
}

/// The entries of a ledger by their numbers, each in 16 bytes; the first ones may have been dropped.
public struct LedgerEntries: Sendable {
    /// An entry whose credits are too many for it has `isLarge` in their place, and its credits aside.
    private struct Packed: Sendable {
        static let creditBits = 29
        static let isLarge = UInt64(1) << creditBits - 1

        /// From the lowest bit: credits, the task's position and one more or 0 for none, the kind.
        let word: UInt64
        let at: Instant

        init(_ entry: Ledger.Entry) {
            let isSmall = entry.credits >= 0 && entry.credits < Self.isLarge
            let task = UInt64(UInt32(entry.task.map { $0 + 1 } ?? 0))
            word =
                (isSmall ? UInt64(entry.credits) : Self.isLarge) | task << Self.creditBits
                | UInt64(entry.kind.rawValue) << (Self.creditBits + 32)
            at = entry.at
        }

        /// Nil when they stand aside.
        var credits: Int64? {
            let credits = word & Self.isLarge
            return credits == Self.isLarge ? nil : Int64(credits)
        }

        var task: Int? {
            let number = UInt32(truncatingIfNeeded: word >> Self.creditBits)
            return number == 0 ? nil : Int(number) - 1
        }

        var kind: Ledger.Kind {
            Ledger.Kind(rawValue: UInt8(truncatingIfNeeded: word >> (Self.creditBits + 32))) ?? .opening
        }
    }

    private var packed: ChunkedArray<Packed>
    /// The credits of entries that have no room for them, by the numbers of these.
    private var large: [Int: Int64] = [:]

    /// - Parameter first: The number of the first entry to come; those before it were dropped.
    init(first: Int = 0) { packed = ChunkedArray(first: first) }

    /// The number of the first one that is there.
    public var first: Int { packed.first }
    /// How many there ever were.
    public var count: Int { packed.count }
    public var indices: Range<Int> { packed.indices }

    mutating func append(_ entry: Ledger.Entry) {
        let small = Packed(entry)
        if small.credits == nil { large[count] = entry.credits }
        packed.append(small)
    }

    /// Lets the first one go; there must be one.
    mutating func removeFirst() {
        if packed[first].credits == nil { large[first] = nil }
        packed.removeFirst()
    }

    public subscript(number: Int) -> Ledger.Entry {
        let small = packed[number]
        return Ledger.Entry(
            kind: small.kind, task: small.task, credits: small.credits ?? large[number] ?? 0, at: small.at)
    }
}
