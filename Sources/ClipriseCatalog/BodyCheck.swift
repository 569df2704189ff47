internal import ClipriseJSON
internal import ClipriseWire

/// One pass over one body for one model, in the order of the contract's clauses.
struct BodyCheck {
    let check: ModelCheck
    let modelIndex: Int
    let route: Int?
    let envelope: Envelope
    let options: OptionsText
    let policy: CheckPolicy
    var warnings = WarningList()
    private var firstUnknown: Refusal?
    /// The prompt at the root, where the edition wants it there too.
    var rootPrompt: JSONValue?
    /// What each parameter was given, by position.
    var given: [Given]
    /// What the values amount to that are not simply themselves.
    private(set) var results: [Effective] = []
    /// The twin at the root, for the parameters that need one.
    var twins: [JSONValue?] = []

    init(
        check: ModelCheck, modelIndex: Int, route: Int?, envelope: Envelope, options: OptionsText, policy: CheckPolicy
    ) {
        self.check = check
        self.modelIndex = modelIndex
        self.route = route
        self.envelope = envelope
        self.options = options
        self.policy = policy
        given = Array(repeatElement(Given(), count: check.parameters.count))
    }

    mutating func order() throws(Refusal) -> Order {
        guard let callBackURL = envelope.callBackURL, !callBackURL.isBlank else {
            throw .fieldRequired("callBackUrl")
        }
        let input = envelope.input.flatMap { $0.isBlank ? nil : $0 }
        if let input {
            if input.isObject { collect(input.members, in: .input) }
        } else {
            try collectRootOnly()
        }
        if case .object(let object) = options { collect(object.members, in: .options) }
        if input != nil { collectRoot() }
        if check.isAnyModel { warnOfAnyModel() }
        try checkRequired()
        guard let url = callBackURL.utf8, URLCheck.isHTTPS(url) else {
            throw Refusal(.gen6, .code400, RefusalText("callBackUrl must be a valid HTTPS URL"))
        }
        guard url.count <= Order.callBackURLLimit else {
            throw Refusal(
                .gen6, .code400, RefusalText("callBackUrl is longer than \(Order.callBackURLLimit) bytes"))
        }
        if let input, !input.isObject {
            throw refusal(.gen7, "input must be an object, not \(input.kind.phrase)")
        }
        if let firstUnknown { throw firstUnknown }
        try checkValues()
        try checkTwins()
        try checkPromptTwin()
        try checkOptions()
        applyRoute()
        // Moved, not copied: nothing looks at them any more.
        let effective = EffectiveValues(given: given.take(), results: results.take(), fallbacks: check.fallbacks)
        let hasReferences = check.imagesAt.contains { !(effective.given[$0].value?.isBlank ?? true) }
        let quote = check.price.quote(effective, hasReferences: hasReferences, warnings: &warnings)
        let terms = Order.Terms(
            model: modelIndex, row: quote.row, multiplier: quote.multiplier, credits: quote.credits,
            shape: check.shape(effective, quote: quote, hasReferences: hasReferences), isVideo: check.isVideo,
            typicalSeconds: check.typicalSeconds, callBackURL: Array(url), warnings: warnings.all)
        return Order(
            Order.SharedTerms(terms),
            prompt: check.promptAt.flatMap { effective.given[$0].value }?.utf8.map {
                Array($0.prefix(Order.promptLimit + 1))
            } ?? [])
    }

    /// Takes the members of `input` or `options` to their parameters.
    private mutating func collect(_ members: JSONValue.Members, in place: Parameter.Place) {
        for member in members { collect(member.key, member.value, in: place) }
    }

    mutating func collect(_ key: UnsafeBufferPointer<UInt8>, _ value: JSONValue, in place: Parameter.Place) {
        guard let found = check.position(of: key), check.parameters[found.position].belongs(in: place) else {
            return unknown(key, in: place)
        }
        if found.isAlias {
            let parameter = check.parameters[found.position]
            warnings.add(
                Warning(
                    key: "\(place.rawValue).\(String(decoding: key, as: UTF8.self))",
                    problem: "is another spelling of \"\(parameter.key)\"", from: parameter.keyFrom))
            if given[found.position].value != nil { return }
        }
        take(value, for: found.position, in: place, isAlias: found.isAlias)
    }

