internal import ClipriseWire

/// Columns of text, each as wide as its widest cell.
struct TextTable {
    var header: [String]
    var rows: [[String]] = []
    /// The columns that are set flush right, 0-based.
    var rightAligned: Set<Int> = []

    /// The table as text, a line a row.
    ///
    /// - Parameter indent: Spaces before each line.
    func text(indent: Int = 0) -> String {
        let rows = rows.map { $0.map(Printable.line) }
        let widths = header.indices.map { column in
            ([header] + rows).map { $0[column].count }.max() ?? 0
        }
        var text = ""
        for row in [header] + rows {
            var line = String(repeating: " ", count: indent)
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                line += rightAligned.contains(column) ? padding + cell : cell + padding
                line += "  "
            }
            while line.last == " " { line.removeLast() }
            text += line + "\n"
        }
        return text
    }
}
