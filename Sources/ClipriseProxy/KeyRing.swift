internal import ClipriseJSON
internal import ClipriseLocks
internal import ClipriseOpenAPI
internal import ClipriseWire

/// The keys that were seen; takes them and media out of all that is kept.
final class KeyRing: Sendable {
    /// The most keys that are told apart; of further ones only what is named as a secret is taken out.
    private static let limit = 1_000
    /// The longest text of a record, in bytes.
    static let textLimit = 64 << 10
    /// The longest string of a body that can be anything but media.
    private static let stringLimit = 5_000

    private let keys = Locked([[UInt8]]())

    /// The number of a key, counted from 1.
    func number(of key: ArraySlice<UInt8>) -> Int? {
        guard !key.isEmpty else { return nil }
        return keys.withLock { keys in
            if let known = keys.firstIndex(where: { $0.elementsEqual(key) }) { return known + 1 }
            guard keys.count < Self.limit else { return nil }
            keys.append(Array(key))
            return keys.count
        }
    }

    /// A text without any key that was seen so far.
    ///
    /// - Parameter isCut: Whether it is the beginning of a longer one.
    func masked(_ text: [UInt8], isCut: Bool = false) -> [UInt8] {
        let known = keys.withLock { $0 }
        // What a name says to be a secret goes out even when there is no key.
        let isCut = isCut || text.count > Self.textLimit + 256
        return (known.isEmpty ? [[]] : known).reduce(Array(text.prefix(Self.textLimit + 256))) { text, key in
            SecretMask(key: key).masked(text, isCut: isCut)
        }
    }

    /// A body as the record has it: a JSON text without keys, addresses of media and what is too long for a text;
    /// another text without keys.
    func recorded(_ body: [UInt8]) -> [UInt8] {
        let trimmed = withJSON(body) { json in Array(Self.trimmed(json, key: "").compact.utf8) }
        if case .success(let text) = trimmed, text.count <= Self.textLimit { return masked(text) }
        let text = masked(body)
        guard text.count > Self.textLimit else { return text }
        let mark = "… [cut]".utf8
        return Array(text.prefix(Self.textLimit - mark.count)) + Array(mark)
    }

    private static func trimmed(_ json: JSONValue, key: String) -> JSONTree {
        switch json.kind {
        case .object:
            return .object(
                json.members.map { member in
                    let name = String(decoding: member.key, as: UTF8.self)
                    return JSONTree.Member(key: name, value: trimmed(member.value, key: name))
                })
        case .array: return .list(json.elements.map { trimmed($0, key: key) })
        case .string: return .text(trimmed(json.string ?? "", key: key))
        case .integer, .number: return .number(json.number ?? 0)
        case .boolean: return .boolean(json.boolean ?? false)
        case .null: return .null
        }
    }

    /// Addresses keep their scheme and their ending; that of a callback keeps its host and path.
    private static func trimmed(_ text: String, key: String) -> String {
        let start = text.prefix(16).lowercased()
        if start.hasPrefix("data:") { return "data:REDACTED" }
        guard start.hasPrefix("http://") || start.hasPrefix("https://") else {
            // An object within a text, as `options` is.
            return text.utf8.count <= stringLimit ? text : "REDACTED (\(text.utf8.count) bytes)"
        }
        let path = text.prefix { $0 != "?" && $0 != "#" }
        let isOurs = path.hasSuffix("\(Contract.statusPath)")
        if isOurs { return text }
        if key == "callBackUrl" || key == "action_url" {
            // Never user and password.
            let isPlain = !path.contains("@")
            return isPlain ? path + (path.count < text.count ? "?REDACTED" : "") : "https://REDACTED"
        }
        let name = path.split(separator: "/").last ?? ""
        let ending = name.split(separator: ".", omittingEmptySubsequences: false)
        let kept = ending.count > 1 ? ending.last.map { ".\($0.prefix(5))" } ?? "" : ""
        return "https://media.invalid/REDACTED\(kept)"
    }
}
