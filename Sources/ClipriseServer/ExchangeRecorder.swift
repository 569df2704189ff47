package import ClipriseWire

/// What a server reports to whoever records it, so that the run can be played again.
///
/// Most calls come with a lock of the server held: nothing in them may wait, or call the server.
package protocol ExchangeRecorder: AnyObject, Sendable {
    /// An account was made, with the credits that it opens with, at an instant of the host's clock.
    func accountMade(_ key: [UInt8], _ credits: Int64, _ now: Instant)
    /// A request is about to be decided; for one account these calls come in the order of the decisions.
    ///
    /// Returns a number for `finish`, or nil when the exchange is not recorded.
    func begin(_ key: [UInt8], _ request: Request, _ now: Instant) -> Int?
    /// The whole answer of an exchange, as it leaves; at most once for each.
    func finish(_ number: Int, _ plan: ResponsePlan)
    /// Someone is about to change an account otherwise than by a request; the key is empty when it is all accounts.
    func changedByHand(_ key: [UInt8], _ now: Instant)
}
