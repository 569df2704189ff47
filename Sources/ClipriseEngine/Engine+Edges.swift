internal import ClipriseCatalog
internal import ClipriseWire

/// What the workflow engine behind the service does at the edges of HTTP (contract, HTTP-4 and HTTP-5).
extension Engine {
    static let slashWarning = Warning(
        key: "path", problem: "ends with a slash, which the documented path does not", from: .assumed)

    /// Whether exactly one `Content-Type` says `application/json`; parameters do not count (RFC 9110 §8.3.1).
    static func saysJSON(_ fields: HeaderFields) -> Bool {
        let field = fields.find("content-type")
        guard field.count == 1 else { return false }
        if field.first.withUnsafeBufferPointer({ $0.equals("application/json") }) { return true }
        let type = field.first.prefix { $0 != UInt8(ascii: ";") }.drop { $0 == 0x20 || $0 == 0x09 }
        let expected: StaticString = "application/json"
        guard type.count >= expected.utf8CodeUnitCount else { return false }
        for (index, byte) in type.enumerated() {
            if index < expected.utf8CodeUnitCount {
                guard (byte &- 0x41 < 26 ? byte | 0x20 : byte) == expected.utf8Start[index] else { return false }
            } else {
                guard byte == 0x20 || byte == 0x09 else { return false }
            }
        }
        return true
    }

    /// A body that is not read as JSON has none of the fields that are required (GEN-5).
    func notJSON(_ request: Request) -> DecidedRefusal {
        let field = request.fields.find("content-type")
        let seen =
            switch field.count {
            case 0: "there is no Content-Type"
            case 1: "Content-Type is \"\(String(decoding: field.first.prefix(80), as: UTF8.self))\""
            default: "there are \(field.count) Content-Type fields"
            }
        return DecidedRefusal(
            decision: inEdition(
                Decision(
                    .applicationError("This field is required"),
                    DecisionEvent(
                        .generate, .gen5, credits: 0,
                        hint: "the body is not read as JSON: \(seen); send \"Content-Type: application/json\""))),
            meaning: BodyMeaning.of(request.body))
    }

    static func warned(_ result: Result<Order, DecidedRefusal>, _ warning: Warning) -> Result<Order, DecidedRefusal> {
        switch result {
        case .success(let order): return .success(order.warned(warning))
        case .failure(let refusal):
            var decision = refusal.decision
            decision.event.warnings.append(warning)
            return .failure(
                DecidedRefusal(decision: decision, meaning: refusal.meaning, bodyHash: refusal.bodyHash))
        }
    }
}
