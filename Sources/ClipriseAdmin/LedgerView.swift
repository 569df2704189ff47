package import ClipriseEngine
package import ClipriseWire

/// A piece of a ledger.
package struct LedgerView: Sendable {
    package var key: [UInt8]
    package var total: Int
    package var start: Int
    package var entries: [(entry: Ledger.Entry, task: TaskID?)]

    package init(_ account: Account, _ page: ListPage) {
        key = account.key
        total = account.ledger.entries.count
        let range = page.range(in: total)
        start = range.lowerBound
        entries = range.map { index in
            let entry = account.ledger.entries[index]
            return (entry, entry.task.map(account.id(of:)))
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("key", String(decoding: key, as: UTF8.self))
            writer.member("total", total)
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

extension Ledger.Kind {
    /// As the admin API writes it.
    package var word: String {
        switch self {
        case .opening: "opening"
        case .hold: "hold"
        case .capture: "capture"
        case .release: "release"
        case .topUp: "top_up"
        case .adjustment: "adjustment"
        case .refund: "refund"
        case .drain: "drain"
        }
    }
}
