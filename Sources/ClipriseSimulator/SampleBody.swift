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
        var body: [UInt8] = []
        body.append(literal: #"{"model":"#)
        body.append(jsonString: model.id)
        body.append(literal: #","callBackUrl":"https://fleet.example.com/cliprise""#)
        for parameter in root { append(parameter, to: &body, first: false) }
        body.append(literal: #","input":{"#)
        for (index, parameter) in input.enumerated() { append(parameter, to: &body, first: index == 0) }
        body.append(literal: "}")
        if !options.isEmpty {
            body.append(literal: #","options":{"#)
            for (index, parameter) in options.enumerated() { append(parameter, to: &body, first: index == 0) }
            body.append(literal: "}")
        }
        body.append(literal: "}")
        return body
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

    private static func append(_ parameter: Parameter, to body: inout [UInt8], first: Bool) {
        if !first { body.append(literal: ",") }
        body.append(jsonString: parameter.key)
        body.append(literal: ":")
        appendValue(parameter, to: &body)
    }

    private static func appendValue(_ parameter: Parameter, to body: inout [UInt8]) {
        let type = parameter.type?.value
        if type == .index { return body.append(literal: "0") }
        if let value = parameter.allowed?.value.first ?? parameter.defaultValue?.value {
            return append(value, to: &body, asList: type == .strings || type == .urls)
        }
        let url = "https://fleet.example.com/00000000/\(parameter.key).\(fileEnding(parameter))"
        switch type {
        case .integer, .number:
            let least = parameter.minimum?.value ?? min(1, parameter.maximum?.value ?? 1)
            append(.number(least), to: &body, asList: false)
        case .boolean: body.append(literal: "false")
        case .url: body.append(jsonString: url)
        case .urls: append(.text(url), to: &body, asList: true, count: parameter.minItems?.value ?? 1)
        case .strings: append(.text(text(parameter)), to: &body, asList: true, count: parameter.minItems?.value ?? 1)
        case .objects, .object: appendObjects(parameter, to: &body)
        case .string, .index, nil: body.append(jsonString: text(parameter))
        }
    }

    private static func fileEnding(_ parameter: Parameter) -> String {
        let key = parameter.key.lowercased()
        return key.contains("audio") ? "mp3" : key.contains("video") ? "mp4" : "png"
    }

    private static func append(_ value: Scalar, to body: inout [UInt8], asList: Bool, count: Int = 1) {
        if asList { body.append(literal: "[") }
        for index in 0..<(asList ? max(1, count) : 1) {
            if index > 0 { body.append(literal: ",") }
            if case .text(let text) = value {
                body.append(jsonString: text)
            } else {
                body.append(contentsOf: value.description.utf8)
            }
        }
        if asList { body.append(literal: "]") }
    }

    private static func appendObjects(_ parameter: Parameter, to body: inout [UInt8]) {
        let keys = parameter.itemKeys?.value ?? []
        let sum = parameter.itemsSum?.value
        if parameter.type?.value == .objects { body.append(literal: "[") }
        body.append(literal: "{")
        for (index, item) in keys.enumerated() {
            if index > 0 { body.append(literal: ",") }
            body.append(jsonString: item.key)
            body.append(literal: ":")
            switch item.value {
            case .integer, .number, .index:
                let total = item.key == sum?.key ? sum?.oneOf.first : nil
                append(.number(total ?? 1), to: &body, asList: false)
            case .boolean: body.append(literal: "false")
            case .url: body.append(jsonString: "https://fleet.example.com/00000000/item.png")
            default: body.append(jsonString: "Job 00000000: a lighthouse at dusk")
            }
        }
        body.append(literal: "}")
        if parameter.type?.value == .objects { body.append(literal: "]") }
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
