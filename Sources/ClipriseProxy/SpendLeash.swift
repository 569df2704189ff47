internal import ClipriseLocks
internal import ClipriseWire

/// Lets out what its cap pays for in full, whatever comes at once.
package final class SpendLeash: Sendable {
    package struct Account: Sendable, Hashable {
        /// The credits at stake in what was sent and not given back.
        package var spent: Int64 = 0
        package var withheld = 0
    }

    /// Why a request was not sent; the text is for the client and for people.
    package struct Withheld: Error, Sendable, Hashable {
        package var reason: String
    }

    package let cap: Int64
    /// What a request counts as whose price the catalogue does not know; nil holds it back.
    package let unpriced: Int64?
    private let account = Locked(Account())

    package init(cap: Int64, unpriced: Int64? = nil) {
        self.cap = cap
        self.unpriced = unpriced
    }

    package var now: Account { account.withLock { $0 } }

    /// Takes a price from what is left, before the request is sent.
    ///
    /// - Returns: The credits that are at stake now.
    package func take(_ price: Price) throws(Withheld) -> Int64 {
        let (credits, what): (Int64, String)
        switch price {
        case .nothing: return 0
        case .credits(let sum, let name):
            (credits, what) = (sum, "this \(name) costs \(DecimalText.count(sum, "credit"))")
        case .unknown(let why, let atLeast):
            guard let unpriced else {
                account.withLock { $0.withheld += 1 }
                throw Withheld(
                    reason: "not sent: \(why), so the cap of \(DecimalText.count(cap, "credit")) cannot be kept; "
                        + "--unpriced N counts such a request as N credits")
            }
            credits = max(unpriced, atLeast)
            what = "\(why), and it counts as \(DecimalText.count(credits, "credit"))"
        }
        let spent: Int64? = account.withLock { account in
            guard credits <= cap - account.spent else {
                account.withheld += 1
                return account.spent
            }
            account.spent += credits
            return nil
        }
        if let spent {
            throw Withheld(
                reason: "not sent: \(what); of the cap of \(cap), \(spent) are spent and \(cap - spent) left")
        }
        return credits
    }

    /// Gives back what a request did not cost after all.
    package func giveBack(_ credits: Int64) {
        guard credits > 0 else { return }
        account.withLock { $0.spent -= credits }
    }
}
