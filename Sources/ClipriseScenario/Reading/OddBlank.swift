/// A character that looks like a blank and is none for YAML: a tab that indents, a no-break space from a web page.
enum OddBlank {
    /// What is most likely wrong where libyaml stopped; nil when nothing of the kind stands there.
    ///
    /// - Parameter place: Where it stopped, which may be a line behind the mistake.
    static func problem(near place: Place, in text: some Collection<UInt8>) -> TextProblem? {
        let lines = text.split(separator: 0x0A, maxSplits: place.line, omittingEmptySubsequences: false)
        func scalars(_ line: Int) -> [UnicodeScalar] {
            guard line >= 1, line <= lines.count else { return [] }
            return Array(String(decoding: lines[line - 1], as: UTF8.self).unicodeScalars)
        }
        let line = scalars(place.line)
        if place.column <= line.count, line[place.column - 1] == "\t" {
            return TextProblem(place: place, text: "a tab cannot indent; put blanks in its place")
        }
        for number in [place.line - 1, place.line] {
            guard let index = scalars(number).firstIndex(where: isOdd) else { continue }
            let code = String(scalars(number)[index].value, radix: 16, uppercase: true)
            let name = String(repeating: "0", count: max(0, 4 - code.count)) + code
            return TextProblem(
                place: Place(line: number, column: index + 1),
                text: "a character that only looks like a blank (U+\(name)); put a blank in its place")
        }
        return nil
    }

    /// Whether a scalar is a space of Unicode beside that of ASCII.
    private static func isOdd(_ scalar: UnicodeScalar) -> Bool {
        scalar.value > 0x7F && (scalar.properties.generalCategory == .spaceSeparator || scalar.value == 0xFEFF)
    }
}
