internal import CGnuTLS
internal import ClipriseWire

/// The header fields that let a receiver tell a genuine callback from a forged one.
///
/// As upstream: base64(HMAC-SHA256(taskId + "." + timestamp, key)). The body is not signed.
package struct CallbackSignature: Sendable, Hashable {
    package static let timestampField = "X-Webhook-Timestamp"
    package static let signatureField = "X-Webhook-Signature"

    /// Seconds since 1970, in decimal.
    package var timestamp: String
    /// 44 characters of base64.
    package var signature: String

    /// - Parameters:
    ///   - seconds: When the attempt is made, in seconds since 1970.
    ///   - key: The secret that mock and receiver share.
    ///   - isWrong: Signs with another key, as a forger has to.
    package init(taskID: String, seconds: Int64, key: String, isWrong: Bool = false) {
        timestamp = String(seconds)
        // Not a zero byte: HMAC fills a short key up with those, and the signature would stay the same.
        let bytes = Array(key.utf8) + (isWrong ? [0x21] : [])
        let text = Array("\(taskID).\(seconds)".utf8)
        var code = [UInt8](repeating: 0, count: 32)
        let result = gnutls_hmac_fast(GNUTLS_MAC_SHA256, bytes, bytes.count, text, text.count, &code)
        precondition(result == 0, "no HMAC: \(String(cString: gnutls_strerror(result)))")
        signature = Base64.encode(code)
    }
}
