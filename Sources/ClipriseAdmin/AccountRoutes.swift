internal import ClipriseEngine
internal import ClipriseJSON
internal import ClipriseWire

extension AdminRoutes {
    static let pageParameters = [
        AdminMember("start", .integer, "The 0-based position of the first entry."),
        AdminMember("limit", .integer, "The most entries, 1 to 100000."),
    ]

    static let accounts: [AdminRoute] = [
        AdminRoute(
            .get, "accounts", "The accounts in the order of their making",
            query: pageParameters + [
                AdminMember("search", .text, "Only accounts that have this in their key or label, in either case.")
            ]
        ) { (request) throws(AdminProblem) in
            .account(.list(try request.page(10_000), search: request.text("search").flatMap { $0.isEmpty ? nil : $0 }))
        },
        AdminRoute(
            .post, "accounts", "Makes an account",
            body: [
                AdminMember("key", .text, "Its API key; without one the server chooses."),
                AdminMember("label", .text, "What reports call it, such as the name of a test; at most 256 bytes."),
                AdminMember("credits", .integer, "Credits at the start, 0 to 1000000000000; usually 10000."),
                scenarioMember,
            ], isBodyOptional: true, status: 201
        ) { (request) throws(AdminProblem) in
            try request.read { (body) throws(AdminProblem) in
                .account(
                    .create(
                        key: try body.key("key"), label: try label(body), credits: try credits(body),
                        try scenario(body)))
            }
        },
        AdminRoute(.get, "accounts/{key}", "An account") { (request) throws(AdminProblem) in
            .account(.show(key: request.values[0]))
        },
        AdminRoute(
            .delete, "accounts/{key}",
            "Removes an account with its tasks, credits and journal; answers what it had"
        ) { (request) throws(AdminProblem) in .account(.remove(key: request.values[0])) },
        AdminRoute(
            .post, "accounts/{key}/credits", "Tops up credits, or takes some away",
            body: [AdminMember("amount", .integer, "Whole credits other than 0.", isRequired: true)]
        ) { (request) throws(AdminProblem) in
            let key = request.values[0]
            return try request.read { (body) throws(AdminProblem) in
                .account(.addCredits(key: key, amount: try amount(body)))
            }
        },
        AdminRoute(.get, "accounts/{key}/ledger", "Every movement of credits", query: pageParameters) {
            (request) throws(AdminProblem) in .account(.ledger(key: request.values[0], try request.page()))
        },
        AdminRoute(.get, "accounts/{key}/tasks", "The tasks, newest last", query: pageParameters) {
            (request) throws(AdminProblem) in .account(.tasks(key: request.values[0], try request.page()))
        },
    ]

    private static func label(_ body: AdminBody) throws(AdminProblem) -> String? {
        guard let label = try body.string("label") else { return nil }
        guard (1...AdminCommand.labelLimit).contains(label.utf8.count) else {
            throw .bad("Bad label", "\"label\" is 1 to \(AdminCommand.labelLimit) bytes of text.")
        }
        return label
    }

    private static func credits(_ body: AdminBody) throws(AdminProblem) -> Int64 {
        guard let value = body.json[key: "credits"] else { return AdminCommand.defaultCredits }
        guard let number = value.integer, (0...Ledger.limit).contains(number) else {
            throw .bad("Bad credits", "\"credits\" is a whole number from 0 to \(Ledger.limit).")
        }
        return number
    }

    private static func amount(_ body: AdminBody) throws(AdminProblem) -> Int64 {
        guard let amount = body.value("amount")?.integer, amount != 0, (-Ledger.limit...Ledger.limit).contains(amount)
        else {
            throw .bad(
                "Bad amount", "\"amount\" is a whole number of credits other than 0, such as {\"amount\": 500}.")
        }
        return amount
    }
}
