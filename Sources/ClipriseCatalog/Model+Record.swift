public import ClipriseForm
internal import ClipriseJSON
internal import ClipriseWire

extension Model {
    /// Reads one model file.
    ///
    /// - Parameter file: The name that errors carry.
    public init(json text: [UInt8], file: String) throws(CatalogError) {
        let read: Result<Model, JSONError>
        do throws(RecordError) {
            read = try withJSON(text) { (json) throws(RecordError) in try Model(json, .once) }
        } catch {
            throw .faulty(file: file, place: JSONLocator(text).place(of: error.path), error)
        }
        switch read {
        case .success(let model):
            try model.checkNames(text, file)
            self = model
        case .failure(let reason):
            let place = JSONLocator(text).firstError() ?? TextPlace(line: 1, column: 1)
            throw .notJSON(file: file, place: place, reason: reason.cause(in: text))
        }
    }

    /// Holds what names parameters against those that there are, and these against each other.
    private func checkNames(_ text: [UInt8], _ file: String) throws(CatalogError) {
        let keys = parameters.map(\.key)
        func error(_ reason: RecordError.Reason, at path: [JSONStep], _ key: [JSONStep] = []) -> CatalogError {
            .faulty(file: file, place: JSONLocator(text).place(of: path + key), RecordError(path, reason))
        }
        for (index, key) in keys.enumerated() where keys[..<index].contains(key) {
            throw error(
                .expected("each parameter once, but \"\(key)\" stands twice"), at: [.key("parameters"), .index(index)])
        }
        func check(
            _ key: String?, at path: [JSONStep], isKey: Bool = false, and others: [String] = []
        ) throws(CatalogError) {
            guard let key, !keys.contains(key), !others.contains(key) else { return }
            let hint = Spelling.hint(for: key, in: keys + others)
            throw error(.said("\"\(key)\" is no parameter of this model\(hint)"), at: path, isKey ? [.key(key)] : [])
        }
        for from in Provenance.allCases {
            let group = JSONStep.key(from.rawValue)
            for (index, route) in routes.filter({ $0.from == from }).enumerated() {
                let path = [group, .key("routes"), .index(index), .key("fixes")]
                for fix in route.value.fixes { try check(fix.key, at: path, isKey: true) }
            }
            for (index, parameter) in parameters.enumerated() {
                let path = [.key("parameters"), .index(index), group, .key("required_without")]
                try check(parameter.requiredWithout[from], at: path)
            }
        }
        let rule = JSONStep.key("price")
        switch price.unit {
        case .task, .second(.media): break
        case .second(.parameter(let key)): try check(key, at: [rule, .key("seconds"), .key("key")])
        case .second(.frames(let key, let rate)):
            try check(key, at: [rule, .key("seconds"), .key("frames")])
            try check(rate, at: [rule, .key("seconds"), .key("rate")])
        case .block(let key, _): try check(key, at: [rule, .key("block"), .key("key")])
        }
        for (index, row) in price.rows.enumerated() {
            for key in row.conditions.map(\.key) {
                let path = [rule, .key("rows"), .index(index), .key("when")]
                try check(key, at: path, isKey: true, and: [PriceRule.references])
            }
        }
    }
}

extension Model: Record, FactHolder {
    public static var blank: Model {
        Model(
            id: "", name: Fact(), kind: Fact(), result: Fact(), typicalSeconds: Fact(), refusal: Fact(), routes: [],
            parameters: [], price: .blank)
    }

    /// A model file as JSON Schema, for editors; what spans values, such as names of parameters, only the reader knows.
    public static var schema: [UInt8] {
        JSONWriter.line { writer in
            writer.member("$schema", "https://json-schema.org/draft/2020-12/schema")
            writer.member("title", "A model of cliprise-mock")
            RecordDescription(of: blank, isClosed: true).writeSchemaMembers(to: &writer)
        }
    }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        visitor.pass("$schema")
        visitor.about("The id that a client sends.")
        try visitor.value("model", &id)
        try visitor.facts(of: &self)
        try visitor.demand(name, "name")
        try visitor.demand(kind, "kind")
        try visitor.demand(result, "result")
        try visitor.demand(typicalSeconds, "typical_seconds")
        try visitor.demand(refusal, "refusal")
        var stated = parameters.map(\.stated)
        try visitor.records("parameters", &stated)
        try visitor.demand(stated.count <= 64, "parameters", .expected("at most 64 parameters"))
        if visitor.isReading { parameters = stated.map(Parameter.init) }
        try visitor.record("price", &price)
    }

    mutating func visitFacts<Visitor: RecordVisitor>(
        from: Provenance, _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.optional(value: "name", &name[from])
        try visitor.optional("kind", &kind[from])
        try visitor.optional("result", &result[from])
        visitor.about("From acceptance to result on the real service.")
        try visitor.optional("typical_seconds", &typicalSeconds[from], in: 1...86_400)
        visitor.about("The most reference images or videos in one request, over all keys that carry them.")
        try visitor.optional("max_references", &maxReferences[from], in: 0...100)
        visitor.about("How a body that breaks a rule is refused: with code 400, or with an empty body.")
        try visitor.optional("refusal", &refusal[from])
        visitor.about("What the reference says of a model that it does not call verified.")
        try visitor.optional("verification", &verification[from])
        try visitor.optional(value: "alias_of", &aliasOf[from])
        var own = routes.filter { $0.from == from }.map(\.value)
        visitor.about("Other ids of this model, each of which fixes some parameters.")
        try visitor.records(ifAny: "routes", &own)
        if visitor.isReading { routes += own.map { Fact($0, from: from) } }
        visitor.about("Whether a later edition takes the body without input, all fields at the root.")
        try visitor.optional("root_only", &takesRootOnly[from])
        try visitor.optional(value: "zip_name", &zipName[from])
        visitor.about("Files for each task.")
        try visitor.optional("count", &count[from], in: 1...16)
        visitor.about("Files for each task that has reference media.")
        try visitor.optional("count_with_references", &countWithReferences[from], in: 1...16)
        visitor.about("The shape of a result that no parameter says, such as 16:9.")
        try visitor.optional(value: "ratio", &ratio[from])
        visitor.about("The size of a result that no parameter says, such as 720p.")
        try visitor.optional(value: "resolution", &resolution[from])
        visitor.about("The length of a result that no parameter says.")
        try visitor.optional("seconds", &seconds[from], in: 1...3_600)
        try visitor.optional("sound", &sound[from])
        try visitor.optional("transparent", &transparent[from])
        visitor.about("The length that media which is never fetched is taken to have.")
        try visitor.optional("media_seconds", &mediaSeconds[from], in: 1...3_600)
        try visitor.optional(value: "note", &notes[from])
    }
}

extension Model.Route: Record {
    public static var blank: Model.Route { Model.Route(id: "", fixes: []) }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.value("id", &id)
        try visitor.entries("fixes", &fixes)
    }
}
