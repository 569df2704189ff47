public import ClipriseWire

/// A length of time that may be drawn.
public enum Distribution: Sendable, Hashable {
    case fixed(TimeSpan)
    /// Every length from the first to the second alike.
    case uniform(TimeSpan, TimeSpan)
    /// Half of all draws are below `median`; `sigma` is the spread of the logarithm; no draw exceeds `cap`.
    case lognormal(median: TimeSpan, sigma: Double, cap: TimeSpan?)
    case exponential(mean: TimeSpan, cap: TimeSpan?)
}

// MARK: As written

extension Forms {
    static let distribution = Choice<Distribution>(
        what: "a length of time",
        keyed: [
            .init("uniform", uniform), .init("lognormal", lognormal), .init("exponential", exponential),
        ],
        scalar: span.map(Distribution.fixed)
    ).form.named("distribution").writing { distribution in
        switch distribution {
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
}
