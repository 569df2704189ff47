internal import ClipriseWire

/// The texts of a picture, fitted into a rectangle.
struct TextBlock {
    private struct Field {
        var text: GlyphText
        var ink: Card.Ink
        var isTitle = false
    }

    /// From top to bottom; the last is dropped where the others then fit in a larger scale.
    private var fields: [Field]
    /// What is shown where not all of that fits, in order of importance.
    private var shortFields: [Field]

    init(_ spec: ResultSpec, ordinal: Int) {
        let size = "\(spec.width) x \(spec.height)" + (spec.form == .mp4 ? ", \(spec.seconds) s" : "")
        let model = Field(text: GlyphText(spec.model), ink: .text, isTitle: true)
        let prompt = Field(text: GlyphText(spec.prompt), ink: .text)
        fields = [
            model, prompt,
            Field(text: GlyphText("task \(spec.taskID)"), ink: .muted), Field(text: GlyphText(size), ink: .accent),
        ]
        let noun = spec.form == .mp4 ? "video" : "image"
        if spec.count > 1 {
            fields.append(Field(text: GlyphText("\(noun) \(ordinal) of \(spec.count)"), ink: .accent))
        }
        fields.append(Field(text: GlyphText(Metadata.maker), ink: .muted))
        let short = spec.count > 1 ? "\(ordinal)/\(spec.count)" : ""
        shortFields = [
            model, prompt, Field(text: GlyphText(spec.taskID), ink: .muted),
            Field(text: GlyphText("\(spec.width)x\(spec.height)"), ink: .accent),
            Field(text: GlyphText(short), ink: .accent),
        ]
        fields.removeAll { $0.text.glyphs.isEmpty }
        shortFields.removeAll { $0.text.glyphs.isEmpty }
    }

    /// The lines in the largest scale at which all of them fit; at scale 1 the longer texts are cut.
    func lines(x: Range<Int>, y: Range<Int>, maxScale: Int) -> [Card.Line] {
        for scale in stride(from: maxScale, through: 1, by: -1) {
            for titleScale in [2 * scale, scale] {
                for fields in [fields[...], fields.dropLast()] {
                    let lines = fitted(fields, x: x, y: y, scale: scale, titleScale: titleScale)
                    if let lines { return lines }
                }
            }
        }
        return cut(x: x, y: y)
    }

    private func fitted(
        _ fields: ArraySlice<Field>, x: Range<Int>, y: Range<Int>, scale: Int, titleScale: Int
    ) -> [Card.Line]? {
        var result: [Card.Line] = []
        var top = y.lowerBound
        for field in fields {
            let own = field.isTitle ? titleScale : scale
            let columns = (x.count + own) / (Font.advance * own)
            guard columns >= 8 else { return nil }
            let rows = field.text.lines(columns: columns)
            if field.isTitle, titleScale > scale, rows.count > 2 { return nil }
            for row in rows {
                result.append(Card.Line(x: x.lowerBound, y: top, scale: own, ink: field.ink, glyphs: row))
                top += 10 * own
            }
            top += 5 * scale
        }
        return top - 7 * scale <= y.upperBound ? result : nil
    }

    /// Gives each field one line, then a second and third in order of importance while there is room.
    private func cut(x: Range<Int>, y: Range<Int>) -> [Card.Line] {
        let lineHeight = Font.glyphHeight + 1
        let columns = max(2, (x.count + 1) / Font.advance)
        var room = (y.count + 1) / lineHeight
        let fields = shortFields.prefix(room)
        var limits = fields.map { _ in 1 }
        room -= fields.count
        let needs = fields.map { $0.text.lines(columns: columns).count }
        while room > 0, let next = fields.indices.first(where: { limits[$0] < min(needs[$0], limits[0] + 1) }) {
            limits[next] += 1
            room -= 1
        }
        var result: [Card.Line] = []
        var top = y.lowerBound
        for (field, limit) in zip(fields, limits) {
            for row in field.text.lines(columns: columns, limit: limit) {
                result.append(Card.Line(x: x.lowerBound, y: top, scale: 1, ink: field.ink, glyphs: row))
                top += lineHeight
            }
        }
        return result
    }
}
