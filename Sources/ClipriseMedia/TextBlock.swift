internal import ClipriseWire

/// The texts of a picture, fitted into a rectangle.
struct TextBlock {
    private struct Field {
        var text: FieldText
        var ink: Card.Ink
        var isTitle = false
    }

    /// From top to bottom; the last is dropped where the others then fit in a larger scale.
    private var fields: [Field]
    /// What is shown where not all of that fits, in order of importance.
    private var shortFields: [Field]

    init(_ spec: ResultSpec, ordinal: Int) {
        let size = "\(spec.width) x \(spec.height)" + (spec.form == .mp4 ? ", \(spec.seconds) s" : "")
        let model = Field(text: FieldText(spec.model), ink: .text, isTitle: true)
        let prompt = Field(text: FieldText(spec.prompt), ink: .text)
        fields = [
            model, prompt,
            Field(text: FieldText("task \(spec.taskID)"), ink: .muted), Field(text: FieldText(size), ink: .accent),
        ]
        let noun = spec.form == .mp4 ? "video" : "image"
        if spec.count > 1 {
            fields.append(Field(text: FieldText("\(noun) \(ordinal) of \(spec.count)"), ink: .accent))
        }
        fields.append(Field(text: FieldText(Metadata.maker), ink: .muted))
        let short = spec.count > 1 ? "\(ordinal)/\(spec.count)" : ""
        shortFields = [
            model, prompt, Field(text: FieldText(spec.taskID), ink: .muted),
            Field(text: FieldText("\(spec.width)x\(spec.height)"), ink: .accent),
            Field(text: FieldText(short), ink: .accent),
        ]
        fields.removeAll { $0.text.isEmpty }
        shortFields.removeAll { $0.text.isEmpty }
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
            let columns = field.text.columns(in: x.count, scale: own)
            guard columns >= 8 else { return nil }
            let height = field.text.lineHeight(own)
            let lines = field.text.lines(x: x, top: top, step: height, scale: own, columns: columns, ink: field.ink)
            if field.isTitle, titleScale > scale, lines.count > 2 { return nil }
            result += lines
            top += height * lines.count
            top += 5 * scale
        }
        return top - 7 * scale <= y.upperBound ? result : nil
    }

    /// Gives each field one line, then a second and third in order of importance while there is room.
    private func cut(x: Range<Int>, y: Range<Int>) -> [Card.Line] {
        // Below the last line there need be no gap.
        var room = y.count + 1
        var fields: [Field] = []
        for field in shortFields where field.text.tightLineHeight <= room {
            fields.append(field)
            room -= field.text.tightLineHeight
        }
        var limits = fields.map { _ in 1 }
        let columns = fields.map { max(2, $0.text.columns(in: x.count, scale: 1)) }
        let needs = fields.indices.map { fields[$0].text.lineCount(columns: columns[$0]) }
        while let next = fields.indices.first(where: {
            fields[$0].text.tightLineHeight <= room && limits[$0] < min(needs[$0], limits[0] + 1)
        }) {
            limits[next] += 1
            room -= fields[next].text.tightLineHeight
        }
        var result: [Card.Line] = []
        var top = y.lowerBound
        for (index, field) in fields.enumerated() {
            let height = field.text.tightLineHeight
            let lines = field.text.lines(
                x: x, top: top, step: height, scale: 1, columns: columns[index], limit: limits[index], ink: field.ink)
            result += lines
            top += height * lines.count
        }
        return result
    }
}
