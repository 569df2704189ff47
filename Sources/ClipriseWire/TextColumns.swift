/// Columns of text, each as wide as its widest cell.
public struct TextColumns {
    public var widths: [Int]

    /// - Parameter rows: Each with as many cells as the first.
    public init(_ rows: [[String]]) {
        widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    }

    /// A row without blanks at its end, and without its line end.
    ///
    /// - Parameter isRight: Whether a column, counted from 0, is set flush right.
    public func line(_ cells: [String], gap: String = "  ", isRight: (Int) -> Bool) -> String {
        var line = zip(cells, widths).enumerated().map { column, cell in
            cell.0.padded(to: cell.1, isRight: isRight(column))
        }.joined(separator: gap)
        while line.last == " " { line.removeLast() }
        return line
    }
}

extension String {
    /// With spaces behind it, or before it, up to a number of characters.
    public func padded(to width: Int, isRight: Bool = false) -> String {
        let padding = String(repeating: " ", count: max(0, width - count))
        return isRight ? padding + self : self + padding
    }
}
