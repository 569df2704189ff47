internal import ClipriseWire

extension JSONWriter {
    /// A number with a fraction of at most `places` digits.
    mutating func number(_ value: Double, places: Int) {
        raw(NumberText.fixed(value, places: places).utf8)
    }
}
