internal import ClipriseWire

/// Pieces of compact JSON.
enum JSONFragment {
    /// An object of the members that have a value, in their order.
    static func object(_ members: [(key: String, value: String?)]) -> String {
        let pairs = members.compactMap { member in member.value.map { "\(text(member.key)):\($0)" } }
        return "{\(pairs.joined(separator: ","))}"
    }

    static func object(_ key: String, _ value: String) -> String {
        object([(key, value)])
    }

    static func list(_ elements: [String]) -> String {
        "[\(elements.joined(separator: ","))]"
    }

    static func text(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.append(jsonString: text)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func span(_ span: TimeSpan) -> String {
        text(Units.text(span))
    }

    /// Shortest digits that read back to the same number.
    static func number(_ number: Double) -> String {
        Forms.short(number)
    }
}

extension Distribution {
    /// As the language writes it, in JSON.
    var json: String {
        switch self {
        case .fixed(let span): JSONFragment.span(span)
        case .uniform(let from, let to):
            JSONFragment.object("uniform", JSONFragment.list([JSONFragment.span(from), JSONFragment.span(to)]))
        case .lognormal(let median, let sigma, let cap):
            JSONFragment.object(
                "lognormal",
                JSONFragment.object([
                    ("median", JSONFragment.span(median)), ("sigma", JSONFragment.number(sigma)),
                    ("cap", cap.map(JSONFragment.span)),
                ]))
        case .exponential(let mean, let cap):
            JSONFragment.object(
                "exponential",
                JSONFragment.object([("mean", JSONFragment.span(mean)), ("cap", cap.map(JSONFragment.span))]))
        }
    }
}
