internal import ClipriseJournal
internal import ClipriseWire

/// Answers that said no, or not now, alike in all that says why.
public struct Refusal: Sendable, Hashable, Counted {
    /// The most that a report lists.
    public static let listed = 10

    /// `generate`, `status`, `download` or `other`.
    public var operation: String
    public var status: Int
    /// The clause that answered; nil when a rule answered in its place.
    public var clause: String?
    public var rule: String?
    /// The hint of the server, or the word of the fault; nil when there is neither.
    public var why: String?
    public var count = 1

    /// Nil for an exchange that was not refused.
    ///
    /// A task that failed is a result, and no refusal.
    init?(_ attempt: Attempt, _ view: JournalView) {
        let exchange = attempt.exchange
        guard exchange.outcome == .completed, exchange.operation != .admin else { return nil }
        let isRefused =
            exchange.operation == .generate
            ? exchange.fate == .refused
            : exchange.status >= 400 && (attempt.answer == .refused || attempt.answer == .retryable)
        guard isRefused else { return nil }
        operation = exchange.operation.rawValue
        status = exchange.status
        clause = exchange.clause?.rawValue
        if let acted = exchange.rule, view.rules.indices.contains(acted) { rule = view.rules[acted] }
        why = exchange.hint ?? exchange.fault.map { "fault \($0)" }
    }

    /// What is equal for those that are counted as one.
    var kind: Refusal {
        var kind = self
        kind.count = 0
        return kind
    }

    /// The refusals of one account, most frequent first; of equally many the first that was met.
    static func all(_ facts: AccountFacts) -> [Refusal] {
        merge(facts.attempts.compactMap { Refusal($0, facts.view) })
    }

    /// `GEN-7`, `rule busy`, or both.
    var origin: String {
        [clause, rule.map { "rule \($0)" }].compactMap(\.self).joined(separator: ", ")
    }
}

extension Refusal: CustomStringConvertible {
    /// `3 × generate 400, GEN-3: prompt is missing`.
    public var description: String {
        let head = ["\(operation) \(status)", origin].filter { !$0.isEmpty }.joined(separator: ", ")
        return "\(NumberText.grouped(count)) × \(head)" + (why.map { ": \($0)" } ?? "")
    }
}
