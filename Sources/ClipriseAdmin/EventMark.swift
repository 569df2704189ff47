public import ClipriseJournal
internal import ClipriseWire

/// Where an event stands among those of all accounts: by real time, then by account, then by its number.
///
/// Within one account real time never runs backwards, so this order and that of the numbers are one.
public struct EventMark: Sendable, Hashable, Comparable {
    /// Nanoseconds since 1970.
    public var realTime: Int64
    /// The account's 0-based position among all.
    public var account: Int
    public var sequence: Int

    public init(realTime: Int64, account: Int, sequence: Int) {
        self.realTime = realTime
        self.account = account
        self.sequence = sequence
    }

    public init(_ event: JournalEvent, account: Int) {
        self.init(realTime: event.realTime, account: account, sequence: event.sequence)
    }

    /// Reads the text that `text` gives; nil for any other.
    public init?(text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let realTime: Int64 = DecimalText.whole(parts[0]),
            let account: Int = DecimalText.whole(parts[1]), let sequence: Int = DecimalText.whole(parts[2])
        else { return nil }
        self.init(realTime: realTime, account: account, sequence: sequence)
    }

    /// The id of the event in a stream.
    public var text: String { "\(realTime)-\(account)-\(sequence)" }

    public static func < (left: EventMark, right: EventMark) -> Bool {
        (left.realTime, left.account, left.sequence) < (right.realTime, right.account, right.sequence)
    }
}

/// Where a stream of events begins.
public enum StreamStart: Sendable, Hashable {
    /// With what happens from now on.
    case now
    /// Behind this number in each journal.
    case after(Int)
    /// Behind the last event that the reader has, but nothing up to the number `after`.
    case mark(EventMark, after: Int)
    /// From now on, for a reader that comes back with an id that says nothing: what happened meanwhile is lost to it.
    case gap
}
