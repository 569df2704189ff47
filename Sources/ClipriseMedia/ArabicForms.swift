/// The forms that Arabic letters take beside each other, as characters of their own (Unicode, Arabic Presentation Forms).
enum ArabicForms {
    private struct Letter {
        /// The form that stands alone; the others follow it: final, then initial and medial.
        var alone: UInt32
        /// Whether it joins with the letter behind it too.
        var joinsNext: Bool
    }

    /// Letters that join on both sides, and letters that join only with the one before them.
    private static let letters: [UInt32: Letter] = {
        let both: [(UInt32, UInt32)] = [
            (0x626, 0xFE89), (0x628, 0xFE8F), (0x62A, 0xFE95), (0x62B, 0xFE99), (0x62C, 0xFE9D), (0x62D, 0xFEA1),
            (0x62E, 0xFEA5), (0x633, 0xFEB1), (0x634, 0xFEB5), (0x635, 0xFEB9), (0x636, 0xFEBD), (0x637, 0xFEC1),
            (0x638, 0xFEC5), (0x639, 0xFEC9), (0x63A, 0xFECD), (0x641, 0xFED1), (0x642, 0xFED5), (0x643, 0xFED9),
            (0x644, 0xFEDD), (0x645, 0xFEE1), (0x646, 0xFEE5), (0x647, 0xFEE9), (0x64A, 0xFEF1),
            // Persian, Urdu and their neighbours.
            (0x679, 0xFB66), (0x67E, 0xFB56), (0x686, 0xFB7A), (0x6A9, 0xFB8E), (0x6AF, 0xFB92), (0x6BE, 0xFBAA),
            (0x6C1, 0xFBA6), (0x6CC, 0xFBFC),
        ]
        let before: [(UInt32, UInt32)] = [
            (0x622, 0xFE81), (0x623, 0xFE83), (0x624, 0xFE85), (0x625, 0xFE87), (0x627, 0xFE8D), (0x629, 0xFE93),
            (0x62F, 0xFEA9), (0x630, 0xFEAB), (0x631, 0xFEAD), (0x632, 0xFEAF), (0x648, 0xFEED), (0x649, 0xFEEF),
            (0x671, 0xFB50), (0x688, 0xFB88), (0x691, 0xFB8C), (0x698, 0xFB8A), (0x6BA, 0xFB9E), (0x6D2, 0xFBAE),
        ]
        var letters: [UInt32: Letter] = [:]
        for (letter, alone) in both { letters[letter] = Letter(alone: alone, joinsNext: true) }
        for (letter, alone) in before { letters[letter] = Letter(alone: alone, joinsNext: false) }
        return letters
    }()

    /// What lam becomes with the alef behind it, alone.
    private static let ligatures: [UInt32: UInt32] = [0x622: 0xFEF5, 0x623: 0xFEF7, 0x625: 0xFEF9, 0x627: 0xFEFB]

    private static let lam: UInt32 = 0x644
    /// The line that makes words longer; joins on both sides.
    private static let tatweel: UInt32 = 0x640

    /// Puts the form in the place of each letter that has several; marks above and below letters do not part them.
    static func shaped(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard scalars.contains(where: { letters[$0.value] != nil }) else { return scalars }
        var shaped: [Unicode.Scalar] = []
        var joinsBefore = false
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            if isMark(scalar) {
                shaped.append(scalar)
                index += 1
                continue
            }
            var next = index + 1
            while next < scalars.count, isMark(scalars[next]) { next += 1 }
            let follower = next < scalars.count ? scalars[next].value : 0
            guard let letter = letters[scalar.value] else {
                shaped.append(scalar)
                joinsBefore = scalar.value == tatweel
                index += 1
                continue
            }
            if scalar.value == lam, next == index + 1, let ligature = ligatures[follower] {
                append(ligature + (joinsBefore ? 1 : 0), to: &shaped)
                joinsBefore = false
                index += 2
                continue
            }
            let joinsAfter = letter.joinsNext && (follower == tatweel || letters[follower] != nil)
            append(letter.alone + (joinsBefore ? 1 : 0) + (joinsAfter ? 2 : 0), to: &shaped)
            joinsBefore = letter.joinsNext
            index += 1
        }
        return shaped
    }

    private static func append(_ value: UInt32, to scalars: inout [Unicode.Scalar]) {
        if let scalar = Unicode.Scalar(value) { scalars.append(scalar) }
    }

    static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: true
        default: false
        }
    }
}
