/// A table for a terminal, whose rows may stand in groups.
enum GroupedTable {
    static func widths(_ rows: [[String]]) -> [Int] {
        (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    }

    static func line(_ cells: [String], _ widths: [Int]) -> String {
        var text = ""
        for (column, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: widths[column] - cell.count)
            text += column == 0 ? "  " + cell + padding : "  " + padding + cell
        }
        while text.last == " " { text.removeLast() }
        return text + "\n"
    }

    /// The header, then each group's name above its rows.
    static func text(_ header: [String], _ rows: [(group: String, cells: [String])]) -> String {
        let widths = widths([header] + rows.map(\.cells))
        var text = line(header, widths)
        var group = ""
        for row in rows {
            if row.group != group {
                group = row.group
                text += "\(group)\n"
            }
            text += line(row.cells, widths)
        }
        return text
    }
}
