internal import ClipriseWire

/// A secret that does not show itself: not in descriptions, not in dumps, not in mirrors.
public struct APIKey: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let secret: String

    /// Takes a key.
    ///
    /// White space around it, such as a file's last line end, is not part of it.
    ///
    /// - Returns: Nil unless 1 to 512 visible ASCII characters are left.
    public init?(_ text: String) {
        let bytes = text.utf8
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0D) }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return nil }
        let inner = bytes[first...last]
        guard inner.count <= 512, inner.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        secret = String(decoding: inner, as: UTF8.self)
    }

    /// A placeholder.
    public var description: String { "<API key>" }
    /// A placeholder.
    public var debugDescription: String { description }
    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    /// The text with every occurrence of the key, plain or percent-encoded, made illegible.
    func redacting(_ text: String) -> String {
        var encoded: [UInt8] = []
        encoded.append(percentEncoded: secret.utf8)
        let result = Self.replacing(Array(secret.utf8), in: Array(text.utf8))
        return String(decoding: Self.replacing(encoded, in: result), as: UTF8.self)
    }

    private static func replacing(_ word: [UInt8], in text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < text.count {
            if text[index...].starts(with: word) {
                result.append(literal: "<API key>")
                index += word.count
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }
}

extension ClipriseError {
    /// The same error, with the key made illegible wherever a server has put it.
    func redacting(_ key: APIKey) -> ClipriseError {
        var error = self
        switch kind {
        case .taskFailed(let message): error.kind = .taskFailed(message: key.redacting(message))
        case .rejected(let message): error.kind = .rejected(message: key.redacting(message))
        case .insufficientCredits(let url?): error.kind = .insufficientCredits(actionURL: key.redacting(url))
        default: break
        }
        error.task = task.map(key.redacting)
        return error
    }
}
