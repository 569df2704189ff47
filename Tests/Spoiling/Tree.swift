package import ClipriseJSON

/// A JSON text that can be spoilt at any place.
package indirect enum Tree: Sendable {
    case object([Member])
    case array([Tree])
    /// Any bytes, JSON or not.
    case raw([UInt8])

    package struct Member: Sendable {
        package var key: [UInt8]
        package var value: Tree

        /// - Parameter key: With its quotes, as it stands in the text.
        package init(_ key: [UInt8], _ value: Tree) {
            self.key = key
            self.value = value
        }
    }

    package static func text(_ text: String) -> Tree { .raw(quoted(Array(text.utf8))) }

    package init(_ json: JSONValue) {
        switch json.kind {
        case .object:
            self = .object(json.members.map { Member(Self.quoted(Array($0.key)), Tree($0.value)) })
        case .array: self = .array(json.elements.map { Tree($0) })
        case .string: self = .raw(Self.quoted(json.utf8.map { Array($0) } ?? []))
        case .integer: self = .raw(Array("\(json.integer ?? 0)".utf8))
        case .number: self = .raw(Array("\(json.number ?? 0)".utf8))
        case .boolean: self = .raw(Array("\(json.boolean ?? false)".utf8))
        case .null: self = .raw(Array("null".utf8))
        }
    }

    package static func quoted(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x22]
        for byte in bytes {
            switch byte {
            case 0x22, 0x5C: result += [0x5C, byte]
            case ..<0x20: result += Array("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
            default: result.append(byte)
            }
        }
        return result + [0x22]
    }

    package var bytes: [UInt8] {
        var text: [UInt8] = []
        write(to: &text)
        return text
    }

    private func write(to text: inout [UInt8]) {
        switch self {
        case .raw(let bytes): text += bytes
        case .array(let elements):
            text.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                element.write(to: &text)
            }
            text.append(UInt8(ascii: "]"))
        case .object(let members):
            text.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                text += member.key
                text.append(UInt8(ascii: ":"))
                member.value.write(to: &text)
            }
            text.append(UInt8(ascii: "}"))
        }
    }

    /// Replaces one value somewhere in the tree.
    package mutating func spoil(with spoilt: Tree, _ chance: inout Chance) {
        switch self {
        case .object(var members) where !members.isEmpty && !chance.oneIn(8):
            members[chance.below(members.count)].value.spoil(with: spoilt, &chance)
            self = .object(members)
        case .array(var elements) where !elements.isEmpty && !chance.oneIn(4):
            elements[chance.below(elements.count)].spoil(with: spoilt, &chance)
            self = .array(elements)
        default: self = spoilt
        }
    }

    /// Adds a member behind the others; nothing happens to what is no object.
    package mutating func add(_ key: String, _ value: Tree) {
        guard case .object(let members) = self else { return }
        self = .object(members + [Member(Self.quoted(Array(key.utf8)), value)])
    }

    /// Replaces the value of a member, and adds it if it is not there.
    package mutating func set(_ key: String, _ value: Tree) {
        guard case .object(var members) = self else { return }
        let name = Self.quoted(Array(key.utf8))
        members.removeAll { $0.key == name }
        self = .object(members + [Member(name, value)])
    }

    /// Changes the value of a member that is there.
    package mutating func changeMember(_ key: String, _ change: (Tree) -> Tree) {
        guard case .object(var members) = self else { return }
        let name = Self.quoted(Array(key.utf8))
        for index in members.indices where members[index].key == name {
            members[index].value = change(members[index].value)
        }
        self = .object(members)
    }
}
