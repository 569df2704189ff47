internal import ClipriseCatalog
package import ClipriseEngine
internal import ClipriseWire

/// Generate bodies that the engine takes for a model, made from its catalogue entry: one for each job, of equal length
/// and price, so that a job is never taken for another that is sent again.
package struct SampleBody: Sendable {
    /// What stands between the places of the job's number: a text may have to stand at the root and in `input`, both.
    private let pieces: [[UInt8]]

    /// Eight digits: more than there are jobs in a run.
    private static let digits = Array("00000000".utf8)

    /// - Parameter id: The model as a client sends it.
    /// - Throws: `FleetError` for an unknown model, or one of which no body is taken.
    package init(_ id: String, engine: Engine) throws(FleetError) {
        let body = try Self.whole(id, engine: engine)
        var pieces: [[UInt8]] = []
        var start = 0
        for place in body.ranges(of: Self.digits) {
            pieces.append(Array(body[start..<place.lowerBound]))
            start = place.upperBound
        }
        pieces.append(Array(body[start...]))
        self.pieces = pieces
    }

    /// The body of a job.
    ///
    /// - Parameter job: 0-based, less than 10^8.
    package func body(ofJob job: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(pieces.reduce(0) { $0 + $1.count + Self.digits.count })
        for (index, piece) in pieces.enumerated() {
            if index > 0 {
                var unit = 10_000_000
                while unit > 0 {
                    bytes.append(UInt8(ascii: "0") + UInt8((job + 1) / unit % 10))
                    unit /= 10
                }
            }
            bytes += piece
        }
        return bytes
    }

    private static func whole(_ id: String, engine: Engine) throws(FleetError) -> [UInt8] {
        guard let position = engine.catalog.models.ids.firstIndex(of: id) else {
            throw .unknownModel(id, suggestion: Spelling.nearest(to: id, in: engine.catalog.models.ids))
        }
        let model = engine.catalog.models[position]
        var lastHint = ""
        // The first takes only what must be there, the second all that can be filled, the third media too.
        for fill in [Fill.required, .plain, .all] {
            let body = body(model, fill)
            switch engine.order(body) {
            case .success: return body
            case .failure(let refusal): lastHint = refusal.decision.event.hint ?? lastHint
            }
        }
        throw .noBody(model: id, reason: lastHint)
    }

    private enum Fill {
        case required, plain, all
    }

    private static func body(_ model: Model, _ fill: Fill) -> [UInt8] {
        let root = model.parameters.filter { [.root, .rootAndInput].contains($0.place.value) && isWanted($0, fill) }
        let input = model.parameters.filter { [.input, .rootAndInput].contains($0.place.value) && isWanted($0, fill) }
        let options = model.parameters.filter { $0.place.value == .options && isWanted($0, fill) }
        return JSONWriter.object { writer in
            writer.member("model", model.id)
            writer.member("callBackUrl", "https://fleet.example.com/cliprise")
            write(root, to: &writer)
            writer.member("input") { write(input, to: &$0) }
            if !options.isEmpty { writer.member("options") { write(options, to: &$0) } }
        }
    }

    private static func isWanted(_ parameter: Parameter, _ fill: Fill) -> Bool {
        guard !["model", "callBackUrl"].contains(parameter.key) else { return false }
        if parameter.required?.value == true { return true }
        let isMedia =
            parameter.role == .images || [.url, .urls, .objects, .object].contains(parameter.type?.value)
        return switch fill {
        case .required: false
        case .plain: !isMedia
        case .all: true
        }
    }

    private static func write(_ parameters: [Parameter], to writer: inout JSONWriter) {
        for parameter in parameters {
            writer.key(text: parameter.key)
            write(parameter, to: &writer)
        }
    }

    private static func write(_ parameter: Parameter, to writer: inout JSONWriter) {
        let type = parameter.type?.value
        if type == .index { return writer.integer(0) }
        if let value = parameter.allowed?.value.first ?? parameter.defaultValue?.value {
            return type == .strings || type == .urls ? write([value], to: &writer) : write(value, to: &writer)
        }
        let url = "https://fleet.example.com/00000000/\(parameter.key).\(fileEnding(parameter))"
        let count = max(1, parameter.minItems?.value ?? 1)
        switch type {
        case .integer, .number:
            write(.number(parameter.minimum?.value ?? min(1, parameter.maximum?.value ?? 1)), to: &writer)
        case .boolean: writer.boolean(false)
        case .url: writer.string(url)
        case .urls: write(Array(repeating: .text(url), count: count), to: &writer)
        case .strings: write(Array(repeating: .text(text(parameter)), count: count), to: &writer)
        case .object: writeObject(parameter, to: &writer)
        case .objects: writer.array { writeObject(parameter, to: &$0) }
        case .string, .index, nil: writer.string(text(parameter))
        }
    }

    private static func fileEnding(_ parameter: Parameter) -> String {
        let key = parameter.key.lowercased()
        return key.contains("audio") ? "mp3" : key.contains("video") ? "mp4" : "png"
    }

    private static func write(_ values: [Scalar], to writer: inout JSONWriter) {
        writer.array(values) { write($1, to: &$0) }
    }

    private static func write(_ value: Scalar, to writer: inout JSONWriter) {
        if case .text(let text) = value { writer.string(text) } else { writer.raw(value.description.utf8) }
    }

    private static func writeObject(_ parameter: Parameter, to writer: inout JSONWriter) {
        let sum = parameter.itemsSum?.value
        writer.object { writer in
            for item in parameter.itemKeys?.value ?? [] {
                writer.key(text: item.key)
                switch item.value {
                case .integer, .number, .index:
                    let total = item.key == sum?.key ? sum?.oneOf.first : nil
                    write(.number(total ?? 1), to: &writer)
                case .boolean: writer.boolean(false)
                case .url: writer.string("https://fleet.example.com/00000000/item.png")
                default: writer.string("Job 00000000: a lighthouse at dusk")
                }
            }
        }
    }

    private static func text(_ parameter: Parameter) -> String {
        var text =
            parameter.role == .images
            ? "https://fleet.example.com/00000000/media.png" : "Job 00000000: a lighthouse at dusk, oil on canvas"
        if let most = parameter.maxLength?.value, text.count > most { text = String(text.prefix(most)) }
        while let least = parameter.minLength?.value, text.count < least { text += " and more" }
        return text
    }
}
