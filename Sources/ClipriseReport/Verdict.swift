package import ClipriseScenario

/// What is said of one expectation or property.
package struct Verdict: Sendable, Hashable {
    package enum Outcome: String, Sendable, Hashable, CaseIterable {
        case pass, fail
        /// Nothing happened that could have broken it.
        case notExercised = "not_exercised"
    }

    /// Events that prove a verdict.
    package struct Evidence: Sendable, Hashable {
        /// The most sequence numbers that are kept.
        package static let limit = 50

        /// The shortened key.
        package var account: String
        /// The first of them, in order.
        package var sequences: [Int]
        /// All of them.
        package let every: [Int]
        package var total: Int { every.count }
        /// What the first few of them say, one line each.
        package var lines: [String] = []

        init(account: String, _ sequences: [Int]) {
            self.account = account
            self.sequences = Array(sequences.prefix(Self.limit))
            every = sequences
        }
    }

    /// A kind of situation that a property is judged on by itself.
    package struct Part: Sendable, Hashable {
        package var name: String
        package var outcome: Outcome
        package var seen: String
        package var samples: Int
    }

    /// The word in files: a property, or `charges`, `in_order`, `within`, `gap`.
    package var name: String
    /// What exactly is expected, with its numbers.
    package var expected: String
    package var outcome: Outcome
    /// What was seen, in a sentence without its full stop.
    package var seen: String
    /// What to change in the client; nil unless it failed.
    package var change: String?
    package var evidence: [Evidence]
    /// How many observations the verdict rests on; nil where that has no meaning.
    package var samples: Int?
    package var parts: [Part]
    /// Whether the requests do not decide: it is not failed, and what would make it clear stands in `seen`.
    package var isUnclear = false
    /// Whether it decides if the run failed; the rest is told for information.
    package var isDemanded: Bool
    /// Whether an expectation of the scenario asks for it.
    package var isExpected = false
    package var isProperty: Bool
    /// Where the expectation stands in its file; nil for those that no file asks for.
    package var place: Place?
    /// The file that `place` speaks of, where it is not the report's.
    package var file: String?
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
}
