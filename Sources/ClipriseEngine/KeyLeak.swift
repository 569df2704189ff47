public import ClipriseJournal
public import ClipriseWire

/// Finds the client's key where it does not belong: the contract wants it in `Authorization` of a generate and in the
/// query of a status, and nowhere else.
public enum KeyLeak {
    public static func find(in request: Request, _ key: KeySearch, operation: Operation) -> ExchangeEvent.Leak {
        var leaks = inHead(of: request, key, operation: operation)
        if !request.body.isEmpty, key.isFound(in: request.body) { leaks.insert(.body) }
        return leaks
    }

    /// The same, but for the body.
    public static func inHead(of request: Request, _ key: KeySearch, operation: Operation) -> ExchangeEvent.Leak {
        var leaks = ExchangeEvent.Leak()
        if operation.isGenerate, key.isFound(in: request.target) { leaks.insert(.target) }
        if key.isFound(in: request.fields, butIn: "authorization") { leaks.insert(.field) }
        return leaks
    }
}

/// Looks for a key, as it is and as encoders write it.
public struct KeySearch: Sendable {
    /// Shorter keys stand in other texts by chance.
    private static let shortestKey = 6

    private let plain: ByteSearch?
    /// Percent-encoded (RFC 3986 §2.1) and with the escapes of JSON (RFC 8259 §7); empty for a key that stays as it is.
    private let encoded: [ByteSearch]

    public init(_ key: [UInt8]) {
        plain = key.count >= Self.shortestKey ? ByteSearch(key) : nil
        encoded = plain == nil ? [] : Self.spellings(of: key).map(ByteSearch.init)
    }

    private static func spellings(of key: [UInt8]) -> [[UInt8]] {
        var percent: [UInt8] = []
        percent.append(percentEncoded: key)
        // Nearly every key.
        guard percent != key else { return [] }
        var (lower, withSlashes, escaped): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
        for byte in key {
            var one: [UInt8] = []
            one.append(percentEncoded: CollectionOfOne(byte))
            lower += one.count == 1 ? one : one.map { $0 >= UInt8(ascii: "A") ? $0 | 0x20 : $0 }
            withSlashes += byte == UInt8(ascii: "/") ? [byte] : one
            escaped += "/\"\\".utf8.contains(byte) ? [UInt8(ascii: "\\"), byte] : [byte]
        }
        return [percent, lower, withSlashes, escaped].reduce(into: []) { known, spelling in
            if spelling != key, !known.contains(spelling) { known.append(spelling) }
        }
    }

    public func isFound(in text: [UInt8]) -> Bool {
        plain?.isFound(in: text) == true || encoded.contains { $0.isFound(in: text) }
    }

    func isFound(in fields: HeaderFields, butIn name: StaticString) -> Bool {
        guard let plain else { return false }
        return fields.isFound(plain, butIn: name) || encoded.contains { fields.isFound($0, butIn: name) }
    }
}
