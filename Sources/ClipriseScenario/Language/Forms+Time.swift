internal import ClipriseWire

extension Forms {
    static let distribution = Choice<Distribution>(
        what: "a length of time",
        keyed: [
            .init("uniform", uniform), .init("lognormal", lognormal), .init("exponential", exponential),
        ],
        scalar: span.map(Distribution.fixed)
    ).form.named("distribution")

    private static let uniform = Form<Distribution>.object("a uniform distribution") { fields in
        let bounds = fields.required(
            "uniform", .list(span, count: 2...2), "Every length from the first to the second alike.")
        guard let bounds, bounds.count == 2 else { return nil }
        if bounds[0] > bounds[1] {
            fields.fail("the first length must not exceed the second", atValueOf: "uniform")
        }
        return .uniform(bounds[0], bounds[1])
    }

    private static let lognormal = Form<Distribution>.object("a lognormal distribution") { fields in
        let parameters = Form<Distribution>.object("lognormal") { fields in
            let median = fields.required("median", positiveSpan, "Half of all draws are below it.")
            let sigma = fields.required("sigma", number(0...10, "a spread"), "The spread of the logarithm.")
            let cap = fields.optional("cap", positiveSpan, "No draw exceeds it.")
            guard let median, let sigma else { return nil }
            return .lognormal(median: median, sigma: sigma, cap: cap)
        }
        return fields.required("lognormal", parameters, "Most draws near the median, a few far above it.")
    }

    private static let exponential = Form<Distribution>.object("an exponential distribution") { fields in
        let parameters = Form<Distribution>.object("exponential") { fields in
            let mean = fields.required("mean", positiveSpan, "The mean of all draws.")
            let cap = fields.optional("cap", positiveSpan, "No draw exceeds it.")
            return mean.map { .exponential(mean: $0, cap: cap) }
        }
        return fields.required("exponential", parameters, "The pauses of a memoryless source.")
    }

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
    ).form.named("range")

    static let window = Form<Window>.object("a window of time") { fields in
        let from = fields.optional("from", span, "When it starts, counted from the account's start; 0s by default.")
        let length = fields.required("for", positiveSpan, "How long it lasts.")
        return length.map { Window(from: from ?? .zero, length: $0) }
    }.named("window")
}
