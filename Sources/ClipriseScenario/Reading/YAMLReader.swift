/// Reads a text to a tree of values with places.
struct YAMLReader: ~Copyable {
    /// Beyond this many duplicate keys a text is not read to its end.
    private static let duplicateLimit = 16

    private var events: YAMLEvents
    /// The names of the values so far, by which an alias can be told from a slip of the pen.
    private var anchors: Set<String> = []
    /// What is wrong, in the order of the places; kept for a text that can be read to its end.
    private var found: [(reason: ScenarioError.Reason, place: Place)] = []
    private var duplicates = 0

    /// The tree, or nil after adding to `findings` why there is none.
    static func tree(_ text: [UInt8], findings: Findings) -> SourceNode? {
        let bytes = JSONEscapes.joined(text.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(text.dropFirst(3)) : text)
        do {
            try TextGuard.check(bytes)
            var reader = YAMLReader(events: try YAMLEvents(bytes))
            let tree = try reader.document()
            for (reason, place) in reader.found { findings.add(reason, at: place) }
            return findings.errors.contains(where: \.isOfText) ? nil : tree
        } catch {
            findings.add(.notYAML(error.text), at: error.place)
            return nil
        }
    }

    private init(events: consuming YAMLEvents) {
        self.events = events
    }

    private mutating func document() throws(TextProblem) -> SourceNode? {
        guard case .document = try next().kind else {
            throw TextProblem(place: Place(line: 1, column: 1), text: "the text is empty")
        }
        let tree = try node(next(), depth: 1)
        let event = try next()
        guard case .end = event.kind else {
            throw TextProblem(place: event.place, text: "a second document; a file holds one")
        }
        return tree
    }

    /// The next event, which is no alias: few lines of aliases can stand for billions of values.
    ///
    /// Nor has it a tag: what one says of a value would be passed over.
    private mutating func next() throws(TextProblem) -> YAMLEvent {
        let event = try events.next()
        guard !event.hasTag else {
            throw TextProblem(place: event.place, text: "tags (!type) are not part of the language; leave it out")
        }
        if let anchor = event.anchor { anchors.insert(anchor) }
        guard case .alias(let name) = event.kind else { return event }
        throw TextProblem(
            place: event.place,
            text: anchors.contains(name)
                ? "aliases (*name) are not part of the language; write it out"
                : "a word that begins with * belongs in quotes: \"*\(name.prefix(40))\"")
    }

    /// The value that starts with an event, or nil when it is too deep.
    private mutating func node(_ event: YAMLEvent, depth: Int) throws(TextProblem) -> SourceNode? {
        guard depth <= TextGuard.depthLimit else {
            add(.notYAML("nested deeper than \(TextGuard.depthLimit) levels"), at: event.place)
            try skip(event)
            return nil
        }
        let content: SourceNode.Content
        switch event.kind {
        case .listStart: content = .list(try elements(depth: depth))
        case .objectStart: content = .object(try members(depth: depth))
        case .scalar(let text, let isPlain): content = isPlain ? SourceNode.Content(plain: text) : .text(text)
        case .document, .alias, .listEnd, .objectEnd, .end: content = .nothing
        }
        return SourceNode(place: event.place, content: content)
    }

    private mutating func elements(depth: Int) throws(TextProblem) -> [SourceNode] {
        var elements: [SourceNode] = []
        while true {
            let event = try next()
            if case .listEnd = event.kind { return elements }
            if let element = try node(event, depth: depth + 1) { elements.append(element) }
        }
    }

    /// The members of an object; a key that stands twice is reported, and its later values are left out.
    private mutating func members(depth: Int) throws(TextProblem) -> [SourceNode.Member] {
        var members: [SourceNode.Member] = []
        var keys: [String: (first: Place, last: Place)] = [:]
        while true {
            let event = try next()
            if case .objectEnd = event.kind { return members }
            guard case .scalar(let key, _) = event.kind else {
                add(.notYAML("a key must be a word"), at: event.place)
                try skip(event)
                try skip(next())
                continue
            }
            let known = keys.updateValue((event.place, event.place), forKey: key)
            if let known {
                keys[key]?.first = known.first
                duplicates += 1
                guard duplicates <= Self.duplicateLimit else {
                    throw TextProblem(
                        place: known.last,
                        text: "more than \(Self.duplicateLimit) duplicate keys, the last that was found is this one")
                }
                add(.duplicateKey(key, first: known.first), at: event.place)
            }
            guard let value = try node(next(), depth: depth + 1), known == nil else { continue }
            members.append(SourceNode.Member(key: key, keyPlace: event.place, value: value))
        }
    }

    /// Passes over the rest of a value.
    private mutating func skip(_ event: YAMLEvent) throws(TextProblem) {
        var open = event.kind.step
        while open > 0 { open += try next().kind.step }
    }

    private mutating func add(_ reason: ScenarioError.Reason, at place: Place) {
        // One more than are shown: the last shows that there are more.
        if found.count <= ScenarioErrors.limit { found.append((reason, place)) }
    }
}

extension YAMLEvent.Kind {
    /// How many levels deeper what follows stands.
    fileprivate var step: Int {
        switch self {
        case .listStart, .objectStart: 1
        case .listEnd, .objectEnd: -1
        case .document, .scalar, .alias, .end: 0
        }
    }
}

extension ScenarioError {
    /// Whether the text as such is refused, so that its values are not looked at.
    fileprivate var isOfText: Bool {
        if case .notYAML = reason { true } else { false }
    }
}
