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
    /// Credits taken; absent for a failed task, which costs none.
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
        JSONWriter.object(capacity: 512 + request.count * 2) {
            $0.member("code", failure == nil ? 200 : 501)
            $0.member(
                "msg", failure == nil ? "Playground task completed successfully." : "Playground task failed.")
            $0.member("data") {
                $0.member("taskId", taskID)
                $0.member("model", model)
                $0.member("state", failure == nil ? "success" : "fail")
                $0.member("param", String(decoding: request, as: UTF8.self))
                $0.member("resultJson", orNull: result)
                $0.member("failCode", orNull: failure?.code)
                $0.member("failMsg", orNull: failure?.message)
                $0.member("costTime", (completedAt - createdAt) / 1_000)
                $0.member("completeTime", completedAt)
                $0.member("createTime", createdAt)
                $0.member("updateTime", completedAt)
                $0.member("creditsConsumed", failure == nil ? credits : 0)
            }
        }
    }

    /// The body in the short form of upstream's text on signatures: the id as `taskId` and as `data.task_id`, and the
    /// credits as `consumeCredits`.
    package var shortJSON: [UInt8] {
        JSONWriter.object {
            $0.member("taskId", taskID)
            $0.member("code", failure == nil ? 200 : 501)
            $0.member("msg", failure?.message ?? "success")
            $0.member("data") {
                $0.member("task_id", taskID)
                $0.member("callbackType", failure == nil ? "task_completed" : "task_failed")
                $0.member("resultJson", orNull: result)
                $0.member("failCode", orNull: failure?.code)
                $0.member("consumeCredits", failure == nil ? credits : 0)
            }
        }
    }

    private var failure: (code: String, message: String)? {
        if case .failed(let code, let message) = outcome { (code, message) } else { nil }
    }

    /// The JSON text that `resultJson` carries as a string; nil for a failed task.
    private var result: String? {
        var writer = JSONWriter()
        switch outcome {
        case .failed: return nil
        case .files(let urls): writer.object { $0.member("resultUrls", texts: urls) }
        case .object(let json): writer.object { $0.member("resultObject", json: json) }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
