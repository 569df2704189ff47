/// What to do for one task, and by which policy: the part of a `JobMachine` that never changes.
///
/// A class, so that any number of machines share one.
public final class Job: Sendable {
    /// Where a job begins and where it ends.
    public enum Goal: String, Sendable, Hashable, CaseIterable {
        /// Generate, wait, download.
        case run
        /// Generate only.
        case generate
        /// One answered poll of a task.
        case status
        /// Poll a task until it has ended.
        case wait
        /// Fetch the file of a task, waiting for it if it is not finished.
        case download
    }

    /// Where the job begins and ends.
    public let goal: Goal
    /// How it waits and how often it tries.
    public let policy: RetryPolicy
    let body: [UInt8]
    let task: String

    private init(_ goal: Goal, policy: RetryPolicy, body: [UInt8] = [], task: String = "") {
        self.goal = goal
        self.policy = policy
        self.body = body
        self.task = task
    }

    /// Generates from a JSON body, waits, and downloads.
    public static func run(body: [UInt8], policy: RetryPolicy) -> Job { Job(.run, policy: policy, body: body) }

    /// Generates from a JSON body.
    public static func generate(body: [UInt8], policy: RetryPolicy) -> Job {
        Job(.generate, policy: policy, body: body)
    }

    /// Asks once how a task is.
    public static func status(task: String, policy: RetryPolicy) -> Job { Job(.status, policy: policy, task: task) }

    /// Waits for a task.
    public static func wait(task: String, policy: RetryPolicy) -> Job { Job(.wait, policy: policy, task: task) }

    /// Fetches the file of a task.
    public static func download(task: String, policy: RetryPolicy) -> Job { Job(.download, policy: policy, task: task) }
}
