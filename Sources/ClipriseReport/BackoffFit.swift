internal import ClipriseScenario
public import ClipriseWire

/// The backoff that explains a client's waits best.
///
/// The wait after the i-th failure in a row (0-based) is drawn from a part of d(i) = min(cap, base × factor^i),
/// min(cap, base × (i + 1)) or min(cap, base × Fibonacci(i + 1)), or from d(i) to a fixed span more; with decorrelated
/// jitter from base to three times the wait before. Of all candidates that allow every wait, the one with the greatest
/// likelihood is taken.
public struct BackoffFit: Sendable, Hashable {
    public enum Jitter: String, Sendable, Hashable, CaseIterable {
        /// d, exactly.
        case none
        /// 0 to d.
        case full
        /// d / 2 to d.
        case equal
        /// d to 1.5 × d, as Polly 8 draws for constant and linear delays.
        case scaled
        /// A part of d less to as much more, as gRPC draws ± 20 %.
        case around
        /// d to d and a fixed span, as Google's services ask for: d and 0 to 1 s.
        case added
        case decorrelated

        /// The part of d that is drawn from, where it is the same for all that draw so.
        var range: (low: Double, high: Double) {
            switch self {
            case .none, .around, .added: (1, 1)
            case .full, .decorrelated: (0, 1)
            case .equal: (0.5, 1)
            case .scaled: (1, 1.5)
            }
        }

        /// Whether anybody publishes waits that grow and are drawn so.
        func isPublished(with growth: Growth) -> Bool {
            switch (self, growth) {
            case (.none, _), (.full, .exponential), (.full, .linear), (.equal, .exponential), (.equal, .linear): true
            case (.scaled, .linear), (.around, .exponential), (.around, .fibonacci), (.added, .exponential): true
            // It is drawn as ± 20 % of another base are, which for waits that double or so are far more usual.
            case (.scaled, .exponential(let factor)): factor == 1
            default: false
            }
        }
    }

    public enum Growth: Sendable, Hashable {
        case exponential(factor: Double)
        case linear
        /// 1, 1, 2, 3, 5, 8 times the base.
        case fibonacci

        /// How many times the base the heights are, from the first to that of `last`.
        func multiples(to last: Int) -> [Double] {
            var multiples = [1.0]
            while multiples.count <= last {
                let (count, top) = (multiples.count, multiples[multiples.count - 1])
                switch self {
                case .exponential(let factor): multiples.append(top * factor)
                case .linear: multiples.append(Double(count + 1))
                case .fibonacci: multiples.append(count < 2 ? 1 : top + multiples[count - 2])
                }
            }
            return multiples
        }

        var isGrowing: Bool { self != .exponential(factor: 1) }

        /// Whether people write this one into their programs.
        var isUsual: Bool {
            switch self {
            case .exponential(let factor): [1, 1.5, 2, 3].contains(factor)
            case .linear, .fibonacci: true
            }
        }
    }

    /// The fewest waits that are fitted; fewer explain anything.
    public static let fewest = 5
    /// What the way to the server and the timers of the client may add to a wait, in seconds and as a part of it.
    static let noise = (seconds: 0.015, part: 0.03)

    public var jitter: Jitter
    public var growth: Growth
    public var base: TimeSpan
    /// Nil when no wait reached it.
    public var cap: TimeSpan?
    public var samples: Int
    /// In natural logarithms; only differences mean something.
    var likelihood: Double
    /// Where each number lies, in 19 of 20 cases and whatever the others are; nil where that is not known.
    public internal(set) var spread: FitSpread?
    /// With `around`, how far waits lie from d at most, as a part of it: 0.2 for ± 20 %.
    public internal(set) var part: Double?
    /// Whether that part is one of those that are published.
    var isPartUsual = false
    /// With `added`, what is added to d at most.
    public internal(set) var added: TimeSpan?
    /// Whether the first retry comes at once; the base is the wait behind it.
    public internal(set) var isFirstAtOnce = false

    /// The best explanation of another kind, where the waits do not tell the two apart; empty for none.
    var rival: [BackoffFit] = []

    /// What explains the waits nearly as well and means something else: other jitter, or another growth.
    public var other: BackoffFit? { rival.first }

    /// The factor of an exponential backoff; nil for one that grows otherwise, and 3 for decorrelated jitter.
    public var factor: Double? {
        guard jitter != .decorrelated else { return 3 }
        if case .exponential(let factor) = growth { return factor }
        return nil
    }

    /// What must hold of a candidate.
    struct Limits {
        var jitters = Jitter.allCases
        var growths: [Growth] = [1, 1.5, 2, 3, 4].map { .exponential(factor: $0) } + [.linear, .fibonacci]
        /// Whether factors between those are looked for too.
        var areFactorsOpen = true
        /// Whether only what is published is looked for, a first retry that comes at once among it; else each jitter with
        /// each growth.
        var isPublished = true
        /// In seconds.
        var base: Double?
        var cap: Double?
        /// How many times the base the longest wait must be, jitter aside.
        var leastRise = 1.0

        init() {}

        /// All that can be demanded: what is compared with a demand, so that a shape that nobody can ask for neither
        /// meets it nor speaks against it.
        static let demandable: Self = {
            var limits = Self()
            limits.jitters.removeAll { $0 == .around || $0 == .added }
            limits.growths.removeAll { $0 == .fibonacci }
            limits.isPublished = false
            return limits
        }()

        init(_ expected: ClientProperty.Backoff) {
            self = Self.demandable
            switch expected.jitter {
            case .any: break
            case .none: jitters = [.none]
            case .full: jitters = [.full]
            case .equal: jitters = [.equal]
            case .decorrelated: jitters = [.decorrelated]
            }
            if let factor = expected.factor {
                growths = [.exponential(factor: factor)]
                areFactorsOpen = false
            }
            base = expected.base.map { Double($0.nanoseconds) / 1e9 }
            cap = expected.cap.map { Double($0.nanoseconds) / 1e9 }
        }

        /// All that is published and grows as is demanded.
        init(growthOf expected: ClientProperty.Backoff) {
            guard let factor = expected.factor else { return }
            growths = [.exponential(factor: factor)]
            areFactorsOpen = false
        }
    }
}

extension TimeSpan {
    /// The nearest whole nanosecond; what is beyond the end of time stays there.
    init(seconds: Double) {
        let value = (seconds * 1e9).rounded()
        self.init(nanoseconds: value >= 9.2e18 ? .max : value <= -9.2e18 ? .min : Int64(value))
    }
}
