internal import ClipriseScenario
internal import ClipriseWire

/// What one account remembers of its rules.
struct RuleStates: Sendable {
    struct State: Sendable {
        /// Requests that met all conditions of the rule.
        var matched = 0
        /// How often a fault of the rule struck.
        var acted = 0
        var startedAt: Instant
        /// Whether the rule is for this account at all.
        var applies: Bool
        /// What the rule's draws follow from, once it was needed: it takes in the account's whole key.
        var own: UInt64?
    }

    private var states: [State] = []
    /// Of those rules that limit a rate, by id.
    private var windows: [Int: RateWindow] = [:]
    /// Whether any of it changed since it was last saved.
    var isChanged = false
    private let origin: Instant

    init(origin: Instant) {
        self.origin = origin
    }

    /// States as a snapshot has them.
    init(_ snapshot: [AccountSnapshot.RuleState], _ book: RuleBook, account: [UInt8]) {
        origin = .start
        states = snapshot.map { saved in
            State(
                matched: saved.matched, acted: saved.acted, startedAt: saved.startedAt, applies: true)
        }
        for (id, saved) in snapshot.enumerated() where saved.window != nil || saved.used > 0 || !saved.passed.isEmpty {
            windows[id] = RateWindow(window: saved.window ?? .min, used: saved.used, passed: saved.passed)
        }
        for entry in book.entries { states[entry.id].applies = entry.rule.when.account?.matches(account) ?? true }
    }

    /// The states of all rules that there ever were, by id.
    func snapshot(_ names: [String]) -> [AccountSnapshot.RuleState] {
        names.enumerated().map { id, name in
            let state = id < states.count ? states[id] : State(startedAt: origin, applies: true)
            let window = windows[id] ?? RateWindow()
            return AccountSnapshot.RuleState(
                name: name, matched: state.matched, acted: state.acted, startedAt: state.startedAt,
                window: window.window == .min ? nil : window.window, used: window.used, passed: window.passed)
        }
    }

    /// How often each rule acted, by id.
    func acts(count: Int) -> [Int] {
        (0..<count).map { $0 < states.count ? states[$0].acted : 0 }
    }

    /// How often chance was asked whether a rule acts, by id; 0 for rules that leave nothing to it.
    func draws(_ book: RuleBook) -> [Int] {
        var draws = [Int](repeating: 0, count: book.names.count)
        for entry in book.entries where entry.id < states.count {
            guard case .chance(let probability, _) = entry.rule.act, probability > 0 else { continue }
            let first = entry.rule.when.count?.lowerBound ?? 1
            let last = min(states[entry.id].matched, entry.rule.when.count?.upperBound ?? .max)
            draws[entry.id] = max(0, last - first + 1)
        }
        return draws
    }

    /// A rule that acts on a request.
    struct Strike {
        var rule: Int
        /// Nil lets the request pass.
        var fault: Fault?
        /// What the fault's own draws follow from.
        var chance: UInt64
        /// The wait that a rate limit asks for.
        var wait: TimeSpan?
    }

    /// Finds the first rule that acts on the request, and counts.
    mutating func strike(
        _ book: RuleBook, _ subject: Subject, _ fields: HeaderFields, seed: UInt64, at now: Instant
    ) -> Strike? {
        if states.count < book.names.count { prepare(book, subject, at: now) }
        var place = 0
        while let index = nextMet(&place, book, subject, fields, seed, now) {
            let matched = states[book.entries[index].id].matched
            if let strike = strike(book.entries[index], matched: matched, subject, seed, now) { return strike }
        }
        return nil
    }

    /// Notes that a rule was added now.
    mutating func begin(_ id: Int, _ book: RuleBook, account: [UInt8], at now: Instant) {
        while states.count < book.names.count { states.append(State(startedAt: origin, applies: true)) }
        let rule = book.entries.first { $0.id == id }?.rule
        isChanged = true
        states[id] = State(startedAt: now, applies: rule?.when.account?.matches(account) ?? true)
        windows[id] = nil
    }

    private mutating func prepare(_ book: RuleBook, _ subject: Subject, at now: Instant) {
        while states.count < book.names.count { states.append(State(startedAt: origin, applies: true)) }
        for entry in book.entries {
            if let account = entry.rule.when.account { states[entry.id].applies = account.matches(subject.account) }
        }
    }