    /// Of two equal keys the last counts, as in JavaScript; `null` is as good as absent, so it takes back what the same
    /// key gave, but nothing that stands under another spelling or in another place.
    private mutating func take(_ value: JSONValue, for position: Int, in place: Parameter.Place, isAlias: Bool) {
        if value.isNull {
            if given[position].place == place, given[position].isAliased == isAlias { given[position].value = nil }
            return
        }
        given[position] = Given(value: value, place: place, isAliased: isAlias)
    }

    private mutating func collectRoot() {
        guard check.needsTwins || envelope.hasOthers || envelope.options != nil else { return }
        if check.needsTwins { twins = Array(repeating: nil, count: check.parameters.count) }
        for member in envelope.root.members {
            if member.key.equals("model") || member.key.equals("callBackUrl") || member.key.equals("input") { continue }
            if member.key.equals("options"), check.hasOptions { continue }
            if wantsPromptTwin, let prompt = check.promptAt, let found = check.position(of: member.key),
                found.position == prompt, !found.isAlias
            {
                rootPrompt = member.value
                continue
            }
            guard let found = check.position(of: member.key), check.parameters[found.position].belongs(in: .root)
            else {
                unknown(member.key, in: .root)
                continue
            }
            if check.parameters[found.position].place.value == .rootAndInput {
                twins[found.position] = member.value.isNull ? nil : member.value
            } else if given[found.position].value == nil {
                given[found.position] = Given(value: member.value.isNull ? nil : member.value, place: .root)
            }
        }
    }

    /// Warns of a key that is not in the catalogue; a strict check refuses the first of them.
    private mutating func unknown(_ key: UnsafeBufferPointer<UInt8>, in place: Parameter.Place) {
        // Nobody knows the keys of a model that is not in the catalogue.
        if check.isAnyModel { return }
        // Finding what was meant is the dearest step here, so a full list ends it.
        let isRefused = policy.isStrict && firstUnknown == nil
        guard !warnings.isFull || isRefused else { return }
        let warning = unknownKey(key, in: place)
        warnings.add(warning)
        if isRefused {
            firstUnknown = refusal(.gen7, "\(warning.key) \(warning.problem)")
        }
    }

    private func unknownKey(_ bytes: UnsafeBufferPointer<UInt8>, in place: Parameter.Place) -> Warning {
        let key = String(quoting: bytes)
        let path = place == .root ? key : "\(place.rawValue).\(key)"
        if let found = check.position(of: bytes) {
            let here = place == .root ? "at the root" : "in \(place.rawValue)"
            let home = check.parameters[found.position].place.value.rawValue
            return Warning(key: path, problem: "is not read \(here); it belongs in \(home)", from: .assumed)
        }
        let meant = check.keys(in: place).nearest(to: key).map { "; did you mean \"\($0)\"?" } ?? ""
        return Warning(key: path, problem: "is not in the catalogue\(meant)", from: .assumed)
    }

    private mutating func checkRequired() throws(Refusal) {
        for index in check.requiredAt {
            guard given[index].value?.isBlank ?? true else { continue }
            let parameter = check.parameters[index]
            if parameter.place.value == .rootAndInput, !twins.isEmpty, let twin = twins[index], !twin.isBlank {
                continue
            }
            if let other = parameter.requiredWithout {
                let isThere = check.parameters.indices.contains {
                    check.parameters[$0].key == other.value && !(given[$0].value?.isBlank ?? true)
                }
                guard !isThere else { continue }
                try missing(parameter, from: other.from)
            } else if let required = parameter.required, required.value {
                try missing(parameter, from: required.from)
            }
        }
    }

    /// GEN-5: what a model's schema requires under a key that the reference names gets the documented reply as well.
    private mutating func missing(_ parameter: Parameter, from: Provenance) throws(Refusal) {
        let isRequiredBySchema = parameter.keyFrom == .documented && from != .assumed
        guard !policy.isEnforced(from), !isRequiredBySchema else { throw .fieldRequired(parameter.key) }
        warnings.add(
            Warning(key: "\(parameter.place.value.rawValue).\(parameter.key)", problem: "is required", from: from))
    }

