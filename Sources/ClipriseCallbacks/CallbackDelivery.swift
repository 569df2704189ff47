package import ClipriseWire

/// One attempt to call a client's `callBackUrl`.
package struct CallbackDelivery: Sendable, Hashable {
    /// The URL as the client gave it.
    package var url: [UInt8]
    /// JSON.
    package var body: [UInt8]
    /// Nil sends no signature.
    package var signature: CallbackSignature?
    /// Nil takes the settings' one.
    package var timeout: TimeSpan?

    package init(url: [UInt8], body: [UInt8], signature: CallbackSignature? = nil, timeout: TimeSpan? = nil) {
        self.url = url
        self.body = body
        self.signature = signature
        self.timeout = timeout
    }
}

/// How one attempt ended.
package enum CallbackResult: Sendable, Hashable {
    /// The receiver answered, with this status.
    case answered(Int)
    case failed(CallbackFailure)

    /// The receiver's status, or nil when none came.
    package var status: Int? {
        if case .answered(let status) = self { return status }
        return nil
    }

    /// What to say of an attempt that did not deliver, beyond its status; at most some 350 bytes and nothing of the
    /// URL but its host.
    package var error: String? {
        switch self {
        case .answered(300..<400): "a redirect; callbacks follow none"
        case .answered: nil
        case .failed(let failure): failure.description
        }
    }
}

/// Why no answer came.
package enum CallbackFailure: Error, Hashable {
    /// Nothing was sent.
    case refused(CallbackRefusal)
    /// The name could not be looked up; `reason` as the system words it.
    case lookup(name: String, reason: String)
    /// No complete answer within this time.
    case timedOut(TimeSpan)
    /// The connection could not be made, or it broke.
    case connection(String)
    /// Too many deliveries, or too many bytes of them, were waiting.
    case dropped
    /// The sender was shut down before an answer came.
    case shutDown
}

extension CallbackFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let refusal): "refused: \(refusal)"
        case .lookup(let name, let reason): "\(name): \(reason)"
        case .timedOut(let limit): "no answer within \(limit.nanoseconds / 1_000_000) ms"
        case .connection(let reason): reason
        case .dropped: "dropped: too many callbacks were waiting"
        case .shutDown: "the server stopped"
        }
    }
}
