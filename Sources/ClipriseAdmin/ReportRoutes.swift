internal import ClipriseJSON
public import ClipriseScenario
internal import ClipriseWire

/// What to judge; `account` nil means every account that is there.
public enum ReportCommand: Sendable, Hashable {
    /// Only what is expected.
    case verify(account: [UInt8]?, [Expectation])
    /// `expectations` nil takes those of the scenarios in force; `isFinal` says that the clients are done, so that what they
    /// left behind is judged.
    case grade(account: [UInt8]?, expectations: [Expectation]?, isFinal: Bool, form: ReportForm = .json)
}

/// How an account's report is written.
public enum ReportForm: String, Sendable, Hashable, CaseIterable {
    case json, text
}

extension ReportCommand {
    private static let finalAbout =
        "Whether the clients are done, so that paid tasks that they left behind count as wasted."

    static let routes: [ReadRoute<ReportCommand>] = [
        ReadRoute(
            .get, "accounts/{key}/report", "The grade of an account's client", pace: .long,
            query: { (query) throws(AdminProblem) in
                (
                    isFinal: try query.flag("final", finalAbout) ?? false,
                    form: try query.word("format", ReportForm.self, "json, or text as exec prints it.") ?? .json
                )
            }
        ) { (request, asked) throws(AdminProblem) in
            .grade(account: request.values[0], expectations: nil, isFinal: asked.isFinal, form: asked.form)
        },
        ReadRoute(
            .post, "verify", "Whether what is expected came true", pace: .long,
            body: { (body) throws(AdminProblem) in
                let account = try account(&body)
                let about = "Expectations in the language of scenarios, as JSON."
                guard let expected = try expectations(&body, about, isRequired: true) else {
                    throw .bad("Bad expect", "\"expect\" is a list such as [{\"requests\": {\"at_most\": 5}}].")
                }
                return .verify(account: account, expected)
            }
        ) { $1 },
        ReadRoute(
            .post, "grade", "The report and grade of the clients", isBodyOptional: true, pace: .long,
            body: { (body) throws(AdminProblem) in
                let account = try account(&body)
                let expected = try expectations(&body, "Expectations in place of those of the scenarios, as JSON.")
                let isFinal = try body.boolean("final", finalAbout)
                return .grade(account: account, expectations: expected, isFinal: isFinal ?? false)
            }
        ) { $1 },
    ]

    private static func account(_ body: inout AdminBody) throws(AdminProblem) -> [UInt8]? {
        try body.key("account", "The account's key; without one all accounts that are there are meant.")
    }

    /// Read as the `expect` of a scenario; errors are reported with the entry that they are about.
    private static func expectations(
        _ body: inout AdminBody, _ about: String, isRequired: Bool = false
    ) throws(AdminProblem) -> [Expectation]? {
        guard let value = body.value("expect", .list, about, isRequired: isRequired) else { return nil }
        guard value.kind == .array, let text = body.masked("expect", .list, about) else {
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
