extension Forms {
    /// `3`, `{from: 2, to: 5}`, `{at_least: 2}` or `{at_most: 5}`.
    static let range = Choice<ClosedRange<Int>>(
        what: "a number or a range",
        object: .object("a range") { fields in
            let from = fields.optional("from", ordinal, "The first, counted from 1.")
            let to = fields.optional("to", ordinal, "The last.")
            let atLeast = fields.optional("at_least", ordinal, "This one and all later ones.")
            let atMost = fields.optional("at_most", ordinal, "All up to this one.")
            fields.exactlyOne(of: ["from", "at_least", "at_most"])
            fields.companions([("to", ["from"])])
            if let atLeast { return atLeast...Int.max }
            if let atMost { return 1...atMost }
            guard let from else { return nil }
            if let to, to < from {
                fields.fail("the last must not stand before the first", atValueOf: "to")
                return nil
            }
            return from...(to ?? Int.max)
        },
        scalar: ordinal.map { $0...$0 }
    ).form.named("range").writing { range in
        if range.lowerBound == range.upperBound { return "\(range.lowerBound)" }
        if range.upperBound == .max { return JSONFragment.object("at_least", "\(range.lowerBound)") }
        return JSONFragment.object([("from", "\(range.lowerBound)"), ("to", "\(range.upperBound)")])
    }
}
