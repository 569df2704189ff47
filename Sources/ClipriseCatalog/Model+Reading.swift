internal import ClipriseJSON
internal import ClipriseWire

extension Model {
    static let modelFacts = [
        "name", "kind", "result", "typical_seconds", "max_references", "refusal", "verification", "alias_of", "routes",
        "root_only",
        "zip_name", "count", "count_with_references", "ratio", "resolution", "seconds", "sound", "transparent",
        "media_seconds", "note",
    ]

    /// Reads one model file.
    ///
    /// - Parameter file: The name that errors carry.
    public init(json text: [UInt8], file: String) throws(CatalogError) {
        let source = CatalogSource(file: file, text: text)
        let read = try withJSON(text) { (json) throws(CatalogError) -> Model in
            try Model(CatalogNode(json: json, path: [], source: source))
        }
        switch read {
        case .success(let model): self = model
        case .failure(let reason):
            let place = JSONLocator(text).firstError() ?? TextPlace(line: 1, column: 1)
            throw .notJSON(file: file, place: place, reason: reason)
        }
    }

    init(_ node: CatalogNode) throws(CatalogError) {
        try node.object().only(["model", "parameters", "price"] + Provenance.allCases.map(\.rawValue))
        id = try node.required("model").string()
        let facts = try FactReader(node, known: Self.modelFacts)
        func required<Value>(_ fact: Fact<Value>?, _ name: String) throws(CatalogError) -> Fact<Value> {
            guard let fact else { throw node.expected("a fact \"\(name)\" in one of the provenance groups") }
            return fact
        }
        name = try required(facts.fact("name") { (n) throws(CatalogError) in try n.string() }, "name")
        kind = try required(facts.fact("kind") { (n) throws(CatalogError) in try n.word(Kind.self) }, "kind")
        result = try required(
            facts.fact("result") { (n) throws(CatalogError) in try n.word(ResultSpec.Form.self) }, "result")
        typicalSeconds = try required(
            facts.fact("typical_seconds") { (n) throws(CatalogError) in try n.count(in: 1...86_400) }, "typical_seconds"
        )
        refusal = try required(
            facts.fact("refusal") { (n) throws(CatalogError) in try n.word(RefusalForm.self) }, "refusal")
        verification = try facts.fact("verification") { (n) throws(CatalogError) in try n.word(Verification.self) }
        aliasOf = try facts.fact("alias_of") { (n) throws(CatalogError) in try n.string() }
        takesRootOnly = try facts.fact("root_only") { (n) throws(CatalogError) in try n.boolean() }
        maxReferences = try facts.fact("max_references") { (n) throws(CatalogError) in try n.count(in: 0...100) }
        zipName = try facts.fact("zip_name") { (n) throws(CatalogError) in try n.string() }
        count = try facts.fact("count") { (n) throws(CatalogError) in try n.count(in: 1...16) }
        countWithReferences = try facts.fact("count_with_references") { (n) throws(CatalogError) in
            try n.count(in: 1...16)
        }
        ratio = try facts.fact("ratio") { (n) throws(CatalogError) in try n.string() }
        resolution = try facts.fact("resolution") { (n) throws(CatalogError) in try n.string() }
        seconds = try facts.fact("seconds") { (n) throws(CatalogError) in try n.count(in: 1...3_600) }
        sound = try facts.fact("sound") { (n) throws(CatalogError) in try n.boolean() }
        transparent = try facts.fact("transparent") { (n) throws(CatalogError) in try n.boolean() }
        mediaSeconds = try facts.fact("media_seconds") { (n) throws(CatalogError) in try n.count(in: 1...3_600) }
        notes = try facts.fact("note") { (n) throws(CatalogError) in try n.string() }
        let routeLists = try facts.fact("routes") { (n) throws(CatalogError) in try Self.routes(n) }
        routes =
            routeLists.map { lists in lists.statements.flatMap { s in s.value.map { Fact($0, from: s.from) } } } ?? []
        var parameters: [Parameter] = []
        for element in try node.required("parameters").elements() {
            let parameter = try Parameter(element)
            guard !parameters.contains(where: { $0.key == parameter.key }) else {
                throw element.expected("each parameter once, but \"\(parameter.key)\" stands twice")
            }
            parameters.append(parameter)
        }
        guard parameters.count <= 64 else { throw node.expected("at most 64 parameters") }
        self.parameters = parameters
        try Self.checkKeys(node, parameters.map(\.key))
        price = try PriceRule(try node.required("price"), parameters: parameters)
    }

