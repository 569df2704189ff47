internal import Glibc

/// The text of an identity as libmicrohttpd reads it, at a place that does not move.
final class IdentityText {
    let certificate: UnsafeMutablePointer<CChar>?
    let key: UnsafeMutablePointer<CChar>?

    init(_ settings: TLSSettings) {
        certificate = strdup(settings.certificate)
        key = strdup(settings.key)
    }

    deinit {
        free(certificate)
        free(key)
    }
}
