internal import ClipriseScenario

/// The models of a catalogue that a pattern takes in, by position.
struct ModelSet: Sendable {
    /// What tells of the first 64 models, without memory of its own.
    struct Head: Sendable {
        /// A bit for each of them.
        fileprivate let bits: UInt64
        fileprivate let takesAll: Bool

        /// Nil for a model that only the whole set knows of.
        ///
        /// - Parameter model: A position in the catalogue; nil when the request names no known model.
        @inline(__always) func contains(_ model: Int?) -> Bool? {
            if takesAll { return true }
            guard let model else { return false }
            return model < 64 ? bits & (1 << UInt64(model)) != 0 : nil
        }
    }

    let head: Head
    /// The same for those beyond, 64 in a word; empty in a catalogue of 64 models or fewer.
    private let rest: [UInt64]

    /// - Parameters:
    ///   - pattern: Nil takes in every request, also one without a known model.
    ///   - ids: The ids of the catalogue, by position.
    init(_ pattern: Glob?, of ids: [String]) {
        var words = [UInt64](repeating: 0, count: max(1, (ids.count + 63) / 64))
        if let pattern {
            for (position, id) in ids.enumerated() where pattern.matches(id.utf8) {
                words[position / 64] |= 1 << UInt64(position % 64)
            }
        }
        head = Head(bits: words[0], takesAll: pattern == nil)
        rest = Array(words.dropFirst())
    }

    /// - Parameter model: A position in the catalogue; nil when the request names no known model.
    func contains(_ model: Int?) -> Bool {
        if let known = head.contains(model) { return known }
        guard let model else { return false }
        let word = model / 64 - 1
        return word < rest.count && rest[word] & (1 << UInt64(model % 64)) != 0
    }
}
