internal import ClipriseWire

/// What one exchange said: the secrets are taken out when it is read.
struct KeptContent: Sendable {
    /// Of the event in the journal.
    let sequence: Int
    // The target, a line for each field and the body stand one behind the other in the text of its neighbours; there,
    // too, is the body of a short answer.
    private let start: Int
    private let targetEnd: Int
    private let fieldsEnd: Int
    private let bodyEnd: Int
    /// Bytes of the whole bodies.
    private let requestSize: Int
    private var answerSize = 0
    private let keepsRequestBody: Bool
    private var keepsAnswerBody = false
    /// The status of a short answer, and where its body begins; 0 for all others.
    private var (shortStatus, shortStart) = (0, 0)
    /// An answer that is not short, as much of it as is kept; nil when there is none yet.
    private var answer: ResponsePlan?

    /// Nearly all requests are shorter, in bytes.
    private static let usualLength = 2_048

    /// About how much memory it takes.
    private(set) var memory: Int

    /// - Parameter text: That of its neighbours, which it grows.
    init(_ sequence: Int, _ request: borrowing Request, to text: inout [UInt8], _ policy: BodyPolicy) {
        self.sequence = sequence
        let limit = text.count + BodyPolicy.headLimits.request
        start = text.count
        requestSize = request.body.count
        keepsRequestBody =
            policy == .all
            || requestSize > 0
                && (Self.isJSON(request.body[...])
                    || request.fields.first("content-type").map(Self.saysJSON) == true)
        if request.target.count <= BodyPolicy.headLimits.request {
            request.target.withUnsafeBufferPointer { text.append(contentsOf: $0) }
        } else {
            text.append(contentsOf: request.target.prefix(BodyPolicy.headLimits.request))
        }
        targetEnd = text.count
        request.fields.appendLines(to: &text, limit: limit)
        fieldsEnd = text.count
        let bodyLength = keepsRequestBody ? min(requestSize, policy.limits.request) : 0
        if bodyLength > 0 { text.append(contentsOf: request.body[..<bodyLength]) }
        bodyEnd = text.count
        memory = MemoryLayout<KeptContent>.stride + bodyEnd - start
        // The next is often as long.
        text.prefetchEnd(min(bodyEnd - start, Self.usualLength))
    }

    /// - Parameters:
    ///   - text: That of its neighbours, which it grows.
    ///   - keepsBody: False for an answer that carries a file.
    mutating func add(
        _ plan: ResponsePlan, to text: inout [UInt8], _ policy: BodyPolicy, keepsBody: Bool = true
    ) {
        guard answer == nil, shortStatus == 0 else { return }
        let limit = policy.limits.answer
        answerSize = plan.byteCount
        if keepsBody, plan.isJSON, answerSize <= min(limit, Self.shortAnswer), !plan.hasFields, plan.date == nil,
            case .plain(let body) = plan.body
        {
            // Most answers. What holds one would keep its memory from the next, which then waits for other memory.
            (shortStatus, shortStart, keepsAnswerBody) = (plan.status, text.count, true)
            text.append(contentsOf: body)
            memory += answerSize
            return
        }
        if keepsBody, plan.isPlain, plan.isJSON, answerSize <= limit {
            (answer, keepsAnswerBody) = (plan, true)
            memory += Self.planMemory + answerSize + (plan.hasFields ? plan.fieldLength : 0)
            return
        }
        var (kept, length) = (plan, answerSize)
        if !keepsBody || answerSize > limit || !plan.isPlain {
            let body = keepsBody ? plan.firstBytes(limit) : []
            kept = ResponsePlan(
                status: plan.status, contentType: plan.contentType, fields: plan.fields, body: .plain(body))
            length = body.count
        }
        keepsAnswerBody = keepsBody && (policy == .all || kept.isJSON || Self.isJSON(kept.firstBytes(limit)[...]))
        if !keepsAnswerBody, length > 0 {
            kept.body = .plain([])
            length = 0
        }
        answer = kept
        memory += Self.planMemory + length + (kept.hasFields ? kept.fieldLength : 0)
    }

    /// What a plan takes beside its body and its fields: two pieces of memory, and what leads to them.
    private static let planMemory = 128

    /// Bytes of the body of a short answer, at most.
    private static let shortAnswer = 512

    /// Whether a body begins as JSON objects and arrays do.
    private static func isJSON(_ body: ArraySlice<UInt8>) -> Bool {
        let first = body.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }

    private static func saysJSON(_ type: ArraySlice<UInt8>) -> Bool {
        String(decoding: type, as: UTF8.self).lowercased().contains("json")
    }

    // MARK: Reading

    /// - Parameter text: That of its neighbours.
    func content(in text: [UInt8], _ mask: SecretMask) -> ExchangeContent {
        ExchangeContent(
            target: String(decoding: mask.masked(Array(text[start..<targetEnd])), as: UTF8.self),
            request: ExchangeContent.Message(
                fields: fields(text[targetEnd..<fieldsEnd], mask),
                body: body(requestSize, keepsRequestBody ? text[fieldsEnd..<bodyEnd] : nil, mask)),
            response: (answer ?? shortAnswer(in: text)).map { answer in
                ExchangeContent.Message(
                    fields: fields(answer, mask),
                    body: body(answerSize, keepsAnswerBody ? answer.firstBytes(.max)[...] : nil, mask))
            })
    }

    private func shortAnswer(in text: [UInt8]) -> ResponsePlan? {
        guard shortStatus > 0 else { return nil }
        return ResponsePlan(
            status: shortStatus, contentType: .json, body: .plain(Array(text[shortStart..<(shortStart + answerSize)])))
    }

    private func fields(_ lines: ArraySlice<UInt8>, _ mask: SecretMask) -> [ExchangeContent.Field] {
        HeaderFields.lines(lines).map { field in
            Self.field(
                String(decoding: field.name, as: UTF8.self), String(decoding: field.value, as: UTF8.self), mask)
        }
    }

    private func fields(_ answer: ResponsePlan, _ mask: SecretMask) -> [ExchangeContent.Field] {
        var all = answer.contentType.map { [ResponsePlan.Field("Content-Type", $0.text)] } ?? []
        all += answer.fields
        var (fields, rest): ([ExchangeContent.Field], Int) = ([], BodyPolicy.headLimits.answer)
        for field in all where field.name.utf8.count + field.value.utf8.count + 3 <= rest {
            rest -= field.name.utf8.count + field.value.utf8.count + 3
            fields.append(Self.field(field.name, field.value, mask))
        }
        return fields
    }

    private static func field(_ name: String, _ value: String, _ mask: SecretMask) -> ExchangeContent.Field {
        ExchangeContent.Field(mask.masked(name), mask.masked(field: name, value))
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
    fileprivate var isJSON: Bool { if case .json? = contentType { true } else { false } }

    /// Bytes of all names and values.
    fileprivate var fieldLength: Int {
        fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + MemoryLayout<Field>.stride }
    }

    /// The bytes of the body to send, as many of them as `limit` allows.
    fileprivate func firstBytes(_ limit: Int) -> [UInt8] {
        switch body {
        case .plain(let bytes): return bytes.count <= limit ? bytes : Array(bytes[..<limit])
        case .steps(_, let steps):
            var bytes: [UInt8] = []
            for step in steps {
                switch step {
                case .send(let piece), .drip(let piece, _, _): bytes += piece.prefix(limit - bytes.count)
                case .pause, .hold, .abort: continue
                }
            }
            return bytes
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
