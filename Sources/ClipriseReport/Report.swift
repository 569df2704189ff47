internal import ClipriseScenario

/// What is said of a run: verdicts with their evidence, the grade, the money, and how calls and waits were seen.
public struct Report: Sendable, Hashable {
    public struct Account: Sendable, Hashable {
        /// The shortened key, behind the label if there is one.
        public var name: String
        public var label: String?
        public var verdicts: [Verdict]
        public var counts: Counts
        public var calls: [CallSummary]
        /// All of them, most frequent first.
        public var refusals: [Refusal]
        /// Warnings of requests, most frequent first.
        public var doubts: [Doubt]
        public var audit: MoneyAudit
        public var spending: Spending
        /// The waits before a retry, of each kind of call.
        public var retries: [WaitHabit]
        public var polling: WaitHabit
        /// Events that are no longer kept, and how many of them nobody had cleared.
        public var evicted: Int
        public var lost: Int
        public var seed: UInt64
        public var scenarioName: String
        public var scenarioHash: UInt64
    }

    public struct Counts: Sendable, Hashable {
        public var requests = 0
        public var generates = 0
        /// Requests that were warned of.
        public var warned = 0
        public var polls = 0
        public var downloads = 0
        public var callbacks = 0
        public var faults = 0
        public var inFlight = 0
        public var tasks = 0
        public var succeeded = 0
        public var failed = 0
        public var captured: Int64 = 0
        public var held: Int64 = 0
    }

    /// What the credits went to.
    public struct Spending: Sendable, Hashable {
        /// Credits taken, or held at the end, whatever for.
        public var spent: Int64 = 0
        /// Those of them that bought nothing through a mistake of the client.
        public var lost: Int64 = 0
        /// Those of them for what never came, the id of a task or its file, although the client did its part.
        public var undelivered: Int64 = 0
        /// Tasks whose file was delivered whole.
        public var delivered = 0
        /// Tasks whose id the client had, and that it did not fetch.
        public var neverFetched = 0
        /// Tasks that were bought again.
        public var boughtAgain = 0

        mutating func add(_ other: Self) {
            spent += other.spent
            lost += other.lost
            undelivered += other.undelivered
            delivered += other.delivered
            neverFetched += other.neverFetched
            boughtAgain += other.boughtAgain
        }
    }

    public struct CallSummary: Sendable, Hashable {
        /// `generate`, `polling` or `download`.
        public var kind: String
        public var calls = 0
        public var attempts = 0
        /// Attempts that followed one that went wrong.
        public var retries = 0
        public var mostAttempts = 0
    }

    /// A rule of chance whose fault was never drawn.
    public struct UndrawnRule: Sendable, Hashable {
        public var name: String
        /// Requests for which it was drawn.
        public var draws: Int
    }

    /// A to F; nil when no property was exercised.
    public enum Letter: String, Sendable, Hashable, Comparable, CaseIterable {
        case a = "A"
        case b = "B"
        case c = "C"
        case d = "D"
        case e = "E"
        case f = "F"

        /// The better one is the lesser.
        public static func < (one: Letter, other: Letter) -> Bool { one.rawValue < other.rawValue }

        /// How a letter comes about.
        public static let rule = """
            A: no property failed; B, C, D, E: one, two, three, more failed. F: whatever else, one that costs money or \
            the key failed (\(ClientProperty.costlyWords.joined(separator: ", "))), or the money does not add up; F \
            always fails the run. Properties that were not exercised do not count. C at best when something that was expected failed. No letter but F \
            where no generate was accepted, for little was tried then, and where events are no longer kept, for what was \
            evicted may have been wrong.
            """
    }

    public var accounts: [Account]
    /// Of all accounts together: failed when one failed, else passed when one passed.
    public var verdicts: [Verdict]
    public var letter: Letter?
    /// Why there is no letter, or not a better one, as part of a sentence; nil when there is nothing to say.
    public var letterReason: String?
    public var counts: Counts
    public var calls: [CallSummary]
    /// All of them, most frequent first.
    public var refusals: [Refusal]
    /// Warnings of requests, most frequent first.
    public var doubts: [Doubt]
    /// The waits before a retry, of each kind of call.
    public var retries: [WaitHabit]
    public var polling: WaitHabit
    /// Rules of the scenario that never acted, although no chance decided.
    public var idleRules: [String]
    /// Rules of chance that requests met, and that never acted: more requests would show them.
    public var undrawnRules: [UndrawnRule] = []
    /// The scenario's file, for annotations; nil when there is none.
    public var scenarioFile: String?
    /// What else fails the run, which no account's journal shows: a sentence each, without its full stop.
    public var troubles: [String] = []

    /// What the credits of all accounts went to.
    public var spending: Spending {
        accounts.reduce(into: Spending()) { $0.add($1.spending) }
    }

    public var breaches: [MoneyAudit.Breach] { accounts.flatMap(\.audit.breaches) }

    /// Whether something that was demanded failed, money does not add up, the letter is F, or there is other trouble.
    public var failed: Bool {
        !troubles.isEmpty || !breaches.isEmpty || letter == .f || verdicts.contains(where: \.failsRun)
    }

    /// `and 3 more kinds of refusals`, behind those that are listed; nil when all are.
    var moreRefusals: String? {
        let rest = refusals.count - Refusal.listed
        return rest > 0 ? "and \(NumberText.count(rest, "more kind")) of refusals" : nil
    }

    /// What the scenario demands and could not be broken, then its rules that never acted.
    ///
    /// A property that no scenario names is not among them: nobody said that it was to be exercised. Nor is one that is
    /// always judged, named or not: a run in which nothing could be lost is no worse for it, unless it is unclear.
    public var notExercised: [String] {
        verdicts.filter { verdict in
            let isUsual = Verdict.costlyNames.contains(verdict.name) && !verdict.isUnclear
            return verdict.isExpected && verdict.outcome == .notExercised && !isUsual
        }.map(\.title)
            + idleRules.map { "rule \($0)" }
    }

    /// 1 when something failed, 4 when `strict` and something was not exercised, else 0.
    public func exitCode(strict: Bool) -> Int32 {
        failed ? 1 : strict && !notExercised.isEmpty ? 4 : 0
    }
}

extension Verdict {
    /// The name with what is expected behind it.
    public var title: String { expected.isEmpty ? name : "\(name) \(expected)" }
}
