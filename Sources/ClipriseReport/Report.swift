/// What is said of a run: verdicts with their evidence, the grade, the money, and how calls and waits were seen.
package struct Report: Sendable, Hashable {
    package struct Account: Sendable, Hashable {
        /// The shortened key.
        package var name: String
        package var verdicts: [Verdict]
        package var counts: Counts
        package var calls: [CallSummary]
        /// All of them, most frequent first.
        package var refusals: [Refusal]
        package var audit: MoneyAudit
        /// The waits before a retry, of each kind of call.
        package var retries: [WaitHabit]
        /// The waits between polls.
        package var polling: WaitHabit
        /// Events that are no longer kept, and how many of them nobody had cleared.
        package var evicted: Int
        package var lost: Int
        package var seed: UInt64
        package var scenarioName: String
        package var scenarioHash: UInt64
    }

    /// What happened, counted.
    package struct Counts: Sendable, Hashable {
        package var requests = 0
        package var generates = 0
        package var polls = 0
        package var downloads = 0
        package var callbacks = 0
        package var faults = 0
        package var inFlight = 0
        package var tasks = 0
        package var succeeded = 0
        package var failed = 0
        package var captured: Int64 = 0
        package var held: Int64 = 0
    }

    /// The calls of one kind.
    package struct CallSummary: Sendable, Hashable {
        /// `generate`, `polling` or `download`.
        package var kind: String
        package var calls = 0
        package var attempts = 0
        /// Attempts that followed one that went wrong.
        package var retries = 0
        /// The most attempts of one call.
        package var mostAttempts = 0
    }

    /// A to F; nil when no property was exercised.
    package enum Letter: String, Sendable, Hashable, Comparable, CaseIterable {
        case a = "A"
        case b = "B"
        case c = "C"
        case d = "D"
        case e = "E"
        case f = "F"

        /// The better one is the lesser.
        package static func < (one: Letter, other: Letter) -> Bool { one.rawValue < other.rawValue }

        /// How a letter comes about.
        package static let rule = """
            A: no property failed; B, C, D, E: one, two, three, more failed. F: whatever else, one that costs money or \
            the key failed (no_double_charge, no_blind_resend, key_not_leaked), or the money does not add up. Properties \
            that were not exercised do not count. C at best when something that was expected failed. No letter but F \
            where no generate was accepted, for little was tried then, and where events are no longer kept, for what is \
            gone may have been wrong.
            """
    }

    package var accounts: [Account]
    /// Of all accounts together: failed when one failed, else passed when one passed.
    package var verdicts: [Verdict]
    package var letter: Letter?
    /// Why there is no letter, or not a better one, as part of a sentence; nil when there is nothing to say.
    package var letterReason: String?
    package var counts: Counts
    package var calls: [CallSummary]
    /// All of them, most frequent first.
    package var refusals: [Refusal]
    /// The waits before a retry, of each kind of call.
    package var retries: [WaitHabit]
    /// The waits between polls.
    package var polling: WaitHabit
    /// Rules of the scenario that never acted.
    package var idleRules: [String]
    /// The scenario's file, for annotations; nil when there is none.
    package var scenarioFile: String?

    package var breaches: [MoneyAudit.Breach] { accounts.flatMap(\.audit.breaches) }

    /// Whether something that was demanded failed, or money does not add up.
    package var failed: Bool {
        !breaches.isEmpty || verdicts.contains { $0.isDemanded && $0.outcome == .fail }
    }

    /// `and 3 more kinds of refusals`, behind those that are listed; nil when all are.
    var moreRefusals: String? {
        let rest = refusals.count - Refusal.listed
        return rest > 0 ? "and \(NumberText.count(rest, "more kind")) of refusals" : nil
    }

    /// What was demanded and could not be broken: names of expectations and properties, then rules that never acted.
    package var notExercised: [String] {
        verdicts.filter { $0.isDemanded && $0.outcome == .notExercised }.map(\.title)
            + idleRules.map { "rule \($0)" }
    }

    /// 1 when something failed, 4 when `strict` and something was not exercised, else 0.
    package func exitCode(strict: Bool) -> Int32 {
        failed ? 1 : strict && !notExercised.isEmpty ? 4 : 0
    }
}

extension Verdict {
    /// The name with what is expected behind it.
    package var title: String { expected.isEmpty ? name : "\(name) \(expected)" }
}
