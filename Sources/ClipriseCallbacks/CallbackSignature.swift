internal import ClipriseWire
internal import Crypto

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
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("\(taskID).\(seconds)".utf8), using: SymmetricKey(data: bytes))
        signature = base64(Array(code))
    }
}

/// Base64 with padding (RFC 4648 §4).
func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
        for place in 0...group.count {
            text.append(alphabet[bits >> (18 - 6 * place) & 63])
        }
        for _ in group.count..<3 { text.append(UInt8(ascii: "=")) }
    }
    return String(decoding: text, as: UTF8.self)
}
