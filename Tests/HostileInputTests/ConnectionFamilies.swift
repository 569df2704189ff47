// What is done with connections: many requests in one go, and breaking off.

/// The requests that are cut and mixed.
///
/// A reset is not: cut in the right place, it would be one.
private let mixed = (textFamilies + valueFamilies + pollFamilies + adminFamilies).filter {
    $0.name != "resets from elsewhere"
}

private func oneOfMixed(_ chance: inout Chance, _ bodies: [Tree]) -> Hostile {
    while true {
        let one = chance.pick(mixed).make(&chance, bodies)
        if one.bytes.count < 20_000 { return one }
    }
}

let connectionFamilies: [Family] = [
    Family(name: "requests in one go", share: 30) { chance, bodies in
        var all = Hostile(family: "requests in one go", bytes: [], owed: [])
        for _ in 0..<(2 + chance.below(12)) {
            let one = oneOfMixed(&chance, bodies)
            guard let owed = one.owed else { continue }
            all.bytes += one.bytes
            all.owed = (all.owed ?? []) + owed
        }
        return all
    },
    broken("connections cut at any byte", 75) { chance, bodies in
        let whole = oneOfMixed(&chance, bodies).bytes
        return Array(whole[..<chance.below(whole.count)])
    },
    broken("garbage behind a sound request", 20) { chance, bodies in
        oneOfMixed(&chance, bodies).bytes + chance.bytes(1 + chance.below(500))
    },
]
