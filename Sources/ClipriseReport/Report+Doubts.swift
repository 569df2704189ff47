extension Report {
    /// `4 warnings on 3 of 5 requests: something in them is not as documented`; nil when there were none.
    public var warningLine: String? {
        guard counts.warned > 0 else { return nil }
        return
            "\(NumberText.count(doubts.reduce(0) { $0 + $1.count }, "warning")) on \(NumberText.grouped(counts.warned)) of "
            + "\(NumberText.count(counts.requests, "request")): something in \(counts.warned == 1 ? "it" : "them") is not as "
            + "documented"
    }

    /// `and 3 more kinds of warnings`, behind those that are listed; nil when all are.
    var moreDoubts: String? {
        let rest = doubts.count - Doubt.listed
        return rest > 0 ? "and \(NumberText.count(rest, "more kind")) of warnings" : nil
    }
}
