internal import ClipriseWire

/// What the body of a callback reports: the record of a finished task, as upstream sends it for market models.
package struct CallbackPayload: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        /// Where the result's files are.
        case files(urls: [String])
        /// The result of a task that makes text: a JSON value.
        case object(json: [UInt8])
        /// `code` is text, as upstream's is.
        case failed(code: String = "500", message: String)
    }

    package var taskID: String
    package var model: String
    /// The whole body that created the task, JSON as it was sent.
    package var request: [UInt8]
    package var outcome: Outcome
    /// In milliseconds since 1970.
    package var createdAt: Int64
    /// In milliseconds since 1970; not before `createdAt`.
    package var completedAt: Int64
    /// Credits taken; not told for a failed task, which costs none.
    package var credits: Int64

    package init(
        taskID: String, model: String, request: [UInt8], outcome: Outcome, createdAt: Int64, completedAt: Int64,
        credits: Int64
    ) {
        self.taskID = taskID
        self.model = model
        self.request = request
        self.outcome = outcome
        self.createdAt = createdAt
        self.completedAt = completedAt
        self.credits = credits
    }

    /// The body, one JSON object without line breaks.
    ///
    /// `costTime` is in whole seconds, as upstream's live records have it (its pages say milliseconds).
    package var json: [UInt8] {
        let failure: (code: String, message: String)? =
            if case .failed(let code, let message) = outcome { (code, message) } else { nil }
        var body: [UInt8] = []
        body.reserveCapacity(512 + request.count * 2)
        body.append(literal: failure == nil ? "{\"code\":200,\"msg\":" : "{\"code\":501,\"msg\":")
        body.append(
            jsonString: failure == nil ? "Playground task completed successfully." : "Playground task failed.")
        body.append(literal: ",\"data\":{\"taskId\":")
        body.append(jsonString: taskID)
        body.append(literal: ",\"model\":")
        body.append(jsonString: model)
        body.append(literal: failure == nil ? ",\"state\":\"success\"" : ",\"state\":\"fail\"")
        body.append(literal: ",\"param\":")
        body.append(jsonString: String(decoding: request, as: UTF8.self))
        body.append(literal: ",\"resultJson\":")
        body.append(jsonStringOrNull: result)
        body.append(literal: ",\"failCode\":")
        body.append(jsonStringOrNull: failure?.code)
        body.append(literal: ",\"failMsg\":")
        body.append(jsonStringOrNull: failure?.message)
        body.append(literal: ",\"costTime\":")
        body.append(decimal: (completedAt - createdAt) / 1_000)
        body.append(literal: ",\"completeTime\":")
        body.append(decimal: completedAt)
        body.append(literal: ",\"createTime\":")
        body.append(decimal: createdAt)
        body.append(literal: ",\"updateTime\":")
        body.append(decimal: completedAt)
        body.append(literal: ",\"creditsConsumed\":")
        body.append(decimal: failure == nil ? credits : 0)
        body.append(literal: "}}")
        return body
    }

    /// The body in the short form of upstream's text on signatures: the id as `taskId` and as `data.task_id`, and the
    /// credits as `consumeCredits`.
    package var shortJSON: [UInt8] {
        let failure: (code: String, message: String)? =
            if case .failed(let code, let message) = outcome { (code, message) } else { nil }
        var body: [UInt8] = []
        body.append(literal: "{\"taskId\":")
        body.append(jsonString: taskID)
        body.append(literal: failure == nil ? ",\"code\":200,\"msg\":" : ",\"code\":501,\"msg\":")
        body.append(jsonString: failure?.message ?? "success")
        body.append(literal: ",\"data\":{\"task_id\":")
        body.append(jsonString: taskID)
        body.append(literal: ",\"callbackType\":")
        body.append(jsonString: failure == nil ? "task_completed" : "task_failed")
        body.append(literal: ",\"resultJson\":")
        body.append(jsonStringOrNull: result)
        body.append(literal: ",\"failCode\":")
        body.append(jsonStringOrNull: failure?.code)
        body.append(literal: ",\"consumeCredits\":")
        body.append(decimal: failure == nil ? credits : 0)
        body.append(literal: "}}")
        return body
    }

    /// The JSON text that `resultJson` carries as a string; nil for a failed task.
    private var result: String? {
        var text: [UInt8] = []
        switch outcome {
        case .failed: return nil
        case .files(let urls):
            text.append(literal: "{\"resultUrls\":[")
            for (index, url) in urls.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                text.append(jsonString: url)
            }
            text.append(literal: "]}")
        case .object(let json):
            text.append(literal: "{\"resultObject\":")
            text.append(contentsOf: json)
            text.append(literal: "}")
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension [UInt8] {
    fileprivate mutating func append(jsonStringOrNull text: String?) {
        if let text { append(jsonString: text) } else { append(literal: "null") }
    }
}
