package import ClipriseWire

/// What a server reports to whoever records it, so that the run can be played again.
///
/// Most calls come with a lock of the server held: nothing in them may wait, or call the server.
package struct ExchangeRecorder: Sendable {
    /// An account was made, with the credits that it opens with, at an instant of the host's clock.
    package var accountMade: @Sendable (_ key: [UInt8], _ credits: Int64, _ at: Instant) -> Void
    /// A request is about to be decided; for one account these calls come in the order of the decisions.
    ///
    /// Returns a number for `finish`, or nil when the exchange is not recorded.
    package var begin: @Sendable (_ key: [UInt8], _ request: Request, _ at: Instant) -> Int?
    /// The whole answer of an exchange, as it leaves; at most once for each.
    package var finish: @Sendable (_ number: Int, _ answer: ResponsePlan) -> Void
    /// Someone is about to change an account otherwise than by a request; the key is empty when it is all accounts.
    package var changedByHand: @Sendable (_ key: [UInt8], _ at: Instant) -> Void

    package init(
        accountMade: @escaping @Sendable (_ key: [UInt8], _ credits: Int64, _ at: Instant) -> Void,
        begin: @escaping @Sendable (_ key: [UInt8], _ request: Request, _ at: Instant) -> Int?,
        finish: @escaping @Sendable (_ number: Int, _ answer: ResponsePlan) -> Void,
        changedByHand: @escaping @Sendable (_ key: [UInt8], _ at: Instant) -> Void
    ) {
        self.accountMade = accountMade
        self.begin = begin
        self.finish = finish
        self.changedByHand = changedByHand
    }
}
