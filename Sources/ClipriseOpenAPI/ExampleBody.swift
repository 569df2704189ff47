package import ClipriseCatalog

/// A generate body that a model accepts without a warning and prices by one row of its table.
package struct ExampleBody {
    private let model: Model
    private var root: JSONTree
    private var input: JSONTree = [:]
    private var options: JSONTree = [:]
    private var given: Set<String> = []

    /// The callback URL of the reference's own example.
    package static let callBackURL = "https://your-service.example.com/webhooks/cliprise"

    /// - Parameter row: The price row's 0-based position.
    package static func of(_ model: Model, row: Int) -> JSONTree {
        var body = ExampleBody(model)
        body.meet(model.price.rows[row].conditions)
        body.addRequired()
        return body.whole
    }

    private init(_ model: Model) {
        self.model = model
        root = ["model": .text(model.id), "callBackUrl": .text(Self.callBackURL)]
    }

    private var whole: JSONTree {
        var whole = root
        let takesOptions = model.parameters.contains {
            $0.place.value == .options || $0.alsoIn?.value == .options
        }
        if takesOptions { whole["options"] = .text(options.compact) }
        whole["input"] = input
        return whole
    }

    private mutating func give(_ parameter: Parameter, _ value: JSONTree) {
        given.insert(parameter.key)
        switch parameter.place.value {
        case .input: input[parameter.key] = value
        case .options: options[parameter.key] = value
        case .root: root[parameter.key] = value
        case .rootAndInput:
            root[parameter.key] = value
            input[parameter.key] = value
        }
    }

    private mutating func meet(_ conditions: [PriceRule.Condition]) {
        for condition in conditions {
            let parameter: Parameter? =
                switch condition.subject {
                case .parameter(let key): model.parameter(key)
                case .references: model.parameters.first { $0.role == .images }
                }
            guard let parameter else { continue }
            switch condition.test {
            case .oneOf(let scalars): if let first = scalars.first { give(parameter, parameter.written(first)) }
            case .present(true): give(parameter, parameter.sample)
            case .present(false): continue
            case .sum(let sum): give(parameter, parameter.items(addingUpTo: sum))
            }
        }
    }

    private mutating func addRequired() {
        for parameter in model.parameters where !given.contains(parameter.key) {
            if let other = parameter.requiredWithout?.value {
                if !given.contains(other) { give(parameter, parameter.sample) }
            } else if parameter.required?.value ?? false {
                give(parameter, parameter.sample)
            }
        }
        // A request without a prompt is no good example.
        if let prompt = model.parameters.first(where: { $0.role == .prompt }), !given.contains(prompt.key) {
            give(prompt, prompt.sample)
        }
        if case .object(let members) = input, members.isEmpty, let first = model.parameters.first {
            give(first, first.sample)
        }
    }
}

extension Parameter {
    /// A value of the list as the parameter's type writes it.
    func written(_ scalar: Scalar) -> JSONTree {
        let scalar = self.allowed?.value.first { $0.means(scalar) } ?? scalar
        switch (self.type?.value, scalar) {
        case (.string, .number): return .text(scalar.description)
        case (.integer, .text(let text)), (.number, .text(let text)):
            return Double(text).map { .number($0) } ?? .text(text)
        default: return JSONTree(scalar)
        }
    }

    /// A plain value that every rule of the parameter lets through.
    var sample: JSONTree {
        if self.type?.value == .index { return .number(0) }
        if let value = self.defaultValue?.value { return written(value) }
        if let first = self.allowed?.value.first, !(self.type?.value.isList ?? false) { return written(first) }
        switch self.type?.value ?? .string {
        case .string: return .text(role == .prompt ? "A lighthouse at dusk, long exposure" : "text")
        case .integer, .number, .index: return .number(max(self.minimum?.value ?? 1, min(self.maximum?.value ?? 1, 1)))
        case .boolean: return .boolean(false)
        case .url: return .text(mediaURL)
        case .urls: return .list(Array(repeating: .text(mediaURL), count: max(1, self.minItems?.value ?? 1)))
        case .strings: return .list(Array(repeating: "text", count: max(1, self.minItems?.value ?? 1)))
        case .objects: return self.itemsSum.map { items(addingUpTo: $0.value.oneOf[0]) } ?? .list([item(adding: nil)])
        case .object: return [:]
        }
    }

    private var mediaURL: String {
        let name = self.key.lowercased()
        let ending = name.contains("video") ? "mp4" : name.contains("audio") ? "mp3" : "png"
        return "https://media.example.com/input.\(ending)"
    }

    /// Items whose numbers add up: of at most ten each, so that none is too long by itself.
    func items(addingUpTo sum: Double) -> JSONTree {
        guard let key = self.itemsSum?.value.key else { return .list([]) }
        var items: [JSONTree] = []
        var rest = sum
        while rest > 0 {
            items.append(item(adding: (key, min(rest, 10))))
            rest -= 10
        }
        return .list(items)
    }

    private func item(adding: (key: String, number: Double)?) -> JSONTree {
        var item: JSONTree = [:]
        for part in self.itemKeys?.value ?? [] {
            switch part.value {
            case _ where part.key == adding?.key: item[part.key] = .number(adding?.number ?? 1)
            case .integer, .number, .index: item[part.key] = 1
            case .boolean: item[part.key] = false
            case .url: item[part.key] = .text(mediaURL)
            case .urls: item[part.key] = .list([.text(mediaURL)])
            case .string, .strings, .objects, .object: item[part.key] = "A lighthouse at dusk"
            }
        }
        return item
    }
}

extension Parameter.ValueType {
    var isList: Bool { self == .urls || self == .strings || self == .objects }
}
