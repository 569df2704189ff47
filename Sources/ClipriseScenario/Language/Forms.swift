package import ClipriseWire

/// The forms that the language is made of.
///
/// This file: single values.
package enum Forms {
    static func text(_ what: String, limit: Int) -> Form<String> {
        .scalar(
            "\(what), a text of 1 to \(limit) characters",
            schema: .object([
                ("type", .text("string")), ("minLength", .literal("1")), ("maxLength", .literal("\(limit)")),
            ])
        ) { content in
            guard case .text(let text) = content, !text.isEmpty, text.unicodeScalars.count <= limit else { return nil }
            return text
        }.writing(JSONFragment.text)
    }

    package static let name = text("a name", limit: 200)
    static let prompt = text("a part of a prompt", limit: 5000)
    static let glob = text("a pattern such as \"veo-*\"", limit: 200).named("pattern").map(Glob.init, back: \.pattern)

    package static func integer<Number: FixedWidthInteger & Sendable>(
        _ range: ClosedRange<Number>, _ what: String = "a whole number"
    ) -> Form<Number> {
        .scalar(
            "\(what) from \(range.lowerBound) to \(range.upperBound)",
            schema: .object([
                ("type", .text("integer")), ("minimum", .literal("\(range.lowerBound)")),
                ("maximum", .literal("\(range.upperBound)")),
            ])
        ) { content in
            guard case .number(let digits) = content, let number = Number(digits), range.contains(number) else {
                return nil
            }
            return number
        }.writing { "\($0)" }
    }

    /// How often something happens, or which one of many: 1 to a billion.
    static let ordinal = integer(1...ordinalLimit)
    static let ordinalLimit = 1_000_000_000
    static let credits = integer(0...1_000_000_000_000 as ClosedRange<Int64>, "credits, a whole number")

    package static func number(_ range: ClosedRange<Double>, _ what: String) -> Form<Double> {
        .scalar(
            "\(what), a number from \(JSONFragment.number(range.lowerBound)) to \(JSONFragment.number(range.upperBound))",
            schema: .object([
                ("type", .text("number")), ("minimum", .literal(JSONFragment.number(range.lowerBound))),
                ("maximum", .literal(JSONFragment.number(range.upperBound))),
            ])
        ) { content in
            guard case .number(let digits) = content, let number = Double(digits), range.contains(number) else {
                return nil
            }
            return number
        }.writing(JSONFragment.number)
    }

    static let probability = number(0...1, "a probability")

    package static let boolean = Form<Bool>.scalar("true or false", schema: .object([("type", .text("boolean"))])) {
        content in
        guard case .boolean(let value) = content else { return nil }
        return value
    }.writing { "\($0)" }

    package static func word<Word: RawRepresentable<String> & CaseIterable & Sendable & Hashable>(
        _ what: String, _: Word.Type
    ) -> Form<Word> {
        Choice(what: what, words: Word.allCases.map { .init($0.rawValue, $0) }).form
    }

    package static let span = united(
        "a length of time with its unit, such as 250ms, 3s, 1m30s or 1h, at most 8760h", TimeSpan.textPattern,
        { TimeSpan(text: $0) }
    ).named("duration").writing(JSONFragment.span)
    package static let positiveSpan = span.checked { $0 > .zero ? nil : "a length of time above zero belongs here" }

    static let size = Choice<Int>(
        what: "a number of bytes",
        scalar: Form(
            schema: .any(of: [integer(0...Units.largest).schema, .pattern(Units.sizePattern)])
        ) { node, findings in
            if case .text(let text) = node.content, let size = Units.size(text) { return size }
            if case .number(let digits) = node.content, let size = Int(digits), (0...Units.largest).contains(size) {
                return size
            }
            findings.unexpected(node, expected: "a number of bytes, such as 5, 512B, 10KB or 64KiB, at most 1GiB")
            return nil
        }
    ).form.named("size").writing { "\($0)" }

    static let speed = united("a speed with its unit, such as 10KiB/s, at most 1GiB/s", Units.speedPattern, Units.speed)
        .named("speed").checked { $0 > 0 ? nil : "a speed above zero belongs here" }
        .writing { JSONFragment.text("\($0)B/s") }

    private static func united<Value: Sendable>(
        _ expected: String, _ pattern: String, _ parse: @escaping @Sendable (String) -> Value?
    ) -> Form<Value> {
        .scalar(expected, schema: .pattern(pattern)) { content in
            guard case .text(let text) = content else { return nil }
            return parse(text)
        }
    }
}
