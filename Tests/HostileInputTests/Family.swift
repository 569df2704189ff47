internal import Spoiling

/// One kind of bad input and how much of the run it is.
struct Family: Sendable {
    var name: String
    /// Requests in a thousand.
    var share: Int
    var make: @Sendable (inout Chance, [Tree]) -> Hostile

    static let all: [Family] =
        headFamilies + targetFamilies + textFamilies + valueFamilies + pollFamilies + adminFamilies
        + connectionFamilies
}

/// The requests of one run.
struct HostileRequests: Sendable {
    /// Change it to meet others; a failure names the seed and the index.
    static let seed: UInt64 = 0x0C11_9B15_E000_0001
    static let count = 10_000

    private let bodies: [Tree]
    private let seed: UInt64

    init(seed: UInt64 = seed) throws {
        bodies = try SoundBodies.load()
        self.seed = seed
    }

    /// The request at `index`, the same in every run of this seed.
    subscript(index: Int) -> Hostile {
        var chance = Chance(seed: seed, index: index)
        var place = chance.below(Family.all.reduce(0) { $0 + $1.share })
        for family in Family.all {
            if place < family.share { return family.make(&chance, bodies) }
            place -= family.share
        }
        preconditionFailure("the shares do not add up")
    }

    /// How to make one request again, for the message of a failure.
    func name(_ index: Int) -> String { "seed \(seed), request \(index), family \"\(self[index].family)\"" }
}

/// Sound as HTTP.
func sound(
    _ name: String, _ share: Int, _ make: @escaping @Sendable (inout Chance, [Tree]) -> Draft
) -> Family {
    Family(name: name, share: share) { chance, bodies in make(&chance, bodies).hostile(name) }
}

/// No sound HTTP; the server may answer or just close.
func broken(
    _ name: String, _ share: Int, _ make: @escaping @Sendable (inout Chance, [Tree]) -> [UInt8]
) -> Family {
    Family(name: name, share: share) { chance, bodies in
        Hostile(family: name, bytes: make(&chance, bodies), owed: nil)
    }
}

func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

func repeated(_ text: String, _ count: Int) -> [UInt8] {
    var result = ascii(text)
    let wanted = result.count * count
    result.reserveCapacity(2 * wanted)
    while result.count < wanted { result += result }
    result.removeLast(result.count - wanted)
    return result
}