    /// Holds the keys that routes and `required_without` name against the parameters.
    private static func checkKeys(_ node: CatalogNode, _ keys: [String]) throws(CatalogError) {
        for from in Provenance.allCases {
            for route in try node.node(from.rawValue)?.node("routes")?.elements() ?? [] {
                for fix in try route.required("fixes").members() where !keys.contains(fix.key) {
                    throw .unknownParameter(
                        file: fix.node.source.file, place: fix.node.place, path: route.path.text + ".fixes",
                        key: fix.key, suggestion: Spelling.nearest(to: fix.key, in: keys))
                }
            }
        }
        for parameter in try node.required("parameters").elements() {
            for from in Provenance.allCases {
                _ = try parameter.node(from.rawValue)?.node("required_without")?.parameterKey(of: keys)
            }
        }
    }

    private static func routes(_ node: CatalogNode) throws(CatalogError) -> [Route] {
        var routes: [Route] = []
        for element in try node.elements() {
            try element.object().only(["id", "fixes"])
            var fixes: [Route.Fix] = []
            for member in try element.required("fixes").members() {
                fixes.append(Route.Fix(key: member.key, value: try member.node.scalar()))
            }
            routes.append(Route(id: try element.required("id").string(), fixes: fixes))
        }
        return routes
    }
}

extension PriceRule {
    init(_ node: CatalogNode, parameters: [Parameter]) throws(CatalogError) {
        try node.object().only(["per", "per_from", "block", "seconds", "seconds_from", "rows"])
        let keys = parameters.map(\.key)
        unitFrom = try node.required("per_from").word(Provenance.self)
        secondsFrom = try node.node("seconds_from").map { (n) throws(CatalogError) in try n.word(Provenance.self) }
        let per = try node.required("per")
        switch try per.string() {
        case "task": unit = .task
        case "block":
            let block = try node.required("block").object()
            try block.only(["key", "characters"])
            unit = .block(
                key: try block.required("key").parameterKey(of: keys),
                characters: try block.required("characters").count(in: 1...1_000_000))
        case "second":
            let seconds = try node.required("seconds")
            try seconds.object().only(["key", "media", "frames", "rate"])
            if let parameter = seconds.node("key") {
                unit = .second(.parameter(key: try parameter.parameterKey(of: keys)))
            } else if let frames = seconds.node("frames") {
                unit = .second(
                    .frames(
                        key: try frames.parameterKey(of: keys),
                        rateKey: try seconds.required("rate").parameterKey(of: keys)))
            } else {
                let media = try seconds.required("media")
                guard try media.boolean() else { throw media.expected("true") }
                unit = .second(.media)
            }
        default: throw per.expected("one of task, second, block")
        }
        var rows: [Row] = []
        for element in try node.required("rows").elements() {
            try element.object().only(["unit", "credits", "from", "when", "when_from"])
            var conditions: [Condition] = []
            for member in try element.required("when").members() {
                if !keys.contains(member.key), member.key != "references" {
                    throw .unknownParameter(
                        file: member.node.source.file, place: member.node.place, path: element.path.text + ".when",
                        key: member.key, suggestion: Spelling.nearest(to: member.key, in: keys + ["references"]))
                }
                conditions.append(
                    Condition(
                        subject: member.key == "references" ? .references : .parameter(key: member.key),
                        test: try Condition.Test(member.node)))
            }
            rows.append(
                Row(
                    unit: try element.required("unit").string(),
                    credits: Int64(try element.required("credits").count(in: 0...1_000_000)),
                    from: try element.required("from").word(Provenance.self), conditions: conditions,
                    conditionsFrom: try element.required("when_from").word(Provenance.self)))
        }
        guard (1...32).contains(rows.count) else { throw try node.required("rows").expected("1 to 32 rows") }
        self.rows = rows
    }
}

extension PriceRule.Condition.Test {
    init(_ node: CatalogNode) throws(CatalogError) {
        if node.json.isObject {
            try node.only(["present", "sum"])
            if let present = node.node("present") {
                self = .present(try present.boolean())
            } else {
                self = .sum(try node.required("sum").number())
            }
        } else if node.json.kind == .array {
            self = .oneOf(try node.scalars())
        } else {
            self = .oneOf([try node.scalar()])
        }
    }
}

extension Optional {
    /// `map` that passes a typed error on.
    func map<Output, Failure: Error>(_ body: (Wrapped) throws(Failure) -> Output) throws(Failure) -> Output? {
        switch self {
        case .some(let value): try body(value)
        case nil: nil
        }
    }
}
