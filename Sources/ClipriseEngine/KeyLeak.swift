public import ClipriseJournal
public import ClipriseWire

/// Finds the client's key where it does not belong: the contract wants it in `Authorization` of a generate and in the
/// query of a status, and nowhere else.
public enum KeyLeak {
    /// Shorter keys stand in other texts by chance.
    private static let shortestKey = 6

    public static func find(in request: Request, key: [UInt8], operation: Operation) -> ExchangeEvent.Leak {
        var leaks = inHead(of: request, key: key, operation: operation)
        if operation.isGenerate, isInBody(of: request, key: key) { leaks.insert(.body) }
        return leaks
    }

    /// The same, but for the body.
    public static func inHead(of request: Request, key: [UInt8], operation: Operation) -> ExchangeEvent.Leak {
        guard key.count >= shortestKey else { return ExchangeEvent.Leak() }
        let search = ByteSearch(key)
        var leaks = ExchangeEvent.Leak()
        if operation.isGenerate, search.isFound(in: request.target) { leaks.insert(.target) }
        if request.fields.isFound(search, butIn: "authorization") { leaks.insert(.field) }
        return leaks
    }

    public static func isInBody(of request: Request, key: [UInt8]) -> Bool {
        key.count >= shortestKey && ByteSearch(key).isFound(in: request.body)
    }
}

/// A hash that tells bodies apart; the same on every machine.
public enum BodyHash {
    public static func of(_ body: [UInt8]) -> UInt64 {
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
