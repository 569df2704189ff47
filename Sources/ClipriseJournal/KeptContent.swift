internal import ClipriseWire

/// What one exchange said, in one piece of memory: the secrets are taken out when it is read.
struct KeptContent: Sendable {
    /// Of the event in the journal.
    let sequence: Int
    /// The target, a line for each field, the body; then the answer's fields and its body.
    private var bytes: [UInt8] = []
    private var targetEnd = 0
    private var fieldsEnd = 0
    private var bodyEnd = 0
    private var answerFieldsEnd = 0
    /// Bytes of the whole bodies.
    private var requestSize = 0
    private var answerSize = 0
    private var keepsRequestBody = false
    private var keepsAnswerBody = false
    private var hasAnswer = false

    /// About how much memory it takes.
    var memory: Int { bytes.capacity + MemoryLayout<KeptContent>.stride + 32 }

    init(_ sequence: Int, _ request: borrowing Request, _ answer: ResponsePlan?, _ policy: BodyPolicy) {
        self.sequence = sequence
        let heads = BodyPolicy.headLimits
        requestSize = request.body.count
        keepsRequestBody =
            policy == .all || Self.isJSON(request.body[...])
            || requestSize > 0 && request.fields.first("content-type").map(Self.saysJSON) == true
        let bodyLength = keepsRequestBody ? min(requestSize, policy.limits.request) : 0
        // One piece of memory of the right size: a copy is all that this costs a request.
        bytes.reserveCapacity(
            min(request.target.count + request.fields.lineLength, heads.request) + bodyLength
                + (answer.map { 64 + min($0.bodyLength, policy.limits.answer) } ?? 0))
        bytes.append(contentsOf: request.target.prefix(heads.request))
        targetEnd = bytes.count
        request.fields.appendLines(to: &bytes, limit: heads.request)
        fieldsEnd = bytes.count
        if bodyLength > 0 { bytes.append(contentsOf: request.body.prefix(bodyLength)) }
        bodyEnd = bytes.count
        answerFieldsEnd = bytes.count
        if let answer { add(answer, policy) }
    }

    /// - Parameter keepsBody: False for an answer that carries a file.
    mutating func add(_ answer: ResponsePlan, _ policy: BodyPolicy, keepsBody: Bool = true) {
        guard !hasAnswer else { return }
        hasAnswer = true
        let limit = bytes.count + BodyPolicy.headLimits.answer
        if answer.contentType == .json {
            bytes.append(literal: "Content-Type: application/json; charset=utf-8\n")
        } else if let type = answer.contentType {
            append("Content-Type", type.text, limit)
        }
        for field in answer.fields { append(field.name, field.value, limit) }
        answerFieldsEnd = bytes.count
        answerSize = answer.bodyLength
        guard keepsBody else { return }
        var rest = policy.limits.answer
        switch answer.body {
        case .plain(let piece): append(piece[...], &rest)
        case .steps(_, let steps):
            for step in steps {
                switch step {
                case .send(let piece), .drip(let piece, _, _): append(piece[...], &rest)
                case .pause, .hold, .abort: continue
                }
            }
        }
        keepsAnswerBody = policy == .all || answer.contentType == .json || Self.isJSON(bytes[answerFieldsEnd...])
        if !keepsAnswerBody { bytes.removeSubrange(answerFieldsEnd...) }
    }

    private mutating func append(_ piece: ArraySlice<UInt8>, _ rest: inout Int) {
        bytes.append(contentsOf: piece.prefix(rest))
        rest -= min(rest, piece.count)
    }

    private mutating func append(_ name: String, _ value: String, _ limit: Int) {
        guard bytes.count + name.utf8.count + value.utf8.count + 3 <= limit else { return }
        bytes.append(contentsOf: name.utf8)
        bytes.append(literal: ": ")
        bytes.append(contentsOf: value.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Whether a body begins as JSON objects and arrays do.
    private static func isJSON(_ body: ArraySlice<UInt8>) -> Bool {
        let first = body.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }

    private static func saysJSON(_ type: ArraySlice<UInt8>) -> Bool {
        String(decoding: type, as: UTF8.self).lowercased().contains("json")
    }

    // MARK: Reading

    func content(_ mask: SecretMask) -> ExchangeContent {
        ExchangeContent(
            target: String(decoding: mask.masked(Array(bytes[..<targetEnd])), as: UTF8.self),
            request: ExchangeContent.Message(
                fields: fields(bytes[targetEnd..<fieldsEnd], mask),
                body: body(requestSize, keepsRequestBody ? bytes[fieldsEnd..<bodyEnd] : nil, mask)),
            response: hasAnswer
                ? ExchangeContent.Message(
                    fields: fields(bytes[bodyEnd..<answerFieldsEnd], mask),
                    body: body(answerSize, keepsAnswerBody ? bytes[answerFieldsEnd...] : nil, mask)) : nil)
    }

    private func fields(_ lines: ArraySlice<UInt8>, _ mask: SecretMask) -> [ExchangeContent.Field] {
        HeaderFields.lines(lines).map { field in
            let name = String(decoding: field.name, as: UTF8.self)
            let value = String(decoding: field.value, as: UTF8.self)
            return ExchangeContent.Field(mask.masked(name), mask.masked(field: name, value))
        }
    }

    private func body(_ size: Int, _ kept: ArraySlice<UInt8>?, _ mask: SecretMask) -> ExchangeContent.Body {
        guard let kept, size > 0 else { return ExchangeContent.Body(size: size) }
        let isCut = kept.count < size
        var bytes = mask.masked(Array(kept), isCut: isCut)
        if isCut { bytes.removeLast(bytes.unfinishedScalar) }
        return ExchangeContent.Body(size: size, bytes: bytes, isCut: isCut)
    }
}

extension ResponsePlan {
    /// Bytes of the body that are to be sent.
    fileprivate var bodyLength: Int {
        switch body {
        case .plain(let bytes): bytes.count
        case .steps(_, let steps):
            steps.reduce(0) { sum, step in
                switch step {
                case .send(let bytes), .drip(let bytes, _, _): sum + bytes.count
                case .pause, .hold, .abort: sum
                }
            }
        }
    }
}

extension [UInt8] {
    /// How many bytes at the end begin a scalar of UTF-8 that is not finished there.
    fileprivate var unfinishedScalar: Int {
        for back in 1...3 where back <= count {
            let byte = self[count - back]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > back ? back : 0
        }
        return 0
    }
}
