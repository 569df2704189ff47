package import ClipriseConformance
internal import ClipriseJSON

/// What an answer says, whatever its shape.
package enum Reading: Sendable, Hashable {
    case accepted(task: String)
    case processing
    case success
    case failed(String)
    /// The key is not known.
    case badKey
    case unknownTask
    /// The account is short of credits.
    case short
    /// Refused in a way that the contract has: HTTP 4xx or `code` 400 and above.
    case refused
    case other

    package init(_ answer: Observation) {
        let found = withJSON(answer.body) { json -> Facts in
            let object = json.kind == .array ? json.elements.first { _ in true } ?? json : json
            guard object.isObject else { return Facts() }
            return Facts(object)
        }
        let facts = (try? found.get()) ?? Facts()
        self = Self.reading(facts, status: answer.status)
    }

    private static func reading(_ facts: Facts, status: Int) -> Reading {
        if let task = facts.task { return .accepted(task: task) }
        if facts.hasURL { return .success }
        if let text = facts.failMsg { return .failed(text) }
        switch facts.status {
        case "processing"?, "pending"?, "queued"?, "waiting"?: return .processing
        case "success"?: return .success
        case "failed"?, "fail"?: return .failed("")
        default: break
        }
        switch facts.word {
        case "invalid_api_key"?: return .badKey
        case "invalid_taskId"?, "invalid_task_id"?, "task_not_found"?: return .unknownTask
        case "insufficient_credits"?: return .short
        default: break
        }
        if status == 300 { return .processing }
        if status == 401 { return .badKey }
        if status == 402 { return .short }
        let isRefusal = (400..<500).contains(status) && status != 408 && status != 425
        return isRefusal || (facts.code ?? 0) >= 400 && status == 200 ? .refused : .other
    }

    /// Whether nothing was started for certain, so that nothing is charged (contract, GEN-12).
    var isCertainRefusal: Bool {
        switch self {
        case .badKey, .short, .refused, .unknownTask: true
        case .accepted, .processing, .success, .failed, .other: false
        }
    }

    private struct Facts {
        var task: String?
        var hasURL = false
        var failMsg: String?
        var status: String?
        var word: String?
        var code: Int64?

        init() {}

        init(_ object: JSONValue) {
            task = object.member("taskId")?.string.flatMap { $0.isEmpty ? nil : $0 }
            hasURL = object.member("fileURL")?.string.map { !$0.isEmpty } ?? false
            failMsg = object.member("failMsg")?.string
            status = object.member("status")?.string
            word = object.member("msg")?.string ?? object.member("error")?.member("code")?.string
            code = object.member("code")?.integer
        }
    }
}
