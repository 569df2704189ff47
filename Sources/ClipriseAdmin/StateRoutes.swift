internal import ClipriseWire

extension AdminRoutes {
    static let states: [AdminRoute] = [
        AdminRoute(
            .post, "reset", "Back to the start; answers what was cleared",
            query: [
                AdminMember(
                    "scope", .words(ResetScope.allCases.map(\.rawValue)),
                    "What is brought back; usually all. Credits and ledger go with tasks. A clock goes by its scenario's rule "
                        + "again, from the time that it shows: time never goes back."),
                AdminMember("account", .text, "The account's key; without one all accounts are meant."),
            ]
        ) { (request) throws(AdminProblem) in
            .state(.reset(try request.word("scope", ResetScope.self) ?? .all, account: request.account))
        },
        AdminRoute(.post, "snapshot", "The state of all accounts, to be restored later; journals are not part of it") {
            _ in .state(.snapshot)
        },
        AdminRoute(
            .post, "restore", "Puts the accounts of a snapshot in the place of all, or changes nothing",
            body: [
                AdminMember("version", .integer, "1.", isRequired: true),
                AdminMember("models", .list, "Model ids by position.", isRequired: true),
                AdminMember("accounts", .list, "The accounts.", isRequired: true),
            ]
        ) { (request) throws(AdminProblem) in .state(.restore(try SnapshotDocument(json: request.body))) },
    ]
}
