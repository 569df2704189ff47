/// Writes JSON text piece by piece and sets the commas.
///
/// What is written is JSON as long as each key is followed by one value, and objects and arrays are closed by their
/// closures. Nothing is checked: the caller is code, not data.
public struct JSONWriter: Sendable {
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false
    private let isShown: Bool

    /// - Parameter isShown: Whether the text may be shown on a terminal, so that texts of others in it are escaped further
    ///   than JSON demands (`Printable`). Their values are the same.
    public init(capacity: Int = 0, isShown: Bool = false) {
        self.isShown = isShown
        bytes.reserveCapacity(capacity)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func enclose(
        _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, _ body: (inout JSONWriter) -> Void
    ) {
        begin(opening)
        body(&self)
        end(closing)
    }

    private mutating func begin(_ opening: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(ascii: opening))
        needsComma = false
    }

    private mutating func end(_ closing: Unicode.Scalar) {
        bytes.append(UInt8(ascii: closing))
        needsComma = true
    }

    // MARK: Values

    public mutating func object(_ body: (inout JSONWriter) -> Void) { enclose("{", "}", body) }

    public mutating func array(_ body: (inout JSONWriter) -> Void) { enclose("[", "]", body) }

    public mutating func array<Elements: Sequence>(
        _ elements: Elements, _ body: (inout JSONWriter, Elements.Element) -> Void
    ) {
        array { writer in
            for element in elements { body(&writer, element) }
        }
    }

    public mutating func beginObject() { begin("{") }
    public mutating func endObject() { end("}") }
    public mutating func beginArray() { begin("[") }
    public mutating func endArray() { end("]") }

    public mutating func string(_ text: some StringProtocol) {
        separate()
        append(text)
    }

    private mutating func append(_ text: some StringProtocol) {
        if isShown { bytes.append(shownJSONString: text) } else { bytes.append(jsonString: text) }
    }

    public mutating func integer(_ number: some FixedWidthInteger) {
        separate()
        bytes.append(decimal: number)
    }

    public mutating func boolean(_ value: Bool) {
        separate()
        bytes.append(literal: value ? "true" : "false")
    }

    public mutating func null() {
        separate()
        bytes.append(literal: "null")
    }

    /// An instant as seconds since the clock's start, cut to the microsecond; six decimals.
    public mutating func seconds(_ instant: Instant) {
        separate()
        bytes.append(seconds: instant)
    }

    /// A moment as text, as in `2026-01-31T23:59:59.999Z`.
    ///
    /// - Parameter nanoseconds: Since 1970.
    public mutating func date(_ nanoseconds: Int64) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(iso8601: nanoseconds)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A number with three decimals, rounded; `null` for what is no number.
    public mutating func thousandths(_ value: Double) {
        guard value.isFinite, abs(value) < 1e15 else { return null() }
        separate()
        let thousandths = Int64((value * 1_000).rounded())
        if thousandths < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes.append(decimal: thousandths.magnitude / 1_000)
        let rest = String(thousandths.magnitude % 1_000 + 1_000)
        bytes.append(UInt8(ascii: "."))
        bytes.append(contentsOf: rest.utf8.dropFirst())
    }

    /// Text that is JSON already.
    public mutating func raw(_ json: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    // MARK: Members

    public mutating func key(_ key: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(literal: key)
        bytes.append(literal: "\":")
        needsComma = false
    }

    /// A key that is not known before.
    public mutating func key(text: some StringProtocol) {
        separate()
        append(text)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func member(_ name: StaticString, _ text: some StringProtocol) {
        key(name)
        string(text)
    }

    public mutating func member(_ name: StaticString, orNull text: String?) {
        key(name)
        if let text { string(text) } else { null() }
    }

    public mutating func member(_ name: StaticString, _ number: some FixedWidthInteger) {
        key(name)
        integer(number)
    }

    public mutating func member(_ name: StaticString, _ value: Bool) {
        key(name)
        boolean(value)
    }

    public mutating func member<Elements: Sequence>(
        _ name: StaticString, objects elements: Elements, _ body: (inout JSONWriter, Elements.Element) -> Void
    ) {
        member(name, array: elements) { writer, element in writer.object { body(&$0, element) } }
    }

    /// A member whose value is JSON text already.
    public mutating func member(_ name: StaticString, json: String) { member(name, json: json.utf8) }

    public mutating func member(_ name: StaticString, json: some Sequence<UInt8>) {
        key(name)
        raw(json)
    }

    public mutating func member(_ name: StaticString, texts: some Sequence<String>) {
        member(name, array: texts) { $0.string($1) }
    }

    public mutating func member(_ name: StaticString, seconds instant: Instant) {
        key(name)
        seconds(instant)
    }

    /// - Parameter nanoseconds: Since 1970.
    public mutating func member(_ name: StaticString, date nanoseconds: Int64) {
        key(name)
        date(nanoseconds)
    }

    public mutating func member(_ name: StaticString, object body: (inout JSONWriter) -> Void) {
        key(name)
        object(body)
    }

    public mutating func member<Elements: Sequence>(
        _ name: StaticString, array elements: Elements, _ body: (inout JSONWriter, Elements.Element) -> Void
    ) {
        key(name)
        array(elements, body)
    }

    // MARK: Ends

    /// A list of objects, each on a line.
    public static func lines<Elements: Sequence>(
        _ elements: Elements, _ body: (inout JSONWriter, Elements.Element) -> Void
    ) -> String {
        let items = elements.map { element in
            String(decoding: object { body(&$0, element) }, as: UTF8.self)
        }
        return "[\n" + items.joined(separator: ",\n") + "\n]\n"
    }

    /// An object.
    public static func object(
        capacity: Int = 0, isShown: Bool = false, _ body: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: capacity, isShown: isShown)
        writer.object(body)
        return writer.bytes
    }

    /// An object on a line.
    public static func line(capacity: Int = 0, isShown: Bool = false, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var line = object(capacity: capacity, isShown: isShown, body)
        line.append(UInt8(ascii: "\n"))
        return line
    }

    /// Ends a line; the next value begins anew.
    public mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }
}

extension [UInt8] {
    /// Appends an instant as seconds since the clock's start, cut to the microsecond.
    public mutating func append(seconds instant: Instant) {
        if instant.nanoseconds < 0 { append(UInt8(ascii: "-")) }
        let nanoseconds = instant.nanoseconds.magnitude
        append(decimal: nanoseconds / 1_000_000_000)
        append(UInt8(ascii: "."))
        let micros = String(nanoseconds % 1_000_000_000 / 1_000 + 1_000_000)
        append(contentsOf: micros.utf8.dropFirst())
    }
}
