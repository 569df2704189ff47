public import ClipriseScenario
internal import ClipriseWire

/// The rules of an account in the order in which they are tried, made ready for matching.
///
/// Accounts of one scenario share a book until one of them gets a rule of its own.
public struct RuleBook: Sendable {
    public struct Entry: Sendable {
        /// The rule's position among all that the account ever had; journals name it.
        public var id: Int
        public var rule: Rule
        /// What the rule's draws follow from, beside seed, account and ordinal.
        var chance: UInt64
        /// A piece of the prompt, in lower case.
        var prompt: [UInt8]
    }

    /// What most rules fail at, in plain numbers: looking at it copies and counts nothing.
    struct Gate: Sendable {
        enum Act: Sendable {
            case always
            /// A plan of this many entries.
            case plan(Int, repeats: Bool)
            case chance(Double)
        }

        /// The models that the rule's pattern takes in; all of them without a pattern.
        var models: ModelSet.Head
        /// Whether there is more to look at: what is narrow in `Narrow`, and prompt or header fields.
        var isNarrow: Bool
        var readsText: Bool
        var id: Int32
        /// Nanoseconds since the rule was added; the end is not in the window.
        var from: Int64
        var end: Int64
        var times: Int
        var act: Act
    }

    /// What only few rules ask; apart, so that looking at all rules takes few lines of memory.
    struct Narrow: Sendable {
        var models: ModelSet
        var task: Span
        var attempt: Span
        var count: Span
        /// Nil for any.
        var connection: ConnectionUse?

        var isWide: Bool {
            [task, attempt, count].allSatisfy { $0.first == .min && $0.last == .max } && connection == nil
        }
    }

    /// Numbers from `first` to `last`; a span that was not given takes in all, and even what has no number.
    struct Span: Sendable {
        var first: Int
        var last: Int

        init(_ range: ClosedRange<Int>?) {
            first = range?.lowerBound ?? .min
            last = range?.upperBound ?? .max
        }

        func contains(_ number: Int) -> Bool { first <= number && number <= last }
    }

    /// The most rules that an account can have when one is added by hand, and the most that it can ever have had.
    public static let limit = 1_000
    public static let idLimit = 100_000

    public private(set) var entries: [Entry] = []
    /// By id; rules that were removed keep their name.
    public private(set) var names: [String] = []
    private(set) var gates: [Gate] = []
    private(set) var narrows: [Narrow] = []
    /// Whether a rule asks how often a body was sent or a task was asked for.
    private(set) var readsAttempts = false
    /// Positions in `entries` and `gates`, by operation.
    private var generate: [Int] = []
    private var status: [Int] = []
    private var download: [Int] = []
    private let models: [String]

    /// - Parameter models: The ids of the catalogue, by position.
    public init(_ rules: [Rule], models: [String]) {
        self.models = models
        replaceAll(with: rules)
    }

    /// - Parameters:
    ///   - rules: The rules with their ids, in the order in which they are tried.
    ///   - names: Of all ids.
    init(_ rules: [(id: Int, rule: Rule)], names: [String], models: [String]) {
        self.models = models
        self.names = names
        entries = rules.map { compiled($0.rule, id: $0.id) }
        sort()
    }

    public var isEmpty: Bool { entries.isEmpty }

    /// Adds a rule, last or before the one that is now at `index`.
    ///
    /// - Returns: Its id.
    @discardableResult
    public mutating func add(_ rule: Rule, at index: Int?) -> Int {
        let id = names.count
        names.append(rule.name)
        let entry = compiled(rule, id: id)
        entries.insert(entry, at: index ?? entries.count)
        sort()
        return id
    }

