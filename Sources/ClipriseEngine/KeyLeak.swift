internal import ClipriseJournal
internal import ClipriseWire

/// Finds the client's key where it does not belong: the contract wants it in `Authorization` of a generate and in the
/// query of a status, and nowhere else.
enum KeyLeak {
    /// Shorter keys stand in other texts by chance.
    private static let shortestKey = 6

    static func find(in request: Request, key: [UInt8], operation: Operation) -> ExchangeEvent.Leak {
        guard key.count >= shortestKey else { return [] }
        var leaks: ExchangeEvent.Leak = []
        if operation == .generate {
            if contains(request.target, key) { leaks.insert(.target) }
            if contains(request.body, key) { leaks.insert(.body) }
        }
        if hasKeyInField(request.fields, key) { leaks.insert(.field) }
        return leaks
    }

    private static func hasKeyInField(_ fields: HeaderFields, _ key: [UInt8]) -> Bool {
        for index in 0..<fields.count {
            let value = fields.value(at: index)
            guard value.count >= key.count, contains(value, key) else { continue }
            let isAuthorization = lowercased(fields.name(at: index)).elementsEqual("authorization".utf8)
            if !isAuthorization { return true }
        }
        return false
    }

    private static func contains(_ text: some Sequence<UInt8>, _ key: [UInt8]) -> Bool {
        text.withContiguousStorageIfAvailable { text in
            key.withUnsafeBufferPointer { key in
                guard text.count >= key.count else { return false }
                let (first, last) = (key[0], key[key.count - 1])
                search: for start in 0...(text.count - key.count)
                where text[start] == first && text[start + key.count - 1] == last {
                    for offset in 1..<key.count where text[start + offset] != key[offset] { continue search }
                    return true
                }
                return false
            }
        } ?? false
    }
}

/// A hash that tells bodies apart; the same on every machine.
package enum BodyHash {
    package static func of(_ body: [UInt8]) -> UInt64 {
        body.withUnsafeBytes { bytes in
            var hash = Draw.mix(0x626F_6479, UInt64(bytes.count))
            var offset = 0
            while offset + 8 <= bytes.count {
                hash = Draw.mix(
                    hash, UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
                offset += 8
            }
            var rest: UInt64 = 0
            while offset < bytes.count {
                rest = rest << 8 | UInt64(bytes[offset])
                offset += 1
            }
            return Draw.mix(hash, rest)
        }
    }
}
