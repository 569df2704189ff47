internal import ClipriseJSON

/// What a parameter amounts to after checking: the given value, the one that a route or default sets, or none.
enum Effective {
    case absent
    case given(JSONValue)
    case fixed(Scalar)

    func fits(_ scalar: Scalar) -> Bool {
        switch self {
        case .absent: false
        case .given(let json): scalar.fit(json) != .none
        case .fixed(let value): value.means(scalar)
        }
    }

    var scalar: Scalar? {
        switch self {
        case .absent: nil
        case .given(let json): Scalar(json)
        case .fixed(let value): value
        }
    }

    /// A number, or the number that a numeric string writes.
    var number: Double? {
        switch self {
        case .absent: nil
        case .given(let json): json.writtenNumber
        case .fixed(let scalar): scalar.writtenNumber
        }
    }
}

/// What each parameter of one body amounts to.
struct EffectiveValues {
    let given: [Given]
    /// What the values amount to that are not simply themselves.
    let results: [Effective]
    let fallbacks: FixedTable<Scalar?>

    enum Source {
        /// A value of the parameter's list, by its 0-based place.
        case choice(Int)
        /// Nothing was given.
        case fallback
        case other
    }

    subscript(index: Int) -> Effective {
        if let effective = given[index].effective(results) { return effective }
        if let fallback = fallbacks[index] { return .fixed(fallback) }
        return .absent
    }

    func source(of index: Int) -> Source {
        switch given[index].outcome {
        case .unchecked: .fallback
        case .choice(let choice): .choice(Int(choice))
        case .sound, .own: .other
        }
    }
}

/// The value of a parameter in a body.
struct Given {
    /// Nil when the body has none, or null.
    var value: JSONValue?
    var place = Parameter.Place.input
    /// Whether it was given under another spelling.
    var isAliased = false
    var outcome = Outcome.unchecked

    /// What it amounts to, once checked.
    enum Outcome {
        case unchecked
        /// Itself.
        case sound
        /// Itself, and this one of the parameter's list, 0-based.
        case choice(Int32)
        /// What stands at this place of the check's results.
        case own(Int32)
    }

    /// Nil before the check, and when there is nothing.
    func effective(_ results: [Effective]) -> Effective? {
        switch outcome {
        case .unchecked: nil
        case .sound, .choice: value.map { .given($0) }
        case .own(let place): results[Int(place)]
        }
    }
}
