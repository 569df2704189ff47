internal import Glibc

/// A certificate and its private key, both as PEM text.
///
/// An elliptic curve key (P-256) costs a third of what an RSA key costs for each new connection.
package struct TLSIdentity: Sendable, Hashable {
    /// The certificate, followed by those that lead from it to a trusted one.
    package var certificate: String
    package var key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

extension TLSIdentity: CustomStringConvertible, CustomDebugStringConvertible {
    /// Names no key, so that none gets into a log.
    package var description: String { "TLSIdentity" }
    package var debugDescription: String { description }
}

/// The text of an identity as libmicrohttpd reads it, at a place that does not move.
final class IdentityText {
    let certificate: UnsafeMutablePointer<CChar>?
    let key: UnsafeMutablePointer<CChar>?

    init(_ identity: TLSIdentity) {
        certificate = strdup(identity.certificate)
        key = strdup(identity.key)
    }

    deinit {
        free(certificate)
        free(key)
    }
}
