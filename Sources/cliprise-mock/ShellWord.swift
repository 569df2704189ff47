internal import ClipriseWire

/// Words as a shell takes them.
enum ShellWord {
    private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:=,@%+")

    /// The word as it is where a shell leaves it alone, else quoted; in one line that is safe to show.
    static func text(_ word: String) -> String {
        guard word.isEmpty || !word.allSatisfy(plain.contains) else { return word }
        return quoted(word).printable
    }

    /// The word in quotes, whatever is in it.
    static func quoted(_ word: String) -> String { "'" + word.replacing("'", with: #"'\''"#) + "'" }
}
