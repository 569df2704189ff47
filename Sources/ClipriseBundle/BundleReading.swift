internal import ClipriseForm
internal import ClipriseJSON
internal import ClipriseWire

/// Why a bundle cannot be read; lines are 1-based.
package enum BundleError: Error, Sendable, Hashable {
    case empty(file: String)
    case tooLarge(file: String, limit: Int)
    case notJSON(file: String, line: Int, reason: String)
    case badValue(file: String, line: Int, key: String, expected: String)
    case otherFormat(file: String, found: String)
    case notBundle(file: String)
    /// Lines are missing: the last one is not there, or reports another number.
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
            "\(file): is cut off: \(DecimalText.count(found, "request")) and "
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
        var first: BundleHeader?
        var bundle = Bundle(header: Header(), exchanges: [])
        var total: Int64?
        let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.isEmpty {
            let number = index + 1
            guard let head = first else {
                let read = try BundleLine.header(line, file)
                first = read
                bundle.header = read.header
                continue
            }
            // The text behind the last line feed, when it does not end with one.
            if head.isPartial, number == lines.count { continue }
            switch try BundleLine(line, file, number, isPartial: head.isPartial) {
            case .account(let account): bundle.header.accounts.append(account)
            case .byHand: bundle.firstChangeByHand = bundle.firstChangeByHand ?? number
            case .end(let count): total = count
            case .exchange(var exchange):
                exchange.line = number
                bundle.exchanges.append(exchange)
            }
        }
        guard let first else { throw .empty(file: file) }
        let found = bundle.exchanges.count
        guard first.isPartial && total == nil || total == Int64(found) else {
            throw .incomplete(file: file, found: found, expected: total.map { Int(clamping: $0) })
        }
        self = bundle
        isPartial = first.isPartial
    }
}

/// A line behind the first.
private enum BundleLine {
    case account(Bundle.AccountStart)
    case byHand
    case end(Int64)
    case exchange(Bundle.Exchange)

    init(_ text: ArraySlice<UInt8>, _ file: String, _ number: Int, isPartial: Bool) throws(BundleError) {
        self = try Self.read(text, file, number) { (json) throws(RecordError) in
            var reader = try RecordReader(json, .open)
            if isPartial, reader.has("account", false) {
                var account = Bundle.AccountStart.blank
                try reader.record("account", &account)
                return .account(account)
            }
            if reader.has("by_hand", false) { return .byHand }
            if let count = json[key: "exchanges"]?.integer { return .end(count) }
            var exchange = Bundle.Exchange.blank
            try reader.read(&exchange)
            return .exchange(exchange)
        }
    }

    static func header(_ text: ArraySlice<UInt8>, _ file: String) throws(BundleError) -> BundleHeader {
        let format = try read(text, file, 1) { json in json.member("bundle")?.string }
        guard let format else { throw .notBundle(file: file) }
        guard format == Bundle.format else { throw .otherFormat(file: file, found: format) }
        return try read(text, file, 1) { (json) throws(RecordError) in
            try BundleHeader(json, .open)
        }
    }

    private static func read<Value>(
        _ text: ArraySlice<UInt8>, _ file: String, _ number: Int,
        _ body: (JSONValue) throws(RecordError) -> Value
    ) throws(BundleError) -> Value {
        let line = Array(text)
        let result: Result<Value, JSONError>
        do throws(RecordError) {
            result = try withJSON(line, body)
        } catch {
            let (key, expected) = error.inBundle
            throw .badValue(file: file, line: number, key: key, expected: expected)
        }
        switch result {
        case .success(let value): return value
        case .failure(let error): throw .notJSON(file: file, line: number, reason: error.cause(in: line))
        }
    }
}

extension RecordError {
    /// The last key, and what its value must be.
    fileprivate var inBundle: (key: String, expected: String) {
        var name: String?
        for case .key(let key) in path { name = key }
        let expected =
            switch reason {
            case .integer(let range, found: _): Reason.integer(range, found: range.lowerBound).expectation()
            case .number(.decimal): "a number as text"
            case .number(.hexadecimal): "a hash"
            default: reason.expectation((text: "a text", array: "a list"))
            }
        return (name ?? "the line", expected)
    }
}
