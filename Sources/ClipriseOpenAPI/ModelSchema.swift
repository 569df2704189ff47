package import ClipriseCatalog
internal import ClipriseWire

/// The JSON Schema (2020-12) of the bodies of one model.
///
/// Each schema has an `x-provenance`: who states each keyword. Only what is `documented` is refused when it is broken;
/// the rest is warned of, unless the server is strict.
package struct ModelSchema {
    let model: Model
    let profile: ContractProfile

    package var body: JSONTree {
        var properties: JSONTree = [:]
        properties["model"] = [
            "type": "string", "enum": .list(ids.map { .text($0.id) }),
            "x-provenance": .object(ids.map { .init(key: $0.id, value: .text($0.from.rawValue)) }),
        ]
        properties["callBackUrl"] = [
            "type": "string", "format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]://",
            "maxLength": .number(Double(Order.callBackURLLimit)),
            "x-provenance": ["format": "documented", "pattern": "documented", "maxLength": "assumed"],
        ]
        var required: [JSONTree] = ["model", "callBackUrl", "input"]
        for parameter in model.parameters where isAtRoot(parameter) {
            properties[parameter.key] = schema(of: parameter)
            if parameter.place.value == .rootAndInput, parameter.required?.value ?? false {
                required.append(.text(parameter.key))
            }
        }
        if let options {
            properties["options"] = options
            if profile == .snapshot { required.append("options") }
        }
        properties["input"] = ["$ref": .text("#/components/schemas/\(Self.inputName(model.id))")]
        var body: JSONTree = [
            "title": .text(model.name.value), "type": "object", "required": .list(required),
            "properties": properties,
            "x-provenance": [
                "title": .text(model.name.from.rawValue), "required": "documented",
            ],
        ]
        if profile == .snapshot, model.verification?.value == .emptyBody {
            body["description"] = "Answered with HTTP 200 and an empty body in the snapshot of 2026-04-04 (PRO-2)."
        }
        if profile == .later, model.takesRootOnly?.value ?? false {
            body["description"] = "Also takes a body without input, all fields at the root; which six do is inferred."
        }
        return body
    }

    /// What stands under `input`.
    package var input: JSONTree {
        let inside = model.parameters.filter { parameter in
            [.input, .rootAndInput].contains(parameter.place.value) || parameter.alsoIn?.value == .input
        }
        var schema: JSONTree = ["type": "object"]
        var from: JSONTree = [:]
        let required = inside.filter { ($0.required?.value ?? false) && $0.requiredWithout == nil }
        if !required.isEmpty {
            schema["required"] = .list(required.map { .text($0.key) })
            from["required"] = .object(
                required.map { .init(key: $0.key, value: .text($0.required?.from.rawValue ?? "")) })
        }
        let either = inside.compactMap { parameter in parameter.requiredWithout.map { (parameter.key, $0) } }
        if !either.isEmpty {
            schema["allOf"] = .list(
                either.map { key, other in
                    ["anyOf": [["required": [.text(key)]], ["required": [.text(other.value)]]]]
                })
            from["allOf"] = .list(either.map { .text($0.1.from.rawValue) })
        }
        schema["properties"] = .object(inside.map { .init(key: $0.key, value: self.schema(of: $0)) })
        if let maximum = model.maxReferences {
            schema["x-max-references"] = .number(Double(maximum.value))
            from["x-max-references"] = .text(maximum.from.rawValue)
        }
        schema["x-provenance"] = from
        return schema
    }

    /// The name of a model's input among the components.
    package static func inputName(_ id: String) -> String { "input.\(id)" }

    /// The name of a model's body among the components.
    package static func bodyName(_ id: String) -> String { "generate.\(id)" }

    /// The ids that select the model, the routed ones of later editions among them.
    package var ids: [(id: String, from: Provenance)] {
        [(model.id, .documented)] + model.routes.map { ($0.value.id, $0.from) }
    }

    private func isAtRoot(_ parameter: Parameter) -> Bool {
        [.root, .rootAndInput].contains(parameter.place.value) || parameter.alsoIn?.value == .root
    }

    /// A string that holds JSON (contract, GEN-9).
    private var options: JSONTree? {
        let inside = model.parameters.filter { $0.place.value == .options || $0.alsoIn?.value == .options }
        guard !inside.isEmpty else { return nil }
        return [
            "type": "string", "contentMediaType": "application/json",
            "contentSchema": [
                "type": "object",
                "properties": .object(inside.map { .init(key: $0.key, value: schema(of: $0)) }),
            ],
            "description": "A JSON object as a string, never an object.",
            "x-provenance": ["type": "documented", "contentMediaType": "documented", "contentSchema": "assumed"],
        ]
    }

    // MARK: One parameter

    private func schema(of parameter: Parameter) -> JSONTree {
        var schema: JSONTree = [:]
        var from: JSONTree = ["key": .text(parameter.keyFrom.rawValue)]
        func set<Value>(_ keyword: String, _ fact: Fact<Value>?, _ show: (Value) -> JSONTree) {
            guard let fact else { return }
            schema[keyword] = show(fact.value)
            from[keyword] = .text(fact.from.rawValue)
        }
        let isList = parameter.type?.value.isList ?? false
        addType(parameter, &schema, &from)
        if !isList, parameter.type?.value != .index {
            set("enum", parameter.allowed) { .list($0.flatMap { spellings($0, parameter) }) }
        }
        set("minimum", parameter.minimum) { .number($0) }
        set("maximum", parameter.maximum) { .number($0) }
        set("minLength", parameter.minLength) { .number(Double($0)) }
        set("maxLength", parameter.maxLength) { .number(Double($0)) }
        set("minItems", parameter.minItems) { .number(Double($0)) }
        set("maxItems", parameter.maxItems) { .number(Double($0)) }
        if let value = parameter.defaultValue {
            schema["default"] = parameter.type?.value == .index ? JSONTree(value.value) : parameter.written(value.value)
            from["default"] = .text(value.from.rawValue)
        }
        set("not", parameter.forbidden) { ["enum": .list($0.map(JSONTree.init))] }
        set("x-aliases", parameter.aliases) { .list($0.map { .text($0) }) }
        if let text = describe(parameter) { schema["description"] = .text(text) }
        schema["x-provenance"] = from
        return schema
    }

    private func addType(_ parameter: Parameter, _ schema: inout JSONTree, _ from: inout JSONTree) {
        guard let type = parameter.type else { return }
        switch type.value {
        // The values of a list decide: some are numbers where upstream writes strings, and both pass.
        case .string where parameter.allowed != nil, .integer where parameter.allowed != nil,
            .number where parameter.allowed != nil:
            return
        case .string: schema["type"] = "string"
        case .integer: schema["type"] = "integer"
        case .number: schema["type"] = "number"
        case .boolean: schema["type"] = "boolean"
        case .object: schema["type"] = "object"
        case .index:
            schema["type"] = "integer"
            schema["minimum"] = 0
            if let tiers = parameter.allowed {
                schema["maximum"] = .number(Double(tiers.value.count - 1))
                from["maximum"] = .text(tiers.from.rawValue)
            }
        case .url: schema = ["type": "string", "format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"]
        case .urls: schema = ["type": "array", "items": ["type": "string", "format": "uri"]]
        case .strings: schema = ["type": "array", "items": ["type": "string"]]
        case .objects:
            var item: JSONTree = ["type": "object"]
            if let keys = parameter.itemKeys {
                item["required"] = .list(keys.value.map { .text($0.key) })
                from["items"] = .text(keys.from.rawValue)
            }
            schema = ["type": "array", "items": item]
        }
        from["type"] = .text(type.from.rawValue)
    }

    /// A value of a list in each JSON type that passes.
    private func spellings(_ scalar: Scalar, _ parameter: Parameter) -> [JSONTree] {
        switch (scalar, parameter.type?.value) {
        case (.number, .string): [JSONTree(scalar), .text(scalar.description)]
        case (.text(let text), .integer), (.text(let text), .number):
            [.text(text)] + (Double(text).map { [.number($0)] } ?? [])
        default: [JSONTree(scalar)]
        }
    }

    private func describe(_ parameter: Parameter) -> String? {
        var parts: [String] = []
        if parameter.type?.value == .index, let tiers = parameter.allowed {
            let list = tiers.value.enumerated().map { "\($0.offset) = \($0.element)" }.joined(separator: ", ")
            parts.append("An index: \(list) [\(tiers.from.rawValue)].")
        }
        if let sum = parameter.itemsSum {
            let list = sum.value.oneOf.map { Scalar.number($0).description }.joined(separator: ", ")
            parts.append("The numbers under \(sum.value.key) add up to one of \(list) [\(sum.from.rawValue)].")
        }
        for note in parameter.notes?.statements ?? [] { parts.append("\(note.value) [\(note.from.rawValue)]") }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}
