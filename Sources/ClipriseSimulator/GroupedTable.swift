internal import ClipriseWire

/// One line of a comparison: what is measured, and its value for each policy.
package struct ComparisonRow: Sendable, Hashable {
    package var name: String
    /// As people read them.
    package var cells: [String]
    /// What stands between it and the row before.
    package var group: String
    /// The columns with the best figure, 0-based; none where all are the same, or none is better.
    package var best: Set<Int>
}

/// A table for a terminal, whose rows may stand in groups.
enum GroupedTable {
    static func line(_ cells: [String], _ columns: TextColumns) -> String {
        "  \(columns.line(cells) { $0 > 0 })\n"
    }

    /// The header, then each group's name above its rows.
    static func text(_ header: [String], _ rows: [ComparisonRow]) -> String {
        let columns = TextColumns([header] + rows.map { [$0.name] + $0.cells })
        var text = line(header, columns)
        var group = ""
        for row in rows {
            if row.group != group {
                group = row.group
                text += "\(group)\n"
            }
            text += line([row.name] + row.cells, columns)
        }
        return text
    }
}
