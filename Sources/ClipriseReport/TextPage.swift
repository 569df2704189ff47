internal import ClipriseWire

/// Lines of text for a terminal, with or without colour.
struct TextPage {
    enum Colour: Int {
        case red = 31
        case green = 32
        case yellow = 33
        case dim = 2
    }

    struct Piece {
        let text: String
        let colour: Colour?
        let isBold: Bool

        static func plain(_ text: String, _ colour: Colour? = nil) -> Piece {
            Piece(text: text, colour: colour, isBold: false)
        }

        static func bold(_ text: String, _ colour: Colour? = nil) -> Piece {
            Piece(text: text, colour: colour, isBold: true)
        }
    }

    private(set) var text = ""
    private let usesColour: Bool
    let width: Int

    init(colour: Bool, width: Int) {
        usesColour = colour
        self.width = width
    }

    mutating func line(_ pieces: [Piece]) {
        for piece in pieces { text += painted(piece) }
        text += "\n"
    }

    private func painted(_ piece: Piece) -> String {
        let shown = Printable.line(piece.text)
        var codes: [Int] = piece.isBold ? [1] : []
        if let colour = piece.colour { codes.append(colour.rawValue) }
        guard usesColour, !codes.isEmpty else { return shown }
        return "\u{1B}[\(codes.map(String.init).joined(separator: ";"))m\(shown)\u{1B}[0m"
    }

    mutating func heading(_ title: String, when isWanted: Bool = true) {
        guard isWanted else { return }
        text += "\n"
        line([.bold(title)])
    }

    /// A sentence that begins at the margin, and goes on two columns in.
    mutating func title(_ sentence: String, _ colour: Colour, isBold: Bool = true) {
        for (offset, part) in Printable.wrapped(sentence, width - 2).enumerated() {
            let text = offset == 0 ? part : "  " + part
            line([isBold ? .bold(text, colour) : .plain(text, colour)])
        }
    }

    mutating func paragraph(_ sentence: String) {
        for part in Printable.wrapped(sentence, width - 2) { line([.plain("  " + part)]) }
    }

    /// A mark, what it is about, and a sentence beside it.
    mutating func item(_ mark: String, _ colour: Colour, _ name: String, _ sentence: String) {
        let parts = Printable.wrapped(sentence, width - 8)
        for (offset, part) in Printable.wrapped(name, width - 10).enumerated() {
            line([.plain("  "), .bold((offset == 0 ? mark : "").padded(to: 4), colour), .plain("  "), .bold(part)])
        }
        for part in parts { line([.plain("        " + part)]) }
    }

    mutating func verdict(_ verdict: Verdict) {
        let (mark, colour): (String, Colour) =
            switch verdict.outcome {
            case .pass: ("pass", .green)
            case .fail: ("FAIL", .red)
            case .notExercised: verdict.isUnclear ? ("?", .yellow) : ("–", .dim)
            }
        let samples = verdict.samples.map { "n=\(NumberText.grouped($0))" } ?? ""
        let titles = Printable.wrapped(verdict.title, width - 10 - samples.count)
        for (offset, part) in titles.enumerated() {
            let isLast = offset == titles.count - 1 && !samples.isEmpty
            let gap = String(repeating: " ", count: max(2, width - 8 - part.count - samples.count))
            line([
                .plain("  "), .bold((offset == 0 ? mark : "").padded(to: 4), colour), .plain("  "), .bold(part),
                .plain(isLast ? gap + samples : "", .dim),
            ])
        }
        let isIdle = verdict.outcome == .notExercised && !verdict.isUnclear
        for part in Printable.wrapped(isIdle ? "not exercised: \(verdict.seen)" : verdict.seen, width - 8) {
            line([.plain("        "), .plain(part, isIdle ? .dim : nil)])
        }
        for part in verdict.parts where verdict.outcome != .notExercised {
            for (offset, words) in Printable.wrapped(part.seen, width - 17).enumerated() {
                let name = (offset == 0 ? part.name : "").padded(to: 8)
                line([.plain("        \(name) \(words)", part.outcome == .fail ? .red : .dim)])
            }
        }
        guard verdict.outcome == .fail || verdict.isUnclear else { return }
        if let change = verdict.change {
            for (offset, part) in Printable.wrapped(change, width - 10).enumerated() {
                line([.plain(offset == 0 ? "        → " : "          ", .yellow), .plain(part)])
            }
        }
        for evidence in verdict.evidence.prefix(5) { self.evidence(evidence) }
        if verdict.evidence.count > 5 {
            line([.plain("        and \(NumberText.count(verdict.evidence.count - 5, "more account"))", .dim)])
        }
    }

    /// The account, and the first events with what they say.
    private mutating func evidence(_ evidence: Verdict.Evidence) {
        guard !evidence.lines.isEmpty else {
            for part in Printable.wrapped("see \(evidence.description)", width - 8) {
                line([.plain("        " + part, .dim)])
            }
            return
        }
        for part in Printable.wrapped(evidence.account, width - 10) { line([.plain("        " + part, .dim)]) }
        for text in evidence.lines {
            for (offset, part) in Printable.wrapped(text, width - 14).enumerated() {
                line([.plain((offset == 0 ? "          " : "            ") + part, .dim)])
            }
        }
        let rest = evidence.total - evidence.lines.count
        if rest > 0 {
            let more = evidence.sequences.dropFirst(evidence.lines.count).prefix(8).map { "#\($0)" }
            line([.plain("          and \(NumberText.grouped(rest)) more: \(more.joined(separator: " "))", .dim)])
        }
    }

    /// Rows of cells; all columns but those named are set flush right.
    ///
    /// A first cell that leaves no room for the others has lines of its own.
    mutating func table(_ rows: [[String]], leftAligned: Set<Int>) {
        guard let header = rows.first else { return }
        var columns = TextColumns(rows)
        let room = max(header[0].count, width - 2 - columns.widths.dropFirst().reduce(0) { $0 + $1 + 3 })
        columns.widths[0] = rows.map(\.[0].count).filter { $0 <= room }.max() ?? 0
        for (number, row) in rows.enumerated() {
            var row = row
            if row[0].count > room {
                paragraph(row[0])
                row[0] = ""
            }
            let cells = columns.line(row, gap: "   ") { !leftAligned.contains($0) }
            line([.plain("  "), .plain(cells, number == 0 ? .dim : nil)])
        }
    }
}

extension Verdict.Evidence {
    /// The account and the events, a line each.
    var texts: [String] {
        guard !lines.isEmpty else { return [description] }
        let rest = total - lines.count
        return lines.map { "\(account) \($0)" }
            + (rest > 0 ? ["\(account) and \(NumberText.grouped(rest)) more"] : [])
    }

    /// `test…c7c7 #3 #7 and 40 more`.
    var description: String {
        let shown = sequences.prefix(12).map { "#\($0)" }.joined(separator: " ")
        let rest = total - min(12, sequences.count)
        return "\(account) \(shown)" + (rest > 0 ? " and \(NumberText.grouped(rest)) more" : "")
    }
}
