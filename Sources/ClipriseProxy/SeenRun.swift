internal import ClipriseJSON
internal import ClipriseOpenAPI
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
    package var header: [UInt8] {
        let tree: JSONTree = [
            "record": .text(Self.edition), "upstream": .text(upstream), "day": .text(day),
            "profile": .text(base.rawValue), "cap": .number(Double(cap)),
        ]
        return Array((tree.compact + "\n").utf8)
    }

    /// Reads a record, also one that ends within a line, as that of a proxy that was killed.
    ///
    /// - Throws: `RecordError`, with the line of a mistake.
    package init(record: [UInt8], file: String) throws(RecordError) {
        let lines = record.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let first = lines.first, let run = SeenRun(header: Array(first)) else {
            throw RecordError("\(file):1: this is no record of cliprise-mock proxy")
        }
        self = run
        for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
            if let exchange = SeenExchange(line: Array(line)) {
                exchanges.append(exchange)
            } else if index < lines.count - 1 {
                throw RecordError("\(file):\(index + 1): this line reports no exchange")
            }
        }
        exchanges.sort { $0.number < $1.number }
    }

    private init?(header: [UInt8]) {
        let read = withJSON(header) { json -> SeenRun? in
            guard json.member("record")?.string == Self.edition,
                let base = json.member("profile")?.string.flatMap({ ContractProfile(rawValue: $0) })
            else { return nil }
            return SeenRun(
                upstream: json.member("upstream")?.string ?? "", day: json.member("day")?.string ?? "", base: base,
                cap: json.member("cap")?.integer ?? 0)
        }
        guard case .success(let run?) = read else { return nil }
        self = run
    }
}

package struct RecordError: Error, Sendable, CustomStringConvertible {
    package var description: String

    init(_ description: String) { self.description = description }
}
