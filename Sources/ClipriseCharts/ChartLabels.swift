/// Where the names of lines stand.
enum ChartLabels {
    /// The places nearest to those wanted (by least squares) that lie within limits and apart from each other.
    ///
    /// What is not crowded stays where it wants to be. Where the limits leave too little room, all stand closer.
    ///
    /// - Returns: Places in the order of `wanted`; equal wishes keep their order, downwards.
    static func spread(_ wanted: [Double], within limits: ClosedRange<Double>, gap: Double) -> [Double] {
        guard wanted.count > 1 else { return wanted.map { min(max($0, limits.lowerBound), limits.upperBound) } }
        let spaces = Double(wanted.count - 1)
        let gap = min(gap, (limits.upperBound - limits.lowerBound) / spaces)
        let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
        // Less the gaps above it, a place must not lie above the one before: neighbours that do share their mean.
        var blocks: [(sum: Double, count: Int)] = []
        for (position, index) in order.enumerated() {
            var block = (sum: wanted[index] - Double(position) * gap, count: 1)
            while let last = blocks.last, last.sum / Double(last.count) >= block.sum / Double(block.count) {
                block = (last.sum + block.sum, last.count + block.count)
                blocks.removeLast()
            }
            blocks.append(block)
        }
        let means = blocks.flatMap { Array(repeating: $0.sum / Double($0.count), count: $0.count) }
        var places = wanted
        for (position, index) in order.enumerated() {
            let mean = min(max(means[position], limits.lowerBound), limits.upperBound - spaces * gap)
            places[index] = mean + Double(position) * gap
        }
        return places
    }

    /// A text that takes at most so many pixels of the usual size; of a longer one the beginning and the end, by which
    /// names that begin alike differ.
    static func fitting(_ text: String, _ limit: Double) -> String {
        guard pixels(text) > limit else { return text }
        let letters = Array(text)
        var (head, tail, used) = (0, 0, pixels("…"))
        while true {
            let isOfTail = tail < head / 2
            used += pixels(letters[isOfTail ? letters.count - 1 - tail : head])
            guard used <= limit else { break }
            if isOfTail { tail += 1 } else { head += 1 }
        }
        return String(letters[..<head]) + "…" + String(letters[(letters.count - tail)...])
    }

    /// The first so many letters, of which wide ones count twice.
    private static func cut(_ text: String, to limit: Int) -> String {
        guard width(text) > limit else { return text }
        var kept = ""
        var used = 1
        for character in text {
            used += width(character)
            guard used <= limit else { break }
            kept.append(character)
        }
        return kept + "…"
    }

    /// Lines of at most so many letters, broken between words.
    static func wrapped(_ text: String, to limit: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            let word = cut(String(word), to: limit)
            if let last = lines.last, width(last) + 1 + width(word) <= limit {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(word)
            }
        }
        return lines
    }

    /// Pixels, at most, of a text of the usual size in bold; those of DejaVu Sans, the widest of the fonts.
    static func pixels(_ text: String) -> Double { text.reduce(0) { $0 + pixels($1) } }

    private static func pixels(_ character: Character) -> Double {
        switch character {
        case "i", "j", "l", "I", "f", "t", "r", "-", " ", ".", ",", ":", ";", "/", "(", ")", "|", "!": 6.4
        case "m", "w", "M", "W", "%", "@": 14.4
        case "A"..."Z", "=", "+", "<", ">", "~", "&", "#", "…": 11.2
        default: width(character) == 2 ? 14.4 : 9.3
        }
    }

    private static func width(_ text: String) -> Int { text.reduce(0) { $0 + width($1) } }

    private static func width(_ character: Character) -> Int {
        (character.unicodeScalars.first?.value ?? 0) >= 0x2E80 ? 2 : 1
    }
}
