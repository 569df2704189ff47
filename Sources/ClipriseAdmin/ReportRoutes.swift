internal import ClipriseJSON
internal import ClipriseScenario
internal import ClipriseWire

extension AdminRoutes {
    private static let account = AdminMember(
        "account", .text, "The account's key; without one all accounts that are there are meant.")

    private static let finalAbout =
        "Whether the clients are done, so that paid tasks that they left behind count as wasted."

    static let reports: [AdminRoute] = [
        AdminRoute(
            .get, "accounts/{key}/report", "The grade of an account's client",
            query: [
                AdminMember("final", .flag, finalAbout),
                AdminMember("format", .text, "json, or text as exec prints it."),
            ]
        ) { (request) throws(AdminProblem) in
            .report(
                .grade(
                    account: request.values[0], expectations: nil, isFinal: try request.flag("final") ?? false,
                    form: try request.word("format", ReportForm.self) ?? .json))
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
                AdminMember("final", .flag, finalAbout),
            ], isBodyOptional: true
        ) { (request) throws(AdminProblem) in
            try request.read { (body) throws(AdminProblem) in
                .report(
                    .grade(
                        account: try body.key("account"), expectations: try expectations(body),
                        isFinal: try body.boolean("final") ?? false))
            }
        },
    ]

    /// Read as the `expect` of a scenario; errors are told with the entry that they are about.
    private static func expectations(_ body: AdminBody) throws(AdminProblem) -> [Expectation]? {
        guard let value = body.value("expect") else { return nil }
        guard value.kind == .array, let text = body.masked("expect") else {
            throw .bad("Bad expect", "\"expect\" is a list such as [{\"requests\": {\"at_most\": 5}}].")
        }
        do throws(ScenarioErrors) {
            return try expectations(text, from: UInt8(ascii: "["))
        } catch {
            let reasons = reasons(body, of: error)
            throw .bad("Bad expect", reasons.prefix(5).joined(separator: "; ").asSentence)
        }
    }

    private static func expectations(
        _ text: [UInt8], from first: UInt8, _ opening: String = "", _ closing: String = ""
    ) throws(ScenarioErrors) -> [Expectation] {
        var text = text
        let head = Array("{\"schema\": \"cliprise-mock/v1\", \"expect\":\(opening)".utf8)
        text.insert(contentsOf: head, at: text.firstIndex(of: first) ?? 0)
        text.append(contentsOf: "\(closing)}".utf8)
        return try Scenario(yaml: text, source: "body").expectations
    }

    /// What is wrong with each entry by itself; with none, what is wrong with the whole.
    private static func reasons(_ body: AdminBody, of whole: ScenarioErrors) -> [String] {
        var reasons: [String] = []
        var index = 0
        while let entry = body.element(index, of: "expect"), reasons.count < 5 {
            do throws(ScenarioErrors) {
                _ = try expectations(Array(entry), from: entry.first ?? 0, "[", "]")
            } catch {
                reasons += error.errors.map { "expect[\(index)]: \($0.reason.text)" }
            }
            index += 1
        }
        return reasons.isEmpty ? whole.errors.map(\.reason.text) : reasons
    }
}
