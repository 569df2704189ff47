internal import ClipriseEngine
package import ClipriseForm
package import ClipriseJSON
internal import ClipriseJournal
package import ClipriseWire

/// The first line of a bundle.
struct BundleHeader: Record {
    var header: Bundle.Header
    /// Whether lines are written as they come, and a last line may never be.
    var isPartial: Bool

    static var blank: BundleHeader { BundleHeader(header: Bundle.Header(), isPartial: false) }

    mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.constant("bundle", Bundle.format)
        try visitor.flag(ifSet: "partial", &isPartial)
        try visitor.text("version", &header.version)
        try visitor.number("seed", &header.settings.seed, .decimal)
        try visitor.flag(ifSet: "seed_first", &header.seedGoesFirst)
        try visitor.word("profile", &header.settings.profile)
        try visitor.flag("strict", &header.settings.isStrict)
        try visitor.word("host_gate", &header.settings.hostGate)
        try visitor.texts("accepted_hosts", &header.settings.acceptedHosts)
        try visitor.text("own_host", &header.settings.ownHost)
        try visitor.pace(&header.settings.pace)
        try visitor.flag("keeps_clocks", &header.keepsClocks)
        try visitor.number("catalogue", &header.catalogue, .hexadecimal)
        try visitor.flag("open", &header.isOpen)
        var port = Int(header.port)
        try visitor.integer("port", &port, in: 0...65_535)
        header.port = UInt16(clamping: port)
        // 73 years to either side of 1970.
        try visitor.integer("wall_at_zero", &header.wallAtZero, in: -(1 << 61)...1 << 61)
        try visitor.flag("files", &header.hasFiles)
        try visitor.records("scenarios", &header.scenarios)
        try visitor.records("accounts", &header.accounts)
        try visitor.optional("origin", &header.origin)
    }
}

extension RecordVisitor {
    fileprivate mutating func pace(_ pace: inout EngineSettings.Pace) throws(Failure) {
        var text: [UInt8] =
            switch pace {
            case .pleasant: Array("\"pleasant\"".utf8)
            case .scaled(let factor): Array("\(factor)".utf8)
            }
        try json("pace", &text)
        guard isReading else { return }
        let factor = Double(String(decoding: text, as: UTF8.self))
        let isPleasant = text.elementsEqual("\"pleasant\"".utf8)
        try demand(
            isPleasant || factor.map(EngineSettings.paces.contains) ?? false, "pace",
            .expected("\"pleasant\" or \(EngineSettings.paceRule)"))
        pace = factor.map { .scaled($0) } ?? .pleasant
    }
}

extension Bundle.Source: Record {
    package static var blank: Bundle.Source { Bundle.Source(name: "", text: []) }

    package mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.text("name", &name)
        try visitor.bytes("text", &text)
    }
}

extension Bundle.AccountStart: Record {
    package static var blank: Bundle.AccountStart { Bundle.AccountStart(key: [], credits: 0) }

    package mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.bytes("key", &key)
        try visitor.integer("credits", &credits, in: 0...Ledger.limit)
        if visitor.has("at", at != .start) { try visitor.instant("at", &at) }
    }
}

extension Bundle.Origin: Record {
    package static var blank: Bundle.Origin { Bundle.Origin(.simulate, []) }

    package mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.word("program", &program)
        try visitor.texts("arguments", &arguments)
    }
}

/// An account was changed by hand.
struct BundleChange: Record {
    var at: Instant
    var key: [UInt8]

    static var blank: BundleChange { BundleChange(at: .start, key: []) }

    mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.instant("at", &at)
        try visitor.bytes("key", &key)
        var isByHand = true
        try visitor.flag("by_hand", &isByHand)
    }
}

extension Bundle.Exchange: Record {
    package static var blank: Bundle.Exchange {
        Bundle.Exchange(key: [], request: Request(method: .get, target: []), at: .start, answer: [])
    }

    package mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.instant("at", &at)
        try visitor.bytes("key", &key)
        try visitor.text("method", &method)
        try visitor.bytes("target", &target)
        try visitor.value("fields", &fields)
        try visitor.flag(ifSet: "turned_away", &isRejected)
        try visitor.flag(ifSet: "reused_connection", &isOnReusedConnection)
        if visitor.has("body", !body.isEmpty) { try visitor.bytes("body", &body) }
        if visitor.has("ended", ended != nil) {
            var end = ended ?? Bundle.Ended(at: .start, .completed)
            try visitor.instant("ended", &end.at)
            try visitor.word("end", &end.outcome)
            ended = end
        }
        try visitor.number("hash", &answer.hash, .hexadecimal)
        try visitor.integer("bytes", &answer.count, in: 0...1 << 40)
        var text = answer.bytes ?? []
        let isWhole = visitor.has("answer", answer.bytes != nil)
        if isWhole { try visitor.bytes("answer", &text) }
        answer.bytes = isWhole ? text : nil
    }
}

extension Bundle.Exchange.Field: RecordValue {
    package static var kind: RecordKind { .list(.bytes) }

    package init(_ json: JSONValue, _ manner: RecordManner) throws(RecordError) {
        let cells = json.elements.map(\.bytes)
        guard cells.count == 2, let name = cells[0], let value = cells[1] else {
            throw RecordError([], .expected("pairs of a name and a value"))
        }
        self.init(name: name, value: value)
    }

    package func write(to writer: inout JSONWriter) { writer.array([name, value]) { $0.bytes($1) } }
}
