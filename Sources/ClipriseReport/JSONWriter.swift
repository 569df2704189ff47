internal import ClipriseWire

/// Writes JSON text piece by piece and sets the commas.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    mutating func object(_ body: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    mutating func array<Elements: Sequence>(
        _ elements: Elements, _ body: (inout JSONWriter, Elements.Element) -> Void
    ) {
        separate()
        bytes.append(UInt8(ascii: "["))
        needsComma = false
        for element in elements { body(&self, element) }
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    mutating func key(_ key: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(literal: key)
        bytes.append(literal: "\":")
        needsComma = false
    }

    mutating func string(_ text: some StringProtocol) {
        separate()
        bytes.append(jsonString: text)
    }

    mutating func integer(_ number: some FixedWidthInteger) {
        separate()
        bytes.append(decimal: number)
    }

    mutating func boolean(_ value: Bool) {
        separate()
        bytes.append(literal: value ? "true" : "false")
    }

    mutating func null() {
        separate()
        bytes.append(literal: "null")
    }

    /// A number with a fraction of at most `places` digits.
    mutating func number(_ value: Double, places: Int) {
        separate()
        bytes.append(contentsOf: NumberText.fixed(value, places: places).utf8)
    }

    mutating func member(_ name: StaticString, _ text: some StringProtocol) {
        key(name)
        string(text)
    }

    mutating func member(_ name: StaticString, _ number: some FixedWidthInteger) {
        key(name)
        integer(number)
    }

    mutating func member(_ name: StaticString, _ value: Bool) {
        key(name)
        boolean(value)
    }

    /// Ends a line of JSON Lines.
    mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }
}
