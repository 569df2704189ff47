internal import ClipriseCatalog
internal import ClipriseWire

/// A JSON value that is built up before it is written; members keep their order.
package indirect enum JSONTree: Sendable, Hashable {
    case null
    case boolean(Bool)
    case number(Double)
    case text(String)
    case list([JSONTree])
    case object([Member])

    package struct Member: Sendable, Hashable {
        package var key: String
        package var value: JSONTree

        package init(key: String, value: JSONTree) {
            self.key = key
            self.value = value
        }
    }

    /// The value of an object's member, or nil.
    ///
    /// Setting nil removes it; setting a new key adds it at the end.
    package subscript(key: String) -> JSONTree? {
        get {
            guard case .object(let members) = self else { return nil }
            return members.first { $0.key == key }?.value
        }
        set {
            guard case .object(var members) = self else { return }
            let position = members.firstIndex { $0.key == key }
            switch (position, newValue) {
            case (let position?, let value?): members[position].value = value
            case (let position?, nil): members.remove(at: position)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): return
            }
            self = .object(members)
        }
    }

    /// Without white space.
    package var compact: String {
        var bytes: [UInt8] = []
        append(to: &bytes, depth: nil)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Two spaces for each level, lists of plain values on one line, a line break at the end.
    package var pretty: String {
        var bytes: [UInt8] = []
        append(to: &bytes, depth: 0)
        bytes.append(UInt8(ascii: "\n"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private var isPlain: Bool {
        switch self {
        case .null, .boolean, .number, .text: true
        case .list, .object: false
        }
    }

    /// - Parameter depth: The level for the indent; nil for none.
    private func append(to bytes: inout [UInt8], depth: Int?) {
        switch self {
        case .null: bytes.append(literal: "null")
        case .boolean(let value): bytes.append(literal: value ? "true" : "false")
        case .number(let number): bytes.append(contentsOf: Scalar.number(number).description.utf8)
        case .text(let text): bytes.append(shownJSONString: text)
        case .list(let items):
            let isFlat = items.allSatisfy(\.isPlain)
            Self.append(items, to: &bytes, "[", "]", depth: isFlat ? nil : depth, isSpaced: isFlat && depth != nil) {
                $0.append(to: &$1, depth: $2)
            }
        case .object(let members):
            Self.append(members, to: &bytes, "{", "}", depth: depth, isSpaced: false) { member, bytes, depth in
                bytes.append(shownJSONString: member.key)
                bytes.append(literal: depth == nil ? ":" : ": ")
                member.value.append(to: &bytes, depth: depth)
            }
        }
    }

    private static func append<Item>(
        _ items: [Item], to bytes: inout [UInt8], _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, depth: Int?,
        isSpaced: Bool, _ write: (Item, inout [UInt8], Int?) -> Void
    ) {
        bytes.append(UInt8(ascii: opening))
        for (index, item) in items.enumerated() {
            if index > 0 { bytes.append(literal: isSpaced ? ", " : ",") }
            if let depth { newLine(&bytes, depth + 1) }
            write(item, &bytes, depth.map { $0 + 1 })
        }
        if let depth, !items.isEmpty { newLine(&bytes, depth) }
        bytes.append(UInt8(ascii: closing))
    }

    private static func newLine(_ bytes: inout [UInt8], _ depth: Int) {
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }
}

extension JSONTree: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral text: String) { self = .text(text) }
    package init(integerLiteral number: Int) { self = .number(Double(number)) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(arrayLiteral items: JSONTree...) { self = .list(items) }

    package init(dictionaryLiteral members: (String, JSONTree)...) {
        self = .object(members.map { Member(key: $0.0, value: $0.1) })
    }
}

extension JSONTree {
    init(_ scalar: Scalar) {
        switch scalar {
        case .text(let text): self = .text(text)
        case .number(let number): self = .number(number)
        case .boolean(let value): self = .boolean(value)
        }
    }
}