    /// Puts another rule in the place of one, which keeps its id.
    public mutating func replace(_ id: Int, with rule: Rule) -> Bool {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return false }
        names[id] = rule.name
        entries[index] = compiled(rule, id: id)
        sort()
        return true
    }

    public mutating func remove(_ id: Int) -> Bool {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return false }
        entries.remove(at: index)
        sort()
        return true
    }

    /// Puts other rules in the place of all.
    public mutating func replaceAll(with rules: [Rule]) {
        entries = []
        for rule in rules { append(rule) }
        sort()
    }

    private mutating func append(_ rule: Rule) {
        entries.append(compiled(rule, id: names.count))
        names.append(rule.name)
    }

    func order(for operation: Operation) -> [Int] {
        switch operation {
        case .generate: generate
        case .status: status
        case .download: download
        case .admin, .other: []
        }
    }

    private mutating func sort() {
        narrows = entries.map { entry in
            let when = entry.rule.when
            return Narrow(
                models: ModelSet(when.model, of: models), task: Span(when.task), attempt: Span(when.attempt),
                count: Span(when.count), connection: when.connection
            )
        }
        gates = zip(entries, narrows).map(gate)
        readsAttempts = entries.contains { $0.rule.when.attempt != nil }
        func positions(_ operation: Operation) -> [Int] {
            entries.indices.filter { index in
                let operations = entries[index].rule.when.operations
                return operations.isEmpty || operations.contains(operation)
            }
        }
        (generate, status, download) = (positions(.generate), positions(.status), positions(.download))
    }

    private func compiled(_ rule: Rule, id: Int) -> Entry {
        Entry(
            id: id, rule: rule, chance: Self.chance(of: rule),
            prompt: rule.when.prompt.map { lowercased($0.utf8) } ?? [])
    }

    private func gate(_ entry: Entry, _ narrow: Narrow) -> Gate {
        let rule = entry.rule
        let act: Gate.Act =
            switch rule.act {
            case .fault: .always
            case .plan(let faults, let repeats): .plan(faults.count, repeats: repeats)
            case .chance(let probability, _): .chance(probability)
            }
        let from = rule.during?.from.nanoseconds ?? 0
        var end = rule.ttl?.nanoseconds ?? .max
        if let during = rule.during {
            let (sum, overflow) = from.addingReportingOverflow(during.length.nanoseconds)
            end = min(end, overflow ? .max : sum)
        }
        return Gate(
            models: narrow.models.head, isNarrow: !narrow.isWide,
            readsText: !entry.prompt.isEmpty || !rule.when.headers.isEmpty, id: Int32(entry.id), from: from, end: end,
            times: rule.times ?? .max, act: act)
    }

    /// Follows from what the rule says and not from where it stands, so that another rule moves no draw of this one.
    private static func chance(of rule: Rule) -> UInt64 {
        var hash = Draw.mix(0x7275_6C65, rule.when.operations.map(\.rawValue).sorted().joined(separator: ",").utf8)
        for text in [rule.when.model?.pattern, rule.when.account?.pattern, rule.when.prompt] {
            hash = Draw.mix(hash, (text ?? "").utf8)
        }
        switch rule.act {
        case .fault(let fault): hash = Draw.mix(hash, fault.kind.word.rawValue.utf8)
        case .plan(let faults, _):
            for fault in faults { hash = Draw.mix(hash, (fault?.kind.word.rawValue ?? "pass").utf8) }
        case .chance(_, let fault):
            hash = Draw.mix(Draw.mix(hash, fault.kind.word.rawValue.utf8), fault.phase.rawValue.utf8)
        }
        // A name of the user's own tells apart rules that say the same.
        return rule.name.hasPrefix("rule ") ? hash : Draw.mix(hash, rule.name.utf8)
    }
}

/// The ASCII letters in lower case, all else as it is.
func lowercased(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    bytes.map(\.asciiLowercased)
}

/// Whether `part`, in lower case, stands in `text`, compared without case (ASCII).
func stands(_ part: [UInt8], in text: ArraySlice<UInt8>) -> Bool {
    guard !part.isEmpty else { return true }
    let text = lowercased(text)
    guard text.count >= part.count else { return false }
    for start in 0...(text.count - part.count) where text[start] == part[0] {
        if text[start..<(start + part.count)].elementsEqual(part) { return true }
    }
    return false
}
