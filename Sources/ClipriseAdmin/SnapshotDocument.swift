public import ClipriseEngine
public import ClipriseForm
internal import ClipriseJSON
internal import ClipriseWire

/// The state of all accounts as one JSON document.
///
/// Times are whole nanoseconds, so that nothing is rounded.
public struct SnapshotDocument: Sendable, Hashable {
    /// The edition of the document.
    public static let version: Int64 = 1

    /// Model ids by the positions that tasks name.
    public var models: [String]
    public var accounts: [AccountSnapshot]

    public init(models: [String], accounts: [AccountSnapshot]) {
        self.models = models
        self.accounts = accounts
    }

    /// Equal documents have equal bytes.
    public var json: [UInt8] {
        var writer = JSONWriter(capacity: 4_096)
        writer.object { $0.members(of: self) }
        writer.endLine()
        return writer.bytes
    }

    /// Reads a document; whether its accounts could ever have been is not looked at here.
    public init(json text: [UInt8]) throws(AdminProblem) {
        let result: Result<SnapshotDocument, JSONError>
        do throws(RecordError) {
            result = try withJSON(text) { (json) throws(RecordError) in
                try SnapshotDocument(json, .known)
            }
        } catch {
            throw .bad("Bad snapshot", "\(error.inSnapshot). Nothing was changed.")
        }
        switch result {
        case .success(let document): self = document
        case .failure(let error):
            let place = JSONLocator(text).firstError().map { " at \($0)" } ?? ""
            throw .bad("Bad body", "The body is what POST /__admin/snapshot returns; \(error.cause(in: text))\(place).")
        }
    }
}

extension SnapshotDocument: Record {
    public static var blank: SnapshotDocument { SnapshotDocument(models: [], accounts: []) }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        var version = Self.version
        try visitor.integer("version", &version, in: Self.version...Self.version)
        try visitor.texts("models", &models)
        try visitor.records("accounts", &accounts)
    }
}

extension RecordError {
    /// `accounts[0].key: expected …`.
    fileprivate var inSnapshot: String {
        var steps = path
        var expected = reason.expectation()
        if case .unknown = reason, case .key(let key)? = steps.popLast() { expected = "no key \"\(key.prefix(80))\"" }
        return "\(steps.isEmpty ? "The snapshot" : steps.text): expected \(expected)"
    }
}
