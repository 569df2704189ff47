internal import ClipriseJSON
internal import ClipriseWire

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
        case .absent, .fixed(.boolean): nil
        case .given(let json): json.writtenNumber
        case .fixed(.number(let number)): number
        case .fixed(.text(let text)): plainNumber(text)
        }
    }
}

/// What each parameter of one body amounts to.
struct EffectiveValues {
    let given: [Given]
    /// What the values amount to that are not simply themselves.
    let results: [Effective]
    let fallbacks: [Scalar?]

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