    /// GEN-8: the twin is there and is the same.
    private mutating func checkTwins() throws(Refusal) {
        for index in twins.indices where check.parameters[index].place.value == .rootAndInput {
            let parameter = check.parameters[index]
            switch (twins[index], given[index].value) {
            case (nil, nil): continue
            case (nil, _): try broken(parameter, "must also stand at the root", parameter.place.from, .gen8)
            case (_, nil): try broken(parameter, "must also stand in input", parameter.place.from, .gen8)
            case (let twin?, let inner?):
                if !twin.isSame(as: inner) {
                    try broken(parameter, "differs between the root and input", parameter.place.from, .gen8)
                }
            }
        }
    }

    /// GEN-9: `options` is a JSON object as a string.
    private mutating func checkOptions() throws(Refusal) {
        switch options {
        case .object: return
        case .absent:
            guard check.hasOptions, route == nil else { return }
            if policy.requiresOptions { throw refusal(.gen9, "options is required: a JSON object as a string") }
            warnings.add(
                Warning(key: "options", problem: "is absent, so the first tier is taken", from: .assumed))
        case .wrongType(let kind):
            guard check.hasOptions else { return }
            throw refusal(.gen9, "options must be a JSON object as a string, not \(kind.phrase)")
        case .noObject(let kind):
            throw refusal(.gen9, "options must be a JSON object as a string; the text holds \(kind.phrase)")
        case .noJSON(let error):
            throw refusal(.gen9, "options must be a JSON object as a string; \(error)")
        }
    }

    private mutating func applyRoute() {
        guard let route = route.map({ check.model.routes[$0] }) else { return }
        for fix in route.value.fixes {
            guard let index = check.model.parameters.firstIndex(where: { $0.key == fix.key }) else { continue }
            if given[index].value != nil, !(given[index].effective(results)?.fits(fix.value) ?? false) {
                warnings.add(
                    Warning(
                        key: fix.key, problem: "is fixed by the model id; the given value is ignored",
                        from: route.from))
            }
            keep(.fixed(fix.value), at: index)
        }
    }

    mutating func keep(_ effective: Effective, at index: Int) {
        given[index].outcome = .own(Int32(results.count))
        results.append(effective)
    }

    /// Refuses or warns of a broken rule, by its provenance.
    mutating func broken(
        _ parameter: Parameter, _ problem: String, _ from: Provenance, _ clause: Clause = .gen7
    ) throws(Refusal) {
        guard !policy.isEnforced(from) else { throw refusal(clause, "\(parameter.key) \(problem)") }
        warnings.add(
            Warning(key: "\(parameter.place.value.rawValue).\(parameter.key)", problem: problem, from: from))
    }

    /// Refuses or warns of a value of another JSON type: refused wherever the reference names the key (GEN-7).
    mutating func wrongType(_ parameter: Parameter, _ problem: String, _ from: Provenance) throws(Refusal) {
        try broken(parameter, problem, parameter.keyFrom == .documented ? .documented : from)
    }

    func refusal(_ clause: Clause, _ message: String) -> Refusal { refusal(clause, RefusalText(message)) }

    func refusal(_ clause: Clause, _ text: RefusalText) -> Refusal {
        Refusal(clause, check.model.refusal.value == .empty ? .empty : .code400, text)
    }
}

extension Array {
    /// The elements, of which none are left here.
    fileprivate mutating func take() -> Self {
        var taken: Self = []
        swap(&taken, &self)
        return taken
    }
}

extension Refusal {
    /// The documented answer for a field that is absent, null or blank (contract, GEN-5).
    static func fieldRequired(_ key: String) -> Refusal {
        Refusal(.gen5, .code400, RefusalText(required: key))
    }
}

extension JSONValue {
    /// Absent in effect: null, an empty array, or a text of nothing but white space.
    var isBlank: Bool {
        switch kind {
        case .null: true
        case .array: elements.count == 0
        case .string: utf8.map { $0.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) } } ?? true
        case .object, .boolean, .integer, .number: false
        }
    }
}

extension JSONValue.Kind {
    /// As it reads in a sentence.
    var phrase: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .integer, .number: "a number"
        case .boolean: "a boolean"
        case .null: "null"
        }
    }
}
