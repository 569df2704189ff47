public import ClipriseEngine
public import ClipriseJournal
public import ClipriseWire

/// A task with its account and model.
public struct TaskView: Sendable {
    public var key: [UInt8]
    public var model: String
    /// `image`, `video` or `audio`.
    public var kind: String
    /// 1-based position in its account.
    public var ordinal: Int
    public var task: Account.Task
    /// The account's time when it was looked at.
    public var now: Instant
    /// What was said of the body, as long as the journal keeps its generate.
    public var warnings: [BodyWarning]

    public init(
        key: [UInt8], model: String, kind: String, ordinal: Int, task: Account.Task, now: Instant,
        warnings: [BodyWarning]
    ) {
        self.key = key
        self.model = model
        self.kind = kind
        self.ordinal = ordinal
        self.task = task
        self.now = now
        self.warnings = warnings
    }

    /// The part of the task's life that is over, 0–1; 0 for one that does not end by the clock.
    var progress: Double {
        guard task.outcome == .processing else { return 1 }
        let life = task.dueAt.since(task.acceptedAt).nanoseconds
        guard task.dueAt.nanoseconds != .max, life > 0 else { return 0 }
        return min(1, max(0, Double(now.since(task.acceptedAt).nanoseconds) / Double(life)))
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("taskId", task.id.description)
            writer.member("key", String(decoding: key, as: UTF8.self))
            writer.member("model", model)
            writer.member("credits", task.credits)
            switch task.outcome {
            case .processing: writer.member("state", "processing")
            case .succeeded: writer.member("state", "success")
            case .failed(let message):
                writer.member("state", "failed")
                writer.member("failMsg", message)
            }
            writer.member("acceptedAt", seconds: task.acceptedAt)
            if task.dueAt.nanoseconds != .max { writer.member("dueAt", seconds: task.dueAt) }
            writer.member("prompt", task.prompt)
            writer.member("callBackUrl", task.callBackURL)
            writer.member("polls", task.polls)
            writer.member("downloads", task.downloads)
            writer.member("ordinal", ordinal)
            writer.member("kind", kind)
            writer.key("progress")
            writer.thousandths(progress)
            writer.warnings(warnings)
        }
    }
}
