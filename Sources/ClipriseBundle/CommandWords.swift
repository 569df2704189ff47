/// The words of a user's command, as far as they may stand in a file.
package enum CommandWords {
    private static let secrets = [
        "key", "token", "secret", "password", "passwd", "auth", "credential", "cookie", "bearer",
    ]
    private static let mask = "REDACTED"

    /// The words with `REDACTED` for the value of each option and variable that is named like a secret, and for each
    /// whole word that carries a header with one.
    package static func withoutSecrets(_ words: [String]) -> [String] {
        var isValue = false
        return words.map { word in
            let wasOption = isValue
            isValue = false
            if wasOption, !word.hasPrefix("-") { return mask }
            if let mark = word.firstIndex(of: "="), !word[..<mark].contains(where: \.isWhitespace) {
                return isSecret(word[..<mark]) ? "\(word[...mark])\(mask)" : withoutUser(word)
            }
            guard isSecret(word) else { return withoutUser(word) }
            // A name alone is none: the word behind it may be.
            if word.hasPrefix("-"), !word.contains(where: { $0.isWhitespace || $0 == ":" }) {
                isValue = true
                return word
            }
            return word.contains { $0.isWhitespace || $0 == ":" || $0 == "=" } ? mask : word
        }
    }

    private static func isSecret(_ name: some StringProtocol) -> Bool {
        let name = name.lowercased()
        return secrets.contains { name.contains($0) }
    }

    /// A URL without its user and password (RFC 3986 §3.2.1).
    private static func withoutUser(_ word: String) -> String {
        guard let start = word.firstRange(of: "://")?.upperBound else { return word }
        let authority = word[start...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let mark = authority.lastIndex(of: "@") else { return word }
        return "\(word[..<start])\(mask)\(word[mark...])"
    }
}
