/// In which order characters are shown: a small part of the Unicode Bidirectional Algorithm (UAX #9), without its controls.
enum WritingDirection {
    enum Kind: Sendable, Hashable {
        case left, right, number, neutral
    }

    static func kind(of scalar: Unicode.Scalar) -> Kind {
        switch scalar.value {
        case 0x30...0x39, 0x660...0x669, 0x6F0...0x6F9: .number
        case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x10800...0x10FFF, 0x1E800...0x1EFFF: .right
        default: scalar.properties.isAlphabetic || scalar.properties.isIdeographic ? .left : .neutral
        }
    }

    /// Whether a text begins, after its neutral characters, from the right (rules P2 and P3).
    static func isFromRight(_ kinds: some Sequence<Kind>) -> Bool {
        kinds.first { $0 == .left || $0 == .right } == .right
    }

    /// The order, from left to right, in which the characters of a line are shown, and which of them look the other way.
    static func order(_ kinds: [Kind], isFromRight: Bool) -> [(index: Int, isMirrored: Bool)] {
        guard isFromRight || kinds.contains(.right) else { return kinds.indices.map { ($0, false) } }
        let levels = levels(kinds, base: isFromRight ? 1 : 0)
        var order = Array(kinds.indices)
        // Rule L2: from the highest level down, runs of at least that level are turned round.
        for level in stride(from: levels.max() ?? 0, through: 1, by: -1) {
            var start = 0
            while start < order.count {
                guard levels[order[start]] >= level else {
                    start += 1
                    continue
                }
                var end = start
                while end < order.count, levels[order[end]] >= level { end += 1 }
                order[start..<end].reverse()
                start = end
            }
        }
        return order.map { ($0, levels[$0] % 2 == 1) }
    }

    private static func levels(_ kinds: [Kind], base: Int) -> [Int] {
        let outside = base == 1 ? Kind.right : .left
        // A number behind letters from the left is one of them (W7).
        var kinds = kinds
        var strong = outside
        for (index, kind) in kinds.enumerated() {
            if kind == .left || kind == .right { strong = kind }
            if kind == .number, strong == .left { kinds[index] = .left }
        }
        // One neutral between numbers belongs to them, as in 1.5 (W4).
        for index in kinds.indices.dropFirst().dropLast()
        where kinds[index] == .neutral && kinds[index - 1] == .number && kinds[index + 1] == .number {
            kinds[index] = .number
        }
        // Neutrals between characters of one direction go with them, others with the line; numbers count as from the right
        // (N1, N2).
        var index = 0
        while index < kinds.count {
            guard kinds[index] == .neutral else {
                index += 1
                continue
            }
            var end = index
            while end < kinds.count, kinds[end] == .neutral { end += 1 }
            func side(_ kind: Kind) -> Kind { kind == .number ? .right : kind }
            let before = index == 0 ? outside : side(kinds[index - 1])
            let after = end == kinds.count ? outside : side(kinds[end])
            for place in index..<end { kinds[place] = before == after ? before : outside }
            index = end
        }
        return kinds.map { kind in
            switch kind {
            case .left, .neutral: base == 1 ? 2 : 0
            case .right: 1
            case .number: 2
            }
        }
    }

    /// What stands in the place of a bracket that looks the other way.
    static func mirrored(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        pairs[scalar] ?? scalar
    }

    private static let pairs: [Unicode.Scalar: Unicode.Scalar] = [
        "(": ")", ")": "(", "[": "]", "]": "[", "{": "}", "}": "{", "<": ">", ">": "<", "«": "»", "»": "«",
    ]
}
