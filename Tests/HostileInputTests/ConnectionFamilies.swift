// What is done with connections: many requests in one go, and breaking off.

internal import Spoiling

/// Families that are neither cut nor mixed: they are long, or, as a reset cut in the right place, would do something.
private let unmixed: Set<String> = [
    "deep bodies", "endless bodies", "endless lists", "bodies of 10 MB", "deep and long admin bodies",
    "resets from elsewhere",
]
private let mixed = (textFamilies + valueFamilies + pollFamilies + adminFamilies).filter { !unmixed.contains($0.name) }

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
