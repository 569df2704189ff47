internal import ClipriseJournal
public import ClipriseScenario

/// What is said of one expectation or property.
public struct Verdict: Sendable, Hashable {
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        case pass, fail
        /// Nothing happened that could have broken it.
        case notExercised = "not_exercised"
    }

    /// Events that prove a verdict.
    public struct Evidence: Sendable, Hashable {
        /// The most sequence numbers that are kept.
        public static let limit = 50

        /// The shortened key.
        public var account: String
        /// The first of them, in order.
        public var sequences: [Int]
        /// All of them.
        public let every: [Int]
        public var total: Int { every.count }
        /// What the first few of them say, one line each.
        public var lines: [String]

        init(_ view: JournalView, _ sequences: [Int]) {
            account = view.account
            lines = EventWords.lines(sequences, view)
            self.sequences = Array(sequences.prefix(Self.limit))
            every = sequences
        }
    }

    /// A kind of situation that a property is judged on by itself.
    public struct Part: Sendable, Hashable {
        public var name: String
        public var outcome: Outcome
        public var seen: String
        public var samples: Int
    }

    /// The word in files: a property, or `charges`, `in_order`, `within`, `gap`.
    public var name: String
    /// What exactly is expected, with its numbers.
    public var expected: String
    public var outcome: Outcome
    /// What was seen, in a sentence without its full stop.
    public var seen: String
    /// What to change in the client; nil unless it failed.
    public var change: String?
    public var evidence: [Evidence]
    /// How many observations the verdict rests on; nil where that has no meaning.
    public var samples: Int?
    public var parts: [Part]
    /// Whether the requests do not decide: it is not failed, and what would make it clear stands in `seen`.
    public var isUnclear = false
    /// Whether it decides if the run failed; the rest is reported for information.
    public var isDemanded: Bool
    /// Whether an expectation of the scenario asks for it.
    public var isExpected = false
    public var isProperty: Bool
    /// Where the expectation stands in its file; nil for those that no file asks for.
    public var place: Place?
    /// The file that `place` speaks of, where it is not the report's.
    public var file: String?
}

/// A verdict on one account, before it has a name.
struct Judgement {
    var outcome: Verdict.Outcome
    var seen: String
    var change: String?
    var sequences: [Int] = []
    var samples: Int?
    var parts: [Verdict.Part] = []
    /// Whether it could not be judged because events were evicted.
    var isCut = false
    /// Whether the requests do not decide.
    var isUnclear = false

    static func pass(_ seen: String, samples: Int? = nil, _ sequences: [Int] = []) -> Judgement {
        Judgement(outcome: .pass, seen: seen, sequences: sequences, samples: samples)
    }

    static func fail(_ seen: String, change: String, samples: Int? = nil, _ sequences: [Int]) -> Judgement {
        Judgement(outcome: .fail, seen: seen, change: change, sequences: sequences, samples: samples)
    }

    static func notExercised(_ why: String, samples: Int? = nil) -> Judgement {
        Judgement(outcome: .notExercised, seen: why, samples: samples)
    }

    static func unclear(_ why: String, samples: Int, _ sequences: [Int]) -> Judgement {
        Judgement(
            outcome: .notExercised, seen: why, sequences: sequences, samples: samples, isUnclear: true)
    }

    static func cut(_ lost: Int) -> Judgement {
        let are = lost == 1 ? "is" : "are"
        var judgement = notExercised(
            "\(NumberText.count(lost, "event")) \(are) no longer kept, and the rest does not decide")
        judgement.isCut = true
        return judgement
    }
}

extension Verdict {
    /// What those are called that are on a property whose breaking costs money or the key.
    static let costlyNames = Set(ClientProperty.costlyWords)

    /// Whether it fails the run.
    var failsRun: Bool { isDemanded && outcome == .fail }
}
