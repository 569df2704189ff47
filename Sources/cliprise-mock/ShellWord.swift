internal import ClipriseWire

/// Words as a shell takes them.
enum ShellWord {
    private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:=,@%+")

    /// The word as it is where a shell leaves it alone, else quoted; in one line that is safe to show.
    static func text(_ word: String) -> String {
        guard word.isEmpty || !word.allSatisfy(plain.contains) else { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#).printable
            + "'"
    }
}
