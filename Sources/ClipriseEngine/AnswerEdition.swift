public import ClipriseWire

/// Answers that a profile file gives in the place of the contract's, by clause (`conformance --write-profile`).
public struct AnswerEdition: Sendable, Hashable {
    /// An answer whose body may name parts of the contract's own: `{taskId}`, `{fileURL}`, `{failMsg}`, `{msg}` and
    /// `{message}` stand for the text that the contract's answer has under this key.
    public struct Template: Sendable, Hashable {
        public var status: Int
        /// Nil for none.
        public var contentType: String?
        public var body: [UInt8]

        public init(status: Int, contentType: String?, body: [UInt8]) {
            self.status = status
            self.contentType = contentType
            self.body = body
        }
    }

    /// What a run found of a server, on one day.
    public struct Verification: Sendable, Hashable {
        /// What was found of one clause: `same`, `differs` or `could not tell`.
        public struct Found: Sendable, Hashable {
            public var clause: String
            public var verdict: String

            public init(_ clause: String, _ verdict: String) {
                self.clause = clause
                self.verdict = verdict
            }

            public var isTold: Bool { verdict == "same" || verdict == "differs" }
        }

        /// As `2026-01-31`.
        public var day: String
        public var server: String
        public var clauses: [Found]
        /// The clauses that were tried with a model of the catalogue, by its id.
        public var models: [String: [Found]]

        public init(day: String, server: String, clauses: [Found] = [], models: [String: [Found]] = [:]) {
            self.day = day
            self.server = server
            self.clauses = clauses
            self.models = models
        }
    }

    /// Where the answers come from; nil when nobody says.
    public var verified: Verification?
    /// By slot: a clause, or a clause and what it is about, as in `GEN-5.callBackUrl` and `GEN-7.flux-2`.
    public var answers: [String: Template]

    public init(answers: [String: Template]) {
        self.answers = answers
    }

    /// The keys whose texts a template can take over.
    public static let names = ["taskId", "fileURL", "failMsg", "message", "msg"]

    /// The slot of an exchange that says more than its clause; nil when there is none.
    public static func detailedSlot(_ clause: Clause, model: String?, hint: String?) -> String? {
        switch clause {
        case .gen5: hint?.split(separator: " ").first.map { "GEN-5.\($0)" }
        case .gen7: model.map { "GEN-7.\($0)" }
        default: nil
        }
    }
}

extension AnswerEdition.Template {
    /// The answer in the place of `plan`.
    func filled(from plan: ResponsePlan) -> ResponsePlan {
        let own: [UInt8] = if case .plain(let bytes) = plan.body { bytes } else { [] }
        var bytes = body
        for name in AnswerEdition.names {
            let mark = Array("{\(name)}".utf8)
            guard let place = bytes.firstRange(of: mark), let text = own.text(under: name) else { continue }
            bytes.replaceSubrange(place, with: text)
        }
        let type: ResponsePlan.ContentType? = contentType.map {
            $0 == plan.contentType?.text ? plan.contentType ?? .json : .custom($0)
        }
        return ResponsePlan(status: status, contentType: type, fields: plan.fields, body: .plain(bytes))
    }
}

extension [UInt8] {
    /// The text under a key of a JSON text, escapes left as they are; the first that there is.
    fileprivate func text(under key: String) -> ArraySlice<UInt8>? {
        guard let mark = firstRange(of: Array("\"\(key)\":\"".utf8)) else { return nil }
        var end = mark.upperBound
        while end < endIndex, self[end] != UInt8(ascii: "\"") { end += self[end] == UInt8(ascii: "\\") ? 2 : 1 }
        return end <= endIndex ? self[mark.upperBound..<Swift.min(end, endIndex)] : nil
    }
}
