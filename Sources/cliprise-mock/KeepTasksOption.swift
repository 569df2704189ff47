internal import ArgumentParser
internal import ClipriseEngine
internal import ClipriseWire

extension TaskKeeping {
    /// The most tasks that can be asked for.
    private static let limit = 1_000_000_000

    /// Reads the value of `--keep-tasks`: a number of tasks, or a length of time such as `12h` or `30d`.
    init(option text: String) throws {
        if let count: Int = DecimalText.whole(text), (1...Self.limit).contains(count) {
            self = .newest(count)
        } else if text.hasSuffix("d"), let days: Int = DecimalText.whole(text.dropLast()), (1...365).contains(days) {
            self = .since(.seconds(Int64(days) * 86_400))
        } else if let span = TimeSpan(text: text) {
            self = .since(span)
        } else {
            throw ValidationError(
                "--keep-tasks \(text.printable): write how many, 1 to \(Self.limit), or how long after their end, such "
                    + "as 90s, 12h or 30d, up to 365d.")
        }
    }
}
