internal import ClipriseJournal

/// Warnings of requests, alike in model, place and problem.
package struct Doubt: Sendable, Hashable, Counted {
    /// The most that a report lists.
    package static let listed = 10

    /// The model's id; nil when it is not known.
    package var model: String?
    /// Where in the body, as in `input.promt`.
    package var key: String
    package var problem: String
    /// Who states the rule.
    package var from: String
    /// The account and the number of the first event.
    package var account: String
    package var sequence: Int
    package var count = 1

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
    package var description: String {
        "\(NumberText.grouped(count)) × \(key) \(problem) (\(from))" + (model.map { ", model \($0)" } ?? "")
            + ", first in \(account) #\(sequence)"
    }
}