    /// The next rule whose conditions are met and whose turn it is, and counts; nil when there is none.
    ///
    /// - Parameter place: Where the search goes on in the rules' order.
    private mutating func nextMet(
        _ place: inout Int, _ book: RuleBook, _ subject: Subject, _ fields: HeaderFields, _ seed: UInt64, _ now: Instant
    ) -> Int? {
        let order = book.order(for: subject.operation)
        var hasMatched = false
        defer { if hasMatched { isChanged = true } }
        // In place: of a hundred rules most are asked by most requests.
        return states.withUnsafeMutableBufferPointer { states in
            book.gates.withUnsafeBufferPointer { gates in
                while place < order.count {
                    let index = order[place]
                    place += 1
                    let (gate, id) = (gates[index], Int(gates[index].id))
                    guard gate.models.contains(subject.model) ?? book.narrows[index].models.contains(subject.model),
                        states[id].applies, states[id].acted < gate.times
                    else { continue }
                    let age = now.since(states[id].startedAt).nanoseconds
                    guard age >= gate.from, age < gate.end else { continue }
                    if gate.isNarrow, !book.narrows[index].takes(subject) { continue }
                    if gate.readsText, !Self.meets(book.entries[index], subject, fields) { continue }
                    states[id].matched += 1
                    hasMatched = true
                    let matched = states[id].matched
                    if gate.isNarrow, !book.narrows[index].count.contains(matched) { continue }
                    switch gate.act {
                    case .always: return index
                    case .plan(let count, let repeats):
                        if count > 0, repeats || matched <= count { return index }
                    case .chance(let probability):
                        guard probability > 0 else { continue }
                        let own = states[id].own ?? Self.own(book.entries[index].chance, seed, subject)
                        states[id].own = own
                        if Draw.unit(Draw.mix(own, UInt64(matched) << 8 | 0x70)) < probability { return index }
                    }
                }
                return nil
            }
        }
    }

    private static func own(_ chance: UInt64, _ seed: UInt64, _ subject: Subject) -> UInt64 {
        Draw.mix(Draw.mix(chance, seed), subject.account)
    }

    private mutating func strike(
        _ entry: RuleBook.Entry, matched: Int, _ subject: Subject, _ seed: UInt64, _ now: Instant
    ) -> Strike? {
        let fault: Fault
        switch entry.rule.act {
        case .fault(let always): fault = always
        case .chance(_, let drawn): fault = drawn
        case .plan(let faults, _):
            // An entry that is nil lets the request through, whatever later rules say.
            guard let planned = faults[(matched - 1) % faults.count] else {
                states[entry.id].acted += 1
                return Strike(rule: entry.id, fault: nil, chance: 0, wait: nil)
            }
            fault = planned
        }
        var strike = Strike(
            rule: entry.id, fault: fault,
            chance: Draw.mix(Self.own(entry.chance, seed, subject), UInt64(matched) << 8), wait: nil)
        if case .rateLimit(let limit) = fault.kind {
            let start = states[entry.id].startedAt
            guard let wait = windows[entry.id, default: RateWindow()].wait(limit, since: start, at: now) else {
                return nil
            }
            strike.wait = wait
        }
        if case .runningLimit(let limit) = fault.kind {
            let age = now.since(states[entry.id].startedAt)
            let others = limit.others.map { age < $0.length ? $0.tasks : 0 } ?? 0
            guard subject.operation == .generate, subject.running + others >= limit.limit else { return nil }
        }
        states[entry.id].acted += 1
        return strike
    }

    private static func meets(_ entry: RuleBook.Entry, _ subject: Subject, _ fields: HeaderFields) -> Bool {
        if !entry.prompt.isEmpty, !stands(entry.prompt, in: subject.prompt) { return false }
        for header in entry.rule.when.headers where !fields.has(header) { return false }
        return true
    }
}

extension RuleBook.Narrow {
    fileprivate func takes(_ subject: Subject) -> Bool {
        task.contains(subject.task ?? .min) && attempt.contains(subject.attempt)
            && (connection == nil || connection == subject.connection)
    }
}

extension HeaderFields {
    fileprivate func has(_ wanted: When.Header) -> Bool {
        for index in 0..<count where lowercased(name(at: index)).elementsEqual(wanted.name.utf8) {
            if wanted.value?.matches(value(at: index)) ?? true { return true }
        }
        return false
    }
}

/// The requests of one rate limit that were let through.
struct RateWindow: Sendable {
    /// The number of the current window, when windows are fixed.
    fileprivate var window: Int64 = .min
    fileprivate var used = 0
    /// Of a sliding window: the instants of those let through, oldest first; at most the limit.
    fileprivate var passed: [Instant] = []

    /// Nil lets the request through and counts it; else how long until one more would be let through.
    ///
    /// - Parameter start: When the rule began: what others had used up counts as let through then.
    mutating func wait(_ limit: RateLimit, since start: Instant, at now: Instant) -> TimeSpan? {
        let length = max(1, limit.window.nanoseconds)
        switch limit.kind {
        case .fixed:
            let current = now.nanoseconds / length
            if current != window {
                (window, used) = (current, start.nanoseconds / length == current ? limit.others : 0)
            }
            guard used >= limit.limit else {
                used += 1
                return nil
            }
            return TimeSpan(nanoseconds: length - now.nanoseconds % length)
        case .sliding:
            passed.removeAll { now.since($0).nanoseconds >= length }
            let age = now.since(start).nanoseconds
            let others = age < length ? limit.others : 0
            guard passed.count + others >= limit.limit else {
                passed.append(now)
                return nil
            }
            guard let oldest = others > 0 ? start : passed.first else { return limit.window }
            return TimeSpan(nanoseconds: length - now.since(oldest).nanoseconds)
        }
    }
}
