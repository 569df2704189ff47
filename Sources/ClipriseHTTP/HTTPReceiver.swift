/// Takes in one answer.
///
/// All methods are called on the loop's thread, one after the other, and must be quick.
package protocol HTTPReceiver: AnyObject, Sendable {
    /// The head of the final answer.
    func receive(_ head: HTTPHead)
    /// The next bytes of the body, borrowed for the call.
    func receive(_ piece: UnsafeRawBufferPointer) -> HTTPAppetite
    /// Called exactly once, last.
    func end(_ end: HTTPEnd)
}

/// What a receiver wants next.
package enum HTTPAppetite: Sendable, Hashable {
    case more
    /// Nothing now: the same bytes come again after `HTTPLoop.resume`.
    case pause
    /// Nothing any more.
    case stop
}

package struct HTTPHead: Sendable, Hashable {
    /// 200–999.
    package var status: Int
    /// In the order of coming.
    package var fields: [HTTPField]

    /// The value of the first field of a name, which is in lower case.
    package func value(of name: String) -> String? { fields.first { $0.name.lowercased() == name }?.value }
}

/// How an exchange ended.
package enum HTTPEnd: Sendable {
    /// The whole answer came.
    case complete
    /// The receiver wanted no more.
    case stopped
    case cancelled
    case failed(HTTPFailure)
}

/// Why an answer did not come, or not whole.
package struct HTTPFailure: Error, Sendable {
    package enum Kind: Sendable {
        /// What the lookup threw.
        case lookup(any Error)
        /// No connection came about, for another reason than time.
        case notConnected
        case timedOut(Limit)
        /// TLS did not come about.
        case tls
        /// The answer breaks the rules of HTTP/1.1.
        case notHTTP
        /// The connection ended or broke.
        case broken
        /// The loop was shut down.
        case shutDown
    }

    package enum Limit: String, Sendable, Hashable {
        case connect, head, gap, total
    }

    package var kind: Kind
    /// In a few words, without anything of the URL but its host.
    package var reason: String
    /// Whether any of the request may have left this machine.
    package var mayHaveLeft: Bool
}

extension HTTPFailure {
    static let shutDown = HTTPFailure(kind: .shutDown, reason: "the client was shut down", mayHaveLeft: false)
}
