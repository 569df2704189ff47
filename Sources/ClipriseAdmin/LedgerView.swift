public import ClipriseEngine
public import ClipriseWire

/// A piece of a ledger.
public struct LedgerView: Sendable {
    public var key: [UInt8]
    /// How many entries there are.
    public var total: Int
    /// The number of the first one here.
    public var start: Int
    /// How many went before those that there are, and what they came to.
    public var dropped: (entries: Int, sums: Ledger.Carried)
    public var entries: [(entry: Ledger.Entry, task: TaskID?)]

    public init(_ account: Account, _ page: ListPage) {
        key = account.key
        let all = account.ledger.entries
        total = all.count - all.first
        dropped = (all.first, account.ledger.carried)
        let range = page.range(in: total)
        start = all.first + range.lowerBound
        entries = (start..<(all.first + range.upperBound)).map { index in
            let entry = all[index]
            return (entry, entry.task.map(account.id(of:)))
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("key", String(decoding: key, as: UTF8.self))
            writer.member("total", total)
            if dropped.entries > 0 {
                writer.member("dropped") {
                    $0.member("entries", dropped.entries)
                    $0.member("paidIn", dropped.sums.paidIn)
                    $0.member("captured", dropped.sums.captured)
                    $0.member("held", dropped.sums.held)
                    $0.member("available", dropped.sums.available)
                }
            }
            writer.member("entries", array: entries.enumerated()) { writer, item in
                writer.object { writer in
                    writer.member("entry", start + item.offset)
                    writer.member("kind", item.element.entry.kind.word)
                    writer.member("credits", item.element.entry.credits)
                    writer.member("change", item.element.entry.change)
                    writer.member("at", seconds: item.element.entry.at)
                    if let task = item.element.task { writer.member("taskId", task.description) }
                }
            }
        }
    }
}
