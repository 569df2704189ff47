public struct Truncation: Sendable, Hashable {
    public enum Point: Sendable, Hashable {
        /// After this many bytes of the body.
        case bytes(Int)
        /// After this part of the body, 0–1.
        case fraction(Double)
    }

    public var at: Point
    /// Whether `Content-Length` reports the bytes that are sent rather than those that there should be.
    public var isHonest: Bool

    public init(at: Point, isHonest: Bool = false) {
        self.at = at
        self.isHonest = isHonest
    }
}

// MARK: As written

extension Forms {
    static let truncation = Choice<Truncation>(
        what: "where the body ends",
        object: honestTruncation,
        scalar: point.map({ Truncation(at: $0) }, back: { $0.isHonest ? nil : $0.at })
    ).form.named("truncation")

    private static let honestTruncation = Form<Truncation>.record("truncate", Truncation(at: .bytes(0))) {
        truncation, fields in
        fields.required("at", &truncation.at, point, "Bytes, or a part of the body such as 50%.")
        fields.optional(
            "honest", &truncation.isHonest, boolean, "Whether Content-Length reports the bytes that are sent.")
    }

    private static let point = Form<Truncation.Point>(
        schema: .any(of: [size.schema, .pattern(Units.percentPattern)])
    ) { node, findings in
        if case .text(let text) = node.content {
            if let part = Units.percent(text) { return .fraction(part) }
            if let size = Units.size(text) { return .bytes(size) }
        }
        if case .number(let digits) = node.content, let bytes = Int(digits), (0...Units.largest).contains(bytes) {
            return .bytes(bytes)
        }
        findings.unexpected(node, expected: "a number of bytes, such as 5 or 64KiB, or a part of the body such as 50%")
        return nil
    }.writing { point in
        switch point {
        case .bytes(let bytes): "\(bytes)"
        case .fraction(let part): JSONFragment.text(Units.percentText(part))
        }
    }
}
