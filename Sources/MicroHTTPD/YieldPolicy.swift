/// Decides when a loop lets other threads run before it sleeps.
///
/// Where several loops and their clients share the processors, a loop that sleeps as soon as nothing is ready is woken for
/// every few requests, and to be woken costs about as much as a request. A client that runs meanwhile sends more of them.
struct YieldPolicy {
    /// So many requests in one turn come from a crowd; fewer are a client or two, who are served sooner without.
    private static let crowd = 3
    private static let gain = 4
    private static let most = 32

    /// How many more yields may bring nothing before only a crowd is worth one.
    private var credit = 0

    func isWorthwhile(after requests: Int) -> Bool { requests >= (credit > 0 ? 1 : Self.crowd) }

    /// Notes what a yield brought.
    mutating func note(brought requests: Int) {
        credit = requests > 0 ? min(credit + Self.gain, Self.most) : max(credit - 1, 0)
    }
}
