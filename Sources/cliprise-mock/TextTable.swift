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
        let rows = [header] + rows.map { $0.map(Printable.line) }
        let columns = TextColumns(rows)
        let margin = String(repeating: " ", count: indent)
        return rows.map { margin + columns.line($0, isRight: rightAligned.contains) + "\n" }.joined()
    }
}
