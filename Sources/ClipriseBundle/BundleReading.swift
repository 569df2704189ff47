internal import ClipriseEngine
internal import ClipriseJSON
internal import ClipriseJournal
internal import ClipriseWire

/// Why a bundle cannot be read; lines are 1-based.
package enum BundleError: Error, Sendable, Hashable {
    case empty(file: String)
    case tooLarge(file: String, limit: Int)
    case notJSON(file: String, line: Int, reason: String)
    case badValue(file: String, line: Int, key: String, expected: String)
    case otherFormat(file: String, found: String)
    case notBundle(file: String)
    /// Lines are missing: the last one is not there, or tells another number.
    case incomplete(file: String, found: Int, expected: Int?)
}

extension BundleError: CustomStringConvertible {
    /// One line that is safe to show.
    package var description: String { text.printable }

    private var text: String {
        switch self {
        case .empty(let file): "\(file): is empty, and no bundle"
        case .tooLarge(let file, let limit): "\(file): larger than \(limit >> 20) MiB"
        case .notJSON(let file, let line, let reason): "\(file):\(line): not JSON: \(reason)"
        case .badValue(let file, let line, let key, let expected): "\(file):\(line): \(key): expected \(expected)"
        case .otherFormat(let file, let found):
            "\(file):1: no bundle of this edition: found \"\(found)\", expected \"\(Bundle.format)\""
        case .notBundle(let file):
            "\(file): is not a bundle, as --record writes them: its first line has no member \"bundle\""
        case .incomplete(let file, let found, let expected):
            "\(file): is cut off: \(found) requests and "
                + (expected.map { "a last line that counts \($0)" } ?? "no last line that counts them")
        }
    }
}

extension Bundle {
    /// Reads a bundle, or what was written of one before its recording was cut off: that has accounts between the
    /// exchanges, no last line, and perhaps half a line at its end.
    ///
    /// - Parameter file: The file's name, for messages.
    package init(_ text: [UInt8], file: String) throws(BundleError) {
        guard text.count <= Self.byteLimit else { throw .tooLarge(file: file, limit: Self.byteLimit) }
        var header: Header?
        var exchanges: [Exchange] = []
        var byHand: Int?
        var total: Int64?
        var number = 0
        var isPartial = false
        let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
        for line in lines {
            number += 1
            guard !line.isEmpty else { continue }
            let reader = LineReader(file: file, line: number)
            if header == nil {
                header = try reader.read(line) { (json) throws(BundleError) in
                    isPartial = json[key: "partial"]?.boolean ?? false
                    return try reader.header(json)
                }
                continue
            }
            // The text behind the last line feed, when it does not end with one.
            if isPartial, number == lines.count { continue }
            if isPartial,
                let account = try reader.read(
                    line,
                    { (json) throws(BundleError) in
                        try json[key: "account"].map { (json) throws(BundleError) in try reader.account(json) }
                    })
            {
                header?.accounts.append(account)
                continue
            }
            let (isByHand, end) = try reader.read(line) { json in
                (json[key: "by_hand"] != nil, json[key: "exchanges"]?.integer)
            }
            if isByHand {
                byHand = byHand ?? number
            } else if let end {
                total = end
            } else {
                var exchange = try reader.read(line) { (json) throws(BundleError) in try reader.exchange(json) }
                exchange.line = number
                exchanges.append(exchange)
            }
        }
        guard let header else { throw .empty(file: file) }
        guard isPartial && total == nil || total == Int64(exchanges.count) else {
            throw .incomplete(file: file, found: exchanges.count, expected: total.map { Int(clamping: $0) })
        }
        self.init(header: header, exchanges: exchanges, firstChangeByHand: byHand)
        self.isPartial = isPartial
    }
}

/// Reads the members of one line.
private struct LineReader {
    let file: String
    let line: Int

    /// Nanoseconds on the host's clock: 146 years.
    private static let instants: ClosedRange<Int64> = 0...AccountClock.latest.nanoseconds
    /// Nanoseconds since 1970, 73 years to either side.
    private static let wallTimes: ClosedRange<Int64> = -(1 << 61)...1 << 61

    func read<Value>(
        _ text: ArraySlice<UInt8>, _ body: (JSONValue) throws(BundleError) -> Value
    ) throws(BundleError) -> Value {
        switch try withJSON(Array(text), body) {
        case .success(let value): return value
        case .failure(let error): throw .notJSON(file: file, line: line, reason: error.description)
        }
    }

