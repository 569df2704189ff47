/// What a job reports of its progress; no part of it holds the key.
public enum JobProgress: Sendable, Hashable {
    /// The service has accepted the request. Keep the id: it is paid for.
    case accepted(task: String)
    /// The next call comes after this long: a poll when nothing went wrong, otherwise another try.
    case waiting(Duration, after: ClipriseError.Kind?)
    /// The file is asked for from this byte on.
    case downloading(from: Int)
}
