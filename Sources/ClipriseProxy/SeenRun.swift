package import ClipriseForm
internal import ClipriseJSON
package import ClipriseWire

/// A run of the proxy: where it sent to, and all that came, in the order of coming.
package struct SeenRun: Sendable {
    /// The first word of the first line of a record.
    static let edition = "cliprise-mock/proxy-1"

    package var upstream: String
    /// As `2026-01-31`.
    package var day: String
    package var base: ContractProfile
    package var cap: Int64
    package var exchanges: [SeenExchange] = []

    package init(upstream: String, day: String, base: ContractProfile, cap: Int64) {
        self.upstream = upstream
        self.day = day
        self.base = base
        self.cap = cap
    }

    /// The first line of a record, with its end.
    package var header: [UInt8] { JSONWriter.line(isShown: true) { $0.members(of: self) } }

    /// Reads a record, also one that ends within a line, as that of a proxy that was killed.
    ///
    package init(record: [UInt8], file: String) throws(SeenRunError) {
        let lines = record.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let first = lines.first, let run: SeenRun = Self.read(first) else {
            throw SeenRunError("\(file):1: this is no record of cliprise-mock proxy")
        }
        self = run
        for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
            if let exchange: SeenExchange = Self.read(line) {
                exchanges.append(exchange)
            } else if index < lines.count - 1 {
                throw SeenRunError("\(file):\(index + 1): this line reports no exchange")
            }
        }
        exchanges.sort { $0.number < $1.number }
    }

    private static func read<Value: Record>(_ line: ArraySlice<UInt8>) -> Value? {
        try? withJSON(Array(line)) { try? Value($0, .open) }.get()
    }
}

extension SeenRun: Record {
    package static let blank = SeenRun(upstream: "", day: "", base: .documented, cap: 0)

    /// Visits the members of the first line.
    package mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.constant("record", Self.edition)
        try visitor.text("upstream", &upstream)
        try visitor.text("day", &day)
        try visitor.word("profile", &base)
        try visitor.integer("cap", &cap, in: 0...Int64.max)
    }
}

/// Why a record of the proxy cannot be read, with the line of the mistake.
package struct SeenRunError: Error, Sendable, CustomStringConvertible {
    package var description: String

    init(_ description: String) { self.description = description }
}
