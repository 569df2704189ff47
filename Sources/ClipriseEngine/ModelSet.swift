internal import ClipriseScenario

/// The models of a catalogue that a pattern takes in, by position.
struct ModelSet: Sendable {
    /// A bit for each of the first 64 models.
    private let first: UInt64
    /// The same for those beyond, 64 in a word; empty in a catalogue of 64 models or fewer.
    private let rest: [UInt64]
    private let takesAll: Bool

    /// - Parameters:
    ///   - pattern: Nil takes in every request, also one without a known model.
    ///   - ids: The ids of the catalogue, by position.
    init(_ pattern: Glob?, of ids: [String]) {
        takesAll = pattern == nil
        var words = [UInt64](repeating: 0, count: max(1, (ids.count + 63) / 64))
        if let pattern {
            for (position, id) in ids.enumerated() where pattern.matches(id.utf8) {
                words[position / 64] |= 1 << UInt64(position % 64)
            }
        }
        first = words[0]
        rest = Array(words.dropFirst())
    }

    /// - Parameter model: A position in the catalogue; nil when the request names no known model.
    func contains(_ model: Int?) -> Bool {
        if takesAll { return true }
        guard let model else { return false }
        if model < 64 { return first & (1 << UInt64(model)) != 0 }
        let word = model / 64 - 1
        return word < rest.count && rest[word] & (1 << UInt64(model % 64)) != 0
    }
}
