package import ClipriseEngine
internal import ClipriseJSON
internal import ClipriseOpenAPI
package import ClipriseWire

/// A profile that a run of `conformance` wrote: an edition, and the answers in which a server differs from it.
package struct ProfileFile: Sendable {
    package var base: ContractProfile
    /// The day of the run, as `2026-01-31`, and the server.
    package var verified: String
    package var server: String
    /// What the run found of each clause.
    package var clauses: [(clause: String, verdict: String)]
    package var edition: AnswerEdition

    /// The longest body that a profile takes, in bytes.
    private static let bodyLimit = 65_536

    package init(
        base: ContractProfile, verified: String, server: String, clauses: [(clause: String, verdict: String)],
        edition: AnswerEdition
    ) {
        self.base = base
        self.verified = verified
        self.server = server
        self.clauses = clauses
        self.edition = edition
    }

    /// - Parameter answers: Those of the profile that the server was held against; they stay where it agrees with them.
    package init(_ report: ConformanceReport, keeping answers: AnswerEdition?) {
        base = report.profile
        verified = report.day
        server = report.server
        clauses = []
        for clause in Clause.allCases {
            let findings = report.findings.filter { $0.clause == clause }
            guard !findings.isEmpty else { continue }
            let verdict: Finding.Verdict =
                findings.contains { $0.verdict == .differs }
                ? .differs : findings.contains { $0.verdict == .same } ? .same : .unknown
            clauses.append((clause.rawValue, verdict.rawValue))
        }
        edition = AnswerEdition(answers: answers?.answers ?? [:])
        var taken: Set<String> = []
        for finding in report.findings where finding.verdict == .differs {
            guard let slot = finding.slot, let received = finding.received, received.body.count <= Self.bodyLimit,
                taken.insert(slot).inserted
            else { continue }
            edition.answers[slot] = .init(
                status: received.status, contentType: received.contentType, body: received.body)
        }
    }

    // MARK: Text

    package var text: String {
        var tree: JSONTree = [
            "base": .text(base.rawValue), "verified": .text(verified), "server": .text(server),
            "clauses": .object(clauses.map { .init(key: $0.clause, value: .text($0.verdict)) }),
        ]
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

    /// - Throws: `ProfileError`, with the place of a mistake.
    package init(_ text: [UInt8], file: String) throws(ProfileError) {
        let read = try withJSON(text) { (json) throws(ProfileError) in try Self(json, file) }
        switch read {
        case .success(let profile): self = profile
        case .failure(let reason):
            let place = JSONLocator(text).firstError().map { ":\($0)" } ?? ""
            throw ProfileError("\(file)\(place): no JSON: \(reason)")
        }
    }

    private init(_ json: JSONValue, _ file: String) throws(ProfileError) {
        guard json.isObject else { throw ProfileError("\(file): a profile is a JSON object") }
        let known = ["base", "verified", "server", "clauses", "answers"]
        for member in json.members {
            let key = String(decoding: member.key, as: UTF8.self)
            guard !known.contains(key) else { continue }
            let meant = Spelling.nearest(to: key, in: known).map { "; did you mean \"\($0)\"?" } ?? ""
            throw ProfileError("\(file): \"\(key)\" is no key of a profile\(meant)")
        }
        guard let word = json.member("base")?.string, let base = ContractProfile(rawValue: word) else {
            let names = ContractProfile.allCases.map(\.rawValue).joined(separator: ", ")
            throw ProfileError("\(file): \"base\" must be one of \(names)")
        }
        self.base = base
        verified = json.member("verified")?.string ?? ""
        server = json.member("server")?.string ?? ""
        clauses = []
        if let members = json.member("clauses")?.members {
            for member in members {
                clauses.append((String(decoding: member.key, as: UTF8.self), member.value.string ?? ""))
            }
        }
        var answers: [String: AnswerEdition.Template] = [:]
        if let given = json.member("answers") {
            guard given.isObject else { throw ProfileError("\(file): \"answers\" must be an object") }
            for member in given.members {
                let slot = String(decoding: member.key, as: UTF8.self)
                answers[slot] = try Self.template(member.value, "\(file): answers.\(slot)", slot)
            }
        }
        edition = AnswerEdition(answers: answers)
    }

    private static func template(
        _ json: JSONValue, _ place: String, _ slot: String
    ) throws(ProfileError) -> AnswerEdition.Template {
        let clauses = Clause.allCases.map(\.rawValue)
        let clause = slot.split(separator: ".").first.map(String.init) ?? slot
        guard clauses.contains(clause) else {
            let meant = Spelling.nearest(to: clause, in: clauses).map { "; did you mean \"\($0)\"?" } ?? ""
            throw ProfileError("\(place): no such clause\(meant)")
        }
        for member in json.members
        where !["status", "contentType", "body"].contains(String(decoding: member.key, as: UTF8.self)) {
            throw ProfileError(
                "\(place): \"\(String(decoding: member.key, as: UTF8.self))\" is none of status, contentType, body")
        }
        guard let status = json.member("status")?.integer, (200...599).contains(status) else {
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
