public import ClipriseJournal
public import ClipriseWire

/// Finds the client's key where it does not belong: the contract wants it in `Authorization` of a generate and in the
/// query of a status, and nowhere else.
public enum KeyLeak {
    /// Shorter keys stand in other texts by chance.
    private static let shortestKey = 6

    public static func find(in request: Request, key: [UInt8], operation: Operation) -> ExchangeEvent.Leak {
        var leaks = inHead(of: request, key: key, operation: operation)
        if operation.isGenerate, let search = search(for: key), search.isFound(in: request.body) { leaks.insert(.body) }
        return leaks
    }

    /// The same, but for the body.
    public static func inHead(of request: Request, key: [UInt8], operation: Operation) -> ExchangeEvent.Leak {
        guard let search = search(for: key) else { return ExchangeEvent.Leak() }
        var leaks = ExchangeEvent.Leak()
        if operation.isGenerate, search.isFound(in: request.target) { leaks.insert(.target) }
        if request.fields.isFound(search, butIn: "authorization") { leaks.insert(.field) }
        return leaks
    }

    /// Looks for a key; nil for one that may stand in a text by chance.
    public static func search(for key: [UInt8]) -> ByteSearch? { key.count >= shortestKey ? ByteSearch(key) : nil }
}
