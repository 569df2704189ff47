internal import ClipriseJSON

/// Values and places where readers of numbers and texts go wrong.
package enum Spoilt {
    /// Numbers as they stand in a text: around the ends of every width, and what is none.
    package static let numbers: [String] = [
        "0", "1", "-1", "2", "-0", "0.5", "-0.5", "1e0", "1e9", "1e18", "1e19", "1e300", "-1e300", "1e400", "5e-324",
        "127", "128", "255", "256", "32767", "32768", "65535", "65536", "2147483647", "2147483648", "-2147483648",
        "-2147483649", "4294967295", "4294967296", "281474976710656", "281474976710657", "9007199254740993",
        "1152921504606846976", "2305843009213693952", "4611686018427387904", "4611686018427387905",
        "9223372036854775806", "9223372036854775807", "9223372036854775808", "-9223372036854775807",
        "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616",
        "999999999999", "1000000000000", "1000000000001", "-1000000000000", "1000000000000000000", "NaN", "1e",
    ]

    /// Texts, not yet quoted.
    package static let texts: [String] = [
        "", " ", "\u{0}", "a\u{0}b", "\u{1B}[31m\r\n::error::x", "\u{202E}txet", "\u{2028}", "\u{FEFF}", "é",
        "👩\u{200D}👧",
        "%00", "../../x", "'\"<&>", "-9223372036854775808", "18446744073709551615", "1e400", "0s", "8760h",
        "999999999h",
        "-1s", "1ms", "0.000000001ms", "100%", "100.0000001%", "1GiB", "1025MiB", "any", "none", "null", "true", "*",
        "veo-*",
        String(repeating: "a", count: 300), String(repeating: "x", count: 70_000),
    ]

    /// A value to put where another one stood.
    package static func value(_ chance: inout Chance) -> Tree {
        switch chance.below(10) {
        case 0...5: .raw(Array(chance.pick(numbers).utf8))
        case 6, 7: .text(chance.pick(texts))
        case 8: .raw(Array(chance.pick(["null", "true", "false", "{}", "[]", "[null]", "{\"\":0}"]).utf8))
        default: .raw(chance.bytes(chance.below(12)))
        }
    }
}

extension Tree {
    /// Changes a tree at a place: a value, a member that goes or stands twice, an element that moves.
    package mutating func change(_ chance: inout Chance, from others: [Tree]) {
        switch chance.below(8) {
        case 0: dropOne(&chance)
        case 1: doubleOne(&chance)
        case 2 where !others.isEmpty: spoil(with: chance.pick(others).part(&chance), &chance)
        default: spoilDeep(with: Spoilt.value(&chance), &chance)
        }
    }

    /// Replaces one leaf.
    private mutating func spoilDeep(with spoilt: Tree, _ chance: inout Chance) {
        switch self {
        case .object(var members) where !members.isEmpty:
            members[chance.below(members.count)].value.spoilDeep(with: spoilt, &chance)
            self = .object(members)
        case .array(var elements) where !elements.isEmpty:
            elements[chance.below(elements.count)].spoilDeep(with: spoilt, &chance)
            self = .array(elements)
        default: self = spoilt
        }
    }

    private mutating func dropOne(_ chance: inout Chance) {
        inside(&chance) { members, chance in
            members.remove(at: chance.below(members.count))
        } elements: { elements, chance in
            elements.remove(at: chance.below(elements.count))
        }
    }

    private mutating func doubleOne(_ chance: inout Chance) {
        inside(&chance) { members, chance in
            members.append(members[chance.below(members.count)])
        } elements: { elements, chance in
            elements.insert(elements[chance.below(elements.count)], at: chance.below(elements.count + 1))
        }
    }

    /// Goes down to some object or array that is not empty, and changes it.
    private mutating func inside(
        _ chance: inout Chance, members change: (inout [Member], inout Chance) -> Void,
        elements changeElements: (inout [Tree], inout Chance) -> Void
    ) {
        switch self {
        case .object(var members) where !members.isEmpty:
            let index = chance.below(members.count)
            if members[index].value.isNested, !chance.oneIn(3) {
                members[index].value.inside(&chance, members: change, elements: changeElements)
            } else {
                change(&members, &chance)
            }
            self = .object(members)
        case .array(var elements) where !elements.isEmpty:
            let index = chance.below(elements.count)
            if elements[index].isNested, !chance.oneIn(3) {
                elements[index].inside(&chance, members: change, elements: changeElements)
            } else {
                changeElements(&elements, &chance)
            }
            self = .array(elements)
        default: return
        }
    }

    private var isNested: Bool {
        switch self {
        case .object(let members): !members.isEmpty
        case .array(let elements): !elements.isEmpty
        case .raw: false
        }
    }

    /// Some part of the tree.
    private func part(_ chance: inout Chance) -> Tree {
        guard !chance.oneIn(4) else { return self }
        switch self {
        case .object(let members) where !members.isEmpty: return chance.pick(members).value.part(&chance)
        case .array(let elements) where !elements.isEmpty: return chance.pick(elements).part(&chance)
        default: return self
        }
    }
}

/// Texts that are spoilt without a look at their structure.
package enum SpoiltText {
    /// Changes a text once: a number or a word in it, a line, some bytes.
    package static func change(_ text: inout [UInt8], _ chance: inout Chance) {
        guard !text.isEmpty else { return text += chance.bytes(3) }
        switch chance.below(8) {
        case 0...3: replaceWord(&text, &chance)
        case 4: changeLine(&text, &chance)
        case 5: text[chance.below(text.count)] = chance.byte()
        case 6:
            let start = chance.below(text.count)
            text.removeSubrange(start..<min(text.count, start + 1 + chance.below(20)))
        default:
            text.insert(contentsOf: chance.pick(Array(Spoilt.texts.dropLast(2))).utf8, at: chance.below(text.count + 1))
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte > 0x20 && !":,{}[]\"'#".utf8.contains(byte)
    }

    private static func replaceWord(_ text: inout [UInt8], _ chance: inout Chance) {
        let place = chance.below(text.count)
        guard let start = text[place...].firstIndex(where: isWord) else { return }
        let end = text[start...].firstIndex { !isWord($0) } ?? text.endIndex
        let isNumber = (0x30...0x39).contains(text[start]) || text[start] == UInt8(ascii: "-")
        let word =
            isNumber || chance.oneIn(2) ? chance.pick(Spoilt.numbers) : chance.pick(Array(Spoilt.texts.dropLast()))
        text.replaceSubrange(start..<end, with: word.utf8)
    }

    private static func changeLine(_ text: inout [UInt8], _ chance: inout Chance) {
        var lines = text.split(separator: 10, omittingEmptySubsequences: false)
        let index = chance.below(lines.count)
        switch chance.below(3) {
        case 0: lines.remove(at: index)
        case 1: lines.insert(lines[index], at: chance.below(lines.count))
        default: lines.swapAt(index, chance.below(lines.count))
        }
        text = Array(lines.joined(separator: CollectionOfOne(10)))
    }
}
