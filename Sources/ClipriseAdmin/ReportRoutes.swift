internal import ClipriseJSON
package import ClipriseScenario
internal import ClipriseWire

/// What is to be judged; `account` nil means every account that is there.
package enum ReportCommand: Sendable, Hashable {
    /// Only what is expected.
    case verify(account: [UInt8]?, [Expectation])
    /// `expectations` nil takes those of the scenarios in force.
    case grade(account: [UInt8]?, expectations: [Expectation]?)
}

extension AdminRoutes {
    private static let account = AdminMember(
        "account", .text, "The account's key; without one all accounts that are there are meant.")

    static let reports: [AdminRoute] = [
        AdminRoute(.get, "accounts/{key}/report", "The grade of an account's client") {
            (request) throws(AdminProblem) in
            .report(.grade(account: request.values[0], expectations: nil))
        },
        AdminRoute(
            .post, "verify", "Whether what is expected came true",
            body: [
                account,
                AdminMember("expect", .list, "Expectations in the language of scenarios, as JSON.", isRequired: true),
            ]
        ) { (request) throws(AdminProblem) in
            try request.read { (body) throws(AdminProblem) in
                guard let expected = try expectations(body) else {
                    throw .bad("Bad expect", "\"expect\" is a list such as [{\"requests\": {\"at_most\": 5}}].")
                }
                return .report(.verify(account: try body.key("account"), expected))
            }
        },
        AdminRoute(
            .post, "grade", "The report and grade of the clients",
            body: [
                account,
                AdminMember("expect", .list, "Expectations in place of those of the scenarios, as JSON."),
            ], isBodyOptional: true
        ) { (request) throws(AdminProblem) in
            try request.read { (body) throws(AdminProblem) in
                .report(.grade(account: try body.key("account"), expectations: try expectations(body)))
            }
        },
    ]

    /// Read as the `expect` of a scenario; errors are told without places, which would be those of the scenario.
    private static func expectations(_ body: AdminBody) throws(AdminProblem) -> [Expectation]? {
        guard let value = body.value("expect") else { return nil }
        guard value.kind == .array, var text = body.masked("expect") else {
            throw .bad("Bad expect", "\"expect\" is a list such as [{\"requests\": {\"at_most\": 5}}].")
        }
        guard let start = text.firstIndex(of: UInt8(ascii: "[")) else { return nil }
        let head = Array("{\"schema\": \"cliprise-mock/v1\", \"expect\":".utf8)
        text.insert(contentsOf: head, at: start)
        text.append(UInt8(ascii: "}"))
        do throws(ScenarioErrors) {
            return try Scenario(yaml: text, source: "body").expectations
        } catch {
            throw .bad("Bad expect", error.errors.prefix(5).map(\.reason.text).joined(separator: "; ") + ".")
        }
    }
}
