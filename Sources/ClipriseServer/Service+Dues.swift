internal import ClipriseEngine
internal import ClipriseJournal
internal import MicroHTTPD

/// What falls due when an account is looked at or moved.
extension Service {
    /// Looks at an account, or changes it, and then performs what fell due by that.
    ///
    /// The one way to an account whose time may move. The instant is taken inside the lock, so that time never runs
    /// backwards for an account.
    @inline(__always) func visit<Result: Sendable>(
        _ cell: AccountCell, _ body: (inout Account, HostTime) -> Result
    ) -> Result {
        // Beside the result, not with it: a tuple of all would be copied as often as it is handed on.
        var (dues, callsBack, growth, said): (Account.Dues?, Bool, Int, Int) = (nil, false, 0, 0)
        let result = cell.withLock { account in
            let before = account.world.journal.bytes
            let saidBefore = account.world.journal.contents.bytes
            let result = body(&account, now)
            dues = account.takeDuesIfAny()
            callsBack = account.world.scenario.callsBack
            growth = account.world.journal.bytes - before
            said = account.world.journal.contents.bytes - saidBefore
            return result
        }
        // Reported when they shrink, too: one that keeps to its own limit would be looked at again and again for nothing.
        if growth != 0 { journalBudget.grew(by: growth, directory) }
        if said != 0 { contentBudget.grew(by: said, directory) }
        if let dues { perform(dues, cell) {} }
        if callsBack { callbacks.watch(cell) }
        return result
    }

    /// Releases answers whose wait is over, and makes callbacks.
    ///
    /// - Parameter done: Called when the callbacks are noted; it may be called before this returns.
    func perform(_ dues: Account.Dues, _ cell: AccountCell, done: @escaping @Sendable () -> Void) {
        release(dues.releases, of: cell)
        callbacks.perform(dues.callbacks, cell, done: done)
    }

    /// Lets the answers go on whose wait is over.
    func release(_ sequences: [Int], of cell: AccountCell) {
        for sequence in sequences { cell.exchange(sequence)?.release() }
    }
}
