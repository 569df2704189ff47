internal import ClipriseScenario

/// What was seen of one account.
struct AccountLesson {
    enum End: Hashable {
        case success
        case failure(String)
    }

    struct Task {
        /// Nil for one whose generate got no answer.
        var id: String?
        var model: String?
        var acceptedAt: Int64 = 0
        /// The last time that it was seen unfinished, and the first that it was seen finished; milliseconds.
        var lastOpenAt: Int64?
        var endedAt: Int64?
        var end: End?
        /// Polls that were worked on, up to the one that saw the end.
        var workedPolls = 0
        /// What happened to its polls and downloads, one by one; nil for nothing.
        var polls: [Fault?] = []
        var downloads: [Fault?] = []

        mutating func add(_ fault: Fault?, isDownload: Bool) {
            if isDownload { downloads.append(fault) } else { polls.append(fault) }
        }

        /// How long it took, as far as polls show: half way between the last that found it open and the first that found
        /// it finished.
        var milliseconds: Int64? {
            guard let endedAt else { return nil }
            let open = max(lastOpenAt ?? acceptedAt, acceptedAt)
            return max(0, (open + endedAt) / 2 - acceptedAt)
        }
    }

    /// What happened to its generates, one by one; nil for nothing.
    var generates: [Fault?] = []
    /// In the order of their making.
    var tasks: [Task] = []
}
