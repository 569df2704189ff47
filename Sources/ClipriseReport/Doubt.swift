internal import ClipriseJournal

/// Warnings of requests, alike in model, place and problem.
public struct Doubt: Sendable, Hashable, Counted {
    /// The most that a report lists.
    public static let listed = 10

    /// The model's id; nil when it is not known.
    public var model: String?
    /// Where in the body, as in `input.promt`.
    public var key: String
    public var problem: String
    /// Who states the rule.
    public var from: String
    /// The account and the number of the first event.
    public var account: String
    public var sequence: Int
    public var count = 1

    private init(_ warning: BodyWarning, _ attempt: Attempt, _ view: JournalView) {
        model = attempt.exchange.model.flatMap { view.models.indices.contains($0) ? view.models[$0] : nil }
        (key, problem, from) = (warning.key, warning.problem, warning.from)
        (account, sequence) = (view.account, attempt.sequence)
    }

    struct Kind: Hashable {
        var model: String?
        var key: String
        var problem: String
        var from: String
    }

    var kind: Kind { Kind(model: model, key: key, problem: problem, from: from) }

    /// The warnings of one account, most frequent first; of equally many the first that was met.
    static func all(_ facts: AccountFacts) -> [Doubt] {
        merge(
            facts.attempts.flatMap { attempt in attempt.exchange.warnings.map { Doubt($0, attempt, facts.view) } })
    }
}

extension Doubt: CustomStringConvertible {
    /// `3 × input.promt is not in the catalogue; did you mean "prompt"? (assumed), model flux-2, first in test…c7c7 #2`.
    public var description: String {
        "\(NumberText.grouped(count)) × \(key) \(problem) (\(from))" + (model.map { ", model \($0)" } ?? "")
            + ", first in \(account) #\(sequence)"
    }
}