    func header(_ json: JSONValue) throws(BundleError) -> Bundle.Header {
        guard let format = json.member("bundle")?.string else { throw .notBundle(file: file) }
        guard format == Bundle.format else { throw .otherFormat(file: file, found: format) }
        var settings = EngineSettings()
        guard let seed = UInt64(try text(json, "seed")) else { throw bad("seed", "a number as text") }
        settings.seed = seed
        settings.profile = try word(json, "profile")
        settings.isStrict = try flag(json, "strict")
        settings.hostGate = try word(json, "host_gate")
        var hosts: [String] = []
        for host in try list(json, "accepted_hosts") { hosts.append(host.string ?? "") }
        settings.acceptedHosts = hosts
        settings.ownHost = try text(json, "own_host")
        if let factor = json[key: "pace"]?.number {
            guard EngineSettings.paces.contains(factor) else {
                throw bad("pace", "\"pleasant\" or \(EngineSettings.paceRule)")
            }
            settings.pace = .scaled(factor)
        } else if try text(json, "pace") == "pleasant" {
            settings.pace = .pleasant
        } else {
            throw bad("pace", "\"pleasant\" or \(EngineSettings.paceRule)")
        }
        guard let catalogue = UInt64(try text(json, "catalogue"), radix: 16) else { throw bad("catalogue", "a hash") }
        var scenarios: [Bundle.Source] = []
        for source in try list(json, "scenarios") {
            scenarios.append(Bundle.Source(name: try text(source, "name"), text: try bytes(source, "text")))
        }
        var accounts: [Bundle.AccountStart] = []
        for account in try list(json, "accounts") { accounts.append(try self.account(account)) }
        return Bundle.Header(
            version: try text(json, "version"), settings: settings, scenarios: scenarios,
            keepsClocks: try flag(json, "keeps_clocks"), catalogue: catalogue, accounts: accounts,
            isOpen: try flag(json, "open"), port: UInt16(try number(json, "port", 0...65_535)),
            wallAtZero: try number(json, "wall_at_zero", Self.wallTimes), hasFiles: try flag(json, "files"),
            seedGoesFirst: json[key: "seed_first"]?.boolean ?? false,
            origin: try json[key: "origin"].map { (json) throws(BundleError) in try origin(json) })
    }

    private func origin(_ json: JSONValue) throws(BundleError) -> Bundle.Origin {
        var arguments: [String] = []
        for argument in try list(json, "arguments") {
            guard let text = argument.string else { throw bad("arguments", "texts") }
            arguments.append(text)
        }
        return Bundle.Origin(try word(json, "program"), arguments)
    }

    func account(_ json: JSONValue) throws(BundleError) -> Bundle.AccountStart {
        Bundle.AccountStart(
            key: try bytes(json, "key"), credits: try number(json, "credits", 0...Ledger.limit),
            at: Instant(nanoseconds: json[key: "at"] == nil ? 0 : try number(json, "at", Self.instants)))
    }

    func exchange(_ json: JSONValue) throws(BundleError) -> Bundle.Exchange {
        var fields: [Bundle.Exchange.Field] = []
        for pair in try list(json, "fields") {
            let values = pair.elements.map { bytes(of: $0) }
            guard values.count == 2, let name = values[0], let value = values[1] else {
                throw bad("fields", "pairs of a name and a value")
            }
            fields.append(Bundle.Exchange.Field(name: name, value: value))
        }
        guard let hash = UInt64(try text(json, "hash"), radix: 16) else { throw bad("hash", "a hash") }
        let answer = json[key: "answer"] == nil ? nil : try bytes(json, "answer")
        var exchange = Bundle.Exchange(
            key: try bytes(json, "key"),
            request: Request(
                method: .get, target: try bytes(json, "target"),
                body: json[key: "body"] == nil ? [] : try bytes(json, "body")),
            at: Instant(nanoseconds: try number(json, "at", Self.instants)), answer: [])
        exchange.method = try text(json, "method")
        exchange.fields = fields
        exchange.isOnReusedConnection = json[key: "reused_connection"]?.boolean ?? false
        exchange.isTurnedAway = json[key: "turned_away"]?.boolean ?? false
        if json[key: "ended"] != nil {
            let instant = Instant(nanoseconds: try number(json, "ended", Self.instants))
            exchange.ended = Bundle.Ended(at: instant, try word(json, "end"))
        }
        exchange.answer = Bundle.Expected(
            hash: hash, count: Int(try number(json, "bytes", 0...(1 << 40))), bytes: answer)
        return exchange
    }

    private func bad(_ key: String, _ expected: String) -> BundleError {
        .badValue(file: file, line: line, key: key, expected: expected)
    }

    private func text(_ json: JSONValue, _ key: String) throws(BundleError) -> String {
        guard let text = json.member(key)?.string else { throw bad(key, "a text") }
        return text
    }

    private func flag(_ json: JSONValue, _ key: String) throws(BundleError) -> Bool {
        guard let flag = json.member(key)?.boolean else { throw bad(key, "true or false") }
        return flag
    }

    private func number(
        _ json: JSONValue, _ key: String, _ range: ClosedRange<Int64>
    ) throws(BundleError) -> Int64 {
        guard let number = json.member(key)?.integer, range.contains(number) else {
            throw bad(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private func list(_ json: JSONValue, _ key: String) throws(BundleError) -> JSONValue.Elements {
        guard let value = json.member(key), value.kind == .array else { throw bad(key, "a list") }
        return value.elements
    }

    private func word<Word: RawRepresentable & CaseIterable>(
        _ json: JSONValue, _ key: String
    ) throws(BundleError) -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: try text(json, key)) else {
            throw bad(key, "one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return word
    }

    private func bytes(_ json: JSONValue, _ key: String) throws(BundleError) -> [UInt8] {
        guard let bytes = json.member(key).flatMap(bytes(of:)) else { throw bad(key, "a text, or {\"base64\": …}") }
        return bytes
    }

    private func bytes(of json: JSONValue) -> [UInt8]? {
        if let utf8 = json.utf8 { return Array(utf8) }
        return json[key: "base64"]?.utf8.flatMap { Base64.decode(Array($0)) }
    }
}
