package import ClipriseEngine
internal import ClipriseJSON
internal import ClipriseOpenAPI
package import ClipriseWire

/// A profile that a run of `conformance` wrote: an edition, and the answers in which a server differs from it.
package struct ProfileFile: Sendable {
    package var base: ContractProfile
    /// The day of the run, the server, and what was found of each clause.
    package var found: AnswerEdition.Verification
    package var edition: AnswerEdition

    /// The longest body that a profile takes, in bytes.
    private static let bodyLimit = 65_536
    private static let statusRange: ClosedRange<Int64> = 200...599

    /// What a profile holds of an answer, its body as UTF-8; nil for one that no profile takes.
    package static func template(_ received: Observation) -> AnswerEdition.Template? {
        let body = Array(String(decoding: received.body, as: UTF8.self).utf8)
        guard statusRange.contains(Int64(received.status)), body.count <= bodyLimit else { return nil }
        return .init(
            status: received.status, contentType: received.contentType.flatMap { isFieldValue($0) ? $0 : nil },
            body: body)
    }

    package init(base: ContractProfile, found: AnswerEdition.Verification, edition: AnswerEdition) {
        self.base = base
        self.found = found
        self.edition = edition
        self.edition.verified = found
    }

    /// - Parameter answers: Those of the profile that the server was held against; they stay where it agrees with them.
    package init(_ report: ConformanceReport, keeping answers: AnswerEdition?) {
        var found = AnswerEdition.Verification(day: report.day, server: report.server)
        found.clauses = Self.verdicts(report.findings)
        for model in Set(report.findings.compactMap(\.model)) {
            let told = Self.verdicts(report.findings.filter { $0.model == model }).filter(\.isTold)
            if !told.isEmpty { found.models[model] = told }
        }
        var edition = AnswerEdition(answers: answers?.answers ?? [:])
        var taken: Set<String> = []
        // The first of a slot stands for all of it: what is the same there stays.
        for finding in report.findings where finding.verdict != .unknown {
            guard let slot = finding.slot, let template = finding.received.flatMap(Self.template),
                taken.insert(slot).inserted, finding.verdict == .differs
            else { continue }
            edition.answers[slot] = template
        }
        self.init(base: report.profile, found: found, edition: edition)
    }

    /// The verdict of each clause that was tried, in the order of the contract.
    private static func verdicts(_ findings: [Finding]) -> [AnswerEdition.Verification.Found] {
        Clause.allCases.compactMap { clause in
            let mine = findings.filter { $0.clause == clause }
            guard !mine.isEmpty else { return nil }
            let verdict: Finding.Verdict =
                mine.contains { $0.verdict == .differs }
                ? .differs : mine.contains { $0.verdict == .same } ? .same : .unknown
            return .init(clause.rawValue, verdict.rawValue)
        }
    }

    // MARK: Text

    package var text: String {
        var tree: JSONTree = [
            "base": .text(base.rawValue), "verified": .text(found.day), "server": .text(found.server),
            "clauses": Self.tree(found.clauses),
        ]
        if !found.models.isEmpty {
            tree["models"] = .object(
                found.models.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: Self.tree($0.value)) })
        }
        var answers: JSONTree = [:]
        for (slot, answer) in edition.answers.sorted(by: { $0.key < $1.key }) {
            var item: JSONTree = ["status": .number(Double(answer.status))]
            if let type = answer.contentType { item["contentType"] = .text(type) }
            item["body"] = .text(String(decoding: answer.body, as: UTF8.self))
            answers[slot] = item
        }
        tree["answers"] = answers
        return tree.pretty
    }

    private static func tree(_ clauses: [AnswerEdition.Verification.Found]) -> JSONTree {
        .object(clauses.map { .init(key: $0.clause, value: .text($0.verdict)) })
    }

    /// - Throws: `ProfileError`, with the place of a mistake.
    package init(_ text: [UInt8], file: String) throws(ProfileError) {
        let read = try withJSON(text) { (json) throws(ProfileError) in try Self(json, file) }
        switch read {
        case .success(let profile): self = profile
        case .failure(let reason):
            let place = JSONLocator(text).firstError().map { ":\($0)" } ?? ""
            throw ProfileError("\(file)\(place): no JSON: \(reason.cause(in: text))")
        }
    }

    private init(_ json: JSONValue, _ file: String) throws(ProfileError) {
        guard json.isObject else { throw ProfileError("\(file): a profile is a JSON object") }
        let known = ["base", "verified", "server", "clauses", "models", "answers"]
        for member in json.members {
            let key = String(decoding: member.key, as: UTF8.self)
            guard !known.contains(key) else { continue }
            let meant = Spelling.hint(for: key, in: known)
            throw ProfileError("\(file): \"\(key)\" is no key of a profile\(meant)")
        }
        guard let word = json.member("base")?.string, let base = ContractProfile(rawValue: word) else {
            let names = ContractProfile.allCases.map(\.rawValue).joined(separator: ", ")
            throw ProfileError("\(file): \"base\" must be one of \(names)")
        }
        var found = AnswerEdition.Verification(
            day: json.member("verified")?.string ?? "", server: json.member("server")?.string ?? "",
            clauses: Self.clauses(json.member("clauses")))
        for member in json.member("models").map({ Array($0.members) }) ?? [] {
            found.models[String(decoding: member.key, as: UTF8.self)] = Self.clauses(member.value)
        }
        var answers: [String: AnswerEdition.Template] = [:]
        if let given = json.member("answers") {
            guard given.isObject else { throw ProfileError("\(file): \"answers\" must be an object") }
            for member in given.members {
                let slot = String(decoding: member.key, as: UTF8.self)
                answers[slot] = try Self.template(member.value, "\(file): answers.\(slot)", slot)
            }
        }
        self.init(base: base, found: found, edition: AnswerEdition(answers: answers))
    }

    private static func clauses(_ json: JSONValue?) -> [AnswerEdition.Verification.Found] {
        json.map { Array($0.members) }?.map { member in
            .init(String(decoding: member.key, as: UTF8.self), member.value.string ?? "")
        } ?? []
    }

    private static func template(
        _ json: JSONValue, _ place: String, _ slot: String
    ) throws(ProfileError) -> AnswerEdition.Template {
        let clauses = Clause.allCases.map(\.rawValue)
        let clause = slot.split(separator: ".").first.map(String.init) ?? slot
        guard clauses.contains(clause) else {
            let meant = Spelling.hint(for: clause, in: clauses)
            throw ProfileError("\(place): no such clause\(meant)")
        }
        for member in json.members
        where !["status", "contentType", "body"].contains(String(decoding: member.key, as: UTF8.self)) {
            throw ProfileError(
                "\(place): \"\(String(decoding: member.key, as: UTF8.self))\" is none of status, contentType, body")
        }
        guard let status = json.member("status")?.integer, statusRange.contains(status) else {
            throw ProfileError("\(place): \"status\" must be a whole number from 200 to 599")
        }
        let type = json.member("contentType")
        if let type, !(type.isNull || type.string.map(isFieldValue) ?? false) {
            throw ProfileError("\(place): \"contentType\" must be a media type, such as application/json")
        }
        let body = json.member("body")?.utf8.map { Array($0) } ?? []
        guard body.count <= bodyLimit else {
            throw ProfileError("\(place): \"body\" is longer than \(bodyLimit) bytes")
        }
        return AnswerEdition.Template(status: Int(status), contentType: type?.string, body: body)
    }

    /// Whether a text can stand in a header field.
    private static func isFieldValue(_ text: String) -> Bool {
        (1...200).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
}

package struct ProfileError: Error, Sendable, CustomStringConvertible {
    package var description: String

    init(_ description: String) { self.description = description }
}
