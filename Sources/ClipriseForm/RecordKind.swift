public struct RecordMember: Sendable, Hashable {
    public var key: String
    public var kind: RecordKind
    public var isOptional: Bool
    /// For people; empty where the key says it all.
    public var about: String
}

/// What a value of a record can be.
public indirect enum RecordKind: Sendable, Hashable {
    case text, flag, bytes, json
    /// A number that may have a fraction.
    case real
    case integer(ClosedRange<Int64>)
    case number(RecordDigits)
    case time(RecordTime)
    case word([String])
    /// The name of what stands at a position of a list, or the position.
    case name(RecordList)
    /// Of a task.
    case id
    case record([RecordMember])
    case list(RecordKind)
    /// An object whose keys are data.
    case entries(RecordKind)
    case any([RecordKind])
}

/// What a time is; all are nanoseconds.
public enum RecordTime: Sendable, Hashable {
    /// On an account's clock.
    case instant
    /// Since 1970.
    case date
    case span(ClosedRange<Int64>)
}

/// How a number of 64 bits stands as text.
public enum RecordDigits: Sendable, Hashable {
    case decimal
    /// 16 lower-case digits.
    case hexadecimal
}
