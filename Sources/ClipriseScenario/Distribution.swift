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
            .init(
                "uniform", in: "a uniform distribution", uniform, "Every length from the first to the second alike.",
                { .uniform($0[0], $0[1]) }
            ) { if case .uniform(let from, let to) = $0 { [from, to] } else { nil } },
            .init(
                "lognormal", in: "a lognormal distribution", lognormal,
                "Most draws near the median, a few far above it.",
                { .lognormal(median: $0.median, sigma: $0.sigma, cap: $0.cap) }
            ) { if case .lognormal(let median, let sigma, let cap) = $0 { (median, sigma, cap) } else { nil } },
            .init(
                "exponential", in: "an exponential distribution", exponential,
                "The pauses of a memoryless source.", { .exponential(mean: $0.mean, cap: $0.cap) }
            ) { if case .exponential(let mean, let cap) = $0 { (mean, cap) } else { nil } },
        ],
        scalar: span.map(Distribution.fixed) { if case .fixed(let span) = $0 { span } else { nil } }
    ).form.named("distribution")

    private static let uniform = Form<[TimeSpan]>.list(span, count: 2...2).checked {
        $0[0] > $0[1] ? "the first length must not exceed the second" : nil
    }

    private static let lognormal = Form<(median: TimeSpan, sigma: Double, cap: TimeSpan?)>.record(
        "lognormal", (.zero, 0, nil)
    ) { draws, fields in
        fields.required("median", &draws.median, positiveSpan, "Half of all draws are below it.")
        fields.required("sigma", &draws.sigma, number(0...10, "a spread"), "The spread of the logarithm.")
        fields.optional("cap", &draws.cap, positiveSpan, "No draw exceeds it.")
    }

    private static let exponential = Form<(mean: TimeSpan, cap: TimeSpan?)>.record(
        "exponential", (.zero, nil)
    ) { draws, fields in
        fields.required("mean", &draws.mean, positiveSpan, "The mean of all draws.")
        fields.optional("cap", &draws.cap, positiveSpan, "No draw exceeds it.")
    }
}
