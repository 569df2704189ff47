internal import ClipriseWire

public enum StateCommand: Sendable, Hashable {
    /// `account` nil means all of them.
    case reset(ResetScope, account: [UInt8]?)
    case snapshot
    case restore(SnapshotDocument)

    var change: AdminChange {
        switch self {
        case .snapshot, .reset(.journal, _): .nothing
        case .reset(_, let key): key.map { .account($0) } ?? .all
        case .restore: .all
        }
    }
}

/// What a reset brings back to its start.
public enum ResetScope: String, Sendable, Hashable, CaseIterable {
    /// Accounts are as at the server's start, and others are removed.
    case all
    /// As `all`; with one account, that account alone.
    case accounts
    /// Tasks, credits and the ledger; they go together, for every task has its entries.
    case tasks
    /// Rules are those of the scenario, as if they had never acted; a revoked key works again.
    case rules
    case journal
    /// Clocks go by the rule of the scenario again; what they show never goes back.
    case clock
}

extension StateCommand {
    static let routes: [ReadRoute<StateCommand>] = [
        ReadRoute(
            .post, "reset", "Back to the start; returns what was cleared", pace: .long,
            query: { (query) throws(AdminProblem) in
                let scope = try query.word(
                    "scope", ResetScope.self,
                    "What is brought back; usually all. Credits and ledger go with tasks. A clock goes by its scenario's rule "
                        + "again, from the time that it shows: time never goes back.")
                return .reset(scope ?? .all, account: query.account())
            }
        ) { $1 },
        ReadRoute(
            .post, "snapshot", "The state of all accounts, to be restored later; journals are not part of it",
            pace: .long
        ) { _ in .snapshot },
        ReadRoute(
            .post, "restore", "Puts the accounts of a snapshot in the place of all, or changes nothing",
            body: SnapshotDocument.blank, pace: .long
        ) { (request) throws(AdminProblem) in .restore(try SnapshotDocument(json: request.body)) },
    ]
}
