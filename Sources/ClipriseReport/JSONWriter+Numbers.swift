internal import ClipriseWire

extension JSONWriter {
    /// A number with a fraction of at most `places` digits.
    mutating func number(_ value: Double, places: Int) {
        raw(NumberText.fixed(value, places: places).utf8)
    }

    /// A number with a fraction of at most `places` digits; `null` for none.
    mutating func member(_ name: StaticString, _ value: Double?, places: Int) {
        key(name)
        if let value { number(value, places: places) } else { null() }
    }

    /// A length of time in seconds; `null` for none.
    mutating func member(_ name: StaticString, seconds span: TimeSpan?) {
        member(name, span.map { Double($0.nanoseconds) / 1e9 }, places: 6)
    }
}
