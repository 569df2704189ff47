public import ClipriseWire

/// A request that the listener answered, or cut, before its handler saw it.
public struct RefusedRequest: Sendable, Hashable {
    /// A word for each kind of refusal, fit for a label of a metric.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// The request line is none, or has a character that none may have.
        case malformedLine = "malformed_request_line"
        /// A header field is none, or has a character that none may have.
        case malformedField = "malformed_field"
        case malformedLength = "malformed_length"
        /// The end of the body can be read in two ways.
        case ambiguousLength = "ambiguous_length"
        /// A chunk of the body, or a field behind it, is none.
        case malformedChunk = "malformed_chunk"
        case unknownCoding = "unknown_transfer_coding"
        case unsupportedVersion = "unsupported_version"
        /// The request line does not fit into the memory of its connection.
        case targetTooLong = "target_too_long"
        /// The fields do not fit into the memory of their connection.
        case fieldsTooLarge = "fields_too_large"
        case bodyTooLarge = "body_too_large"
        /// Cut without an answer: the head took too long.
        case slowHead = "slow_head"
        /// Cut without an answer: the body took too long.
        case slowBody = "slow_body"
        /// Closed without an answer: what came is no request.
        case noRequest = "no_request"
        /// Closed without an answer: no TLS connection came to be.
        case tlsHandshake = "tls_handshake"
        /// Clients wait, since no more connections are taken.
        case connectionLimit = "connection_limit"
    }

    /// The status that was answered with; 0 when there was no answer.
    public var status: Int
    public var reason: Reason
    /// What a person should know.
    public var message: String
    /// Nil when no whole request line came.
    public var method: Request.Method?
    /// Undecoded; empty when no whole request line came.
    public var target: [UInt8] = []
}
