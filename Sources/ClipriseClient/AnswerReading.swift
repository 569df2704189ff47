// What the answers of the contract mean. Pure: bytes in, meaning out.

internal import ClipriseWire

/// What an answer to generate means.
enum GenerateReading: Hashable {
    case accepted(task: String)
    /// Refused for good; nothing was accepted.
    case refused(ClipriseError.Kind)
    /// 429: nothing was accepted, and the same request may come again.
    case throttled
    /// Accepted or not, nobody knows; nil for an answer without a body.
    case unknown(UnknownOutcome.Reason?)
}

/// What an answer to status means, or one to download that is no file.
enum StatusReading: Hashable {
    case processing
    case succeeded(FileLink?)
    /// The end of the job, for this reason.
    case refused(ClipriseError.Kind)
    /// The key and host are right, and the task is not known.
    case noSuchTask
    /// Worth another try.
    case spoilt(ClipriseError.Kind)
    case throttled
    /// There is nothing at the place any more (403, 404, 410): for a download, an expired link.
    case gone(status: Int)
}

/// The members of an answer that the contract names, from an object or from a one-element array of one.
struct AnswerFields {
    var code: Int64?
    var taskID: String?
    /// `msg`, `message`, or the word of a nested `error`.
    var message: String?
    var status: String?
    var fileURL: String?
    var failMessage: String?
    var actionURL: String?

    /// Reads a body; nil for one that is no JSON object, or an array that does not begin with one.
    init?(_ body: [UInt8]) {
        guard var value = try? RequestValue(json: body) else { return nil }
        if case .array(let values) = value {
            guard let first = values.first else { return nil }
            value = first
        }
        guard case .object = value else { return nil }
        if case .integer(let code)? = value["code"] { self.code = code }
        taskID = value["taskId"]?.text
        status = value["status"]?.text
        fileURL = value["fileURL"]?.text
        failMessage = value["failMsg"]?.text
        actionURL = (value["action_url"] ?? value["error"]?["action_url"])?.text
        message =
            value["error"]?["code"]?.text ?? value["error"]?.text ?? value["msg"]?.text
            ?? value["message"]?.text ?? value["error"]?["message"]?.text
    }
}

extension GenerateReading {
    init(_ response: Answer.Response) {
        switch response.status {
        case 200..<300: self = Self.accepting(response)
        case 429: self = .throttled
        case 408, 500..<1000: self = .unknown(.gateway(status: response.status))
        case 400..<500: self = .refused(Self.refusal(response))
        default: self = .refused(.unexpectedAnswer(status: response.status))
        }
    }

    private static func accepting(_ response: Answer.Response) -> GenerateReading {
        if response.body.isEmpty, response.isComplete { return .unknown(nil) }
        guard let fields = AnswerFields(response.body) else {
            return .unknown(.unreadable)
        }
        if let task = fields.taskID, !task.isEmpty, fields.code ?? 200 < 300 {
            return isTaskID(task) ? .accepted(task: task) : .refused(.malformedTaskID(task))
        }
        if let known = known(fields) { return .refused(known) }
        if fields.code ?? 0 >= 500 { return .unknown(.gateway(status: Int(clamping: fields.code ?? 500))) }
        if fields.code ?? 0 >= 400, fields.taskID == nil {
            return .refused(.rejected(message: fields.message ?? "no reason given"))
        }
        return .unknown(.unreadable)
    }

    /// 1 to 128 letters, digits, `_` and `-`: an id stands in URLs, in names of files and in lines that people paste.
    static func isTaskID(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0.isASCIIAlphanumeric || "_-".utf8.contains($0) }
    }

    private static func refusal(_ response: Answer.Response) -> ClipriseError.Kind {
        let fields = AnswerFields(response.body)
        if let known = fields.flatMap(known) { return known }
        switch response.status {
        case 400 where response.body.isEmpty && response.isComplete: return .wrongHost
        case 401: return .invalidAPIKey
        case 402: return .insufficientCredits(actionURL: fields?.actionURL)
        case 400, 422:
            guard let message = fields?.message else { break }
            return .rejected(message: message)
        default: break
        }
        return .unexpectedAnswer(status: response.status)
    }

    /// The words that the contract fixes.
    private static func known(_ fields: AnswerFields) -> ClipriseError.Kind? {
        switch fields.message {
        case "invalid_api_key": .invalidAPIKey
        case "invalid_model_id": .invalidModel
        case "insufficient_credits": .insufficientCredits(actionURL: fields.actionURL)
        case "method_not_allowed": .wrongHost
        case "This field is required": .fieldRequired
        default: nil
        }
    }
}

extension StatusReading {
    init(_ response: Answer.Response) {
        switch response.status {
        // The status alone says it; most polls end here, without a look at the body.
        case 300: self = .processing
        case 200..<300: self = Self.finished(response)
        case 429: self = .throttled
        case 408, 500..<1000: self = .spoilt(.gateway(status: response.status))
        case 400: self = Self.ended(response)
        case 401: self = .refused(.invalidAPIKey)
        case 403, 404, 410: self = .gone(status: response.status)
        default: self = .refused(.unexpectedAnswer(status: response.status))
        }
    }

    private static func finished(_ response: Answer.Response) -> StatusReading {
        guard let fields = AnswerFields(response.body) else {
            return .spoilt(.unreadableAnswer(status: response.status))
        }
        switch fields.status {
        case "success": return .succeeded(fields.fileURL.map(FileLink.init(urlWithKey:)))
        case "processing": return .processing
        case "failed": return .refused(.taskFailed(message: fields.failMessage ?? "no reason given"))
        default: return known(fields) ?? .spoilt(.unreadableAnswer(status: response.status))
        }
    }

    private static func ended(_ response: Answer.Response) -> StatusReading {
        guard let fields = AnswerFields(response.body) else {
            return .spoilt(.unreadableAnswer(status: response.status))
        }
        if let known = known(fields) { return known }
        if fields.failMessage != nil || fields.status == "failed" {
            return .refused(.taskFailed(message: fields.failMessage ?? "no reason given"))
        }
        return .refused(.unexpectedAnswer(status: response.status))
    }

    private static func known(_ fields: AnswerFields) -> StatusReading? {
        switch fields.message {
        case "invalid_api_key": .refused(.invalidAPIKey)
        case "invalid_taskId": .noSuchTask
        case "method_not_allowed": .refused(.wrongHost)
        default: nil
        }
    }
}
