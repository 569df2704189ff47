public import ClipriseWire

/// A list that records refer to.
public enum RecordList: Sendable, Hashable {
    case models, rules
}

/// What the positions in records are called.
public protocol RecordNames {
    /// Nil for what has no name: its position is written.
    func name(at position: Int, in list: RecordList) -> String?
    /// Nil for a task whose id is not known.
    func id(ofTask ordinal: Int) -> TaskID?
}

/// The names that are known while records are read that belong together.
public final class ReadNames {
    private let models: [String: Int]
    private let rules: [String: Int]
    /// By 1-based position, of those that were read.
    public private(set) var taskIDs: [Int: TaskID] = [:]

    /// Of equal names the last is meant.
    public init(models: [String] = [], rules: [String] = []) {
        self.models = Self.positions(models)
        self.rules = Self.positions(rules)
    }

    private static func positions(_ names: [String]) -> [String: Int] {
        Dictionary(zip(names, names.indices), uniquingKeysWith: { $1 })
    }

    private func positions(_ list: RecordList) -> [String: Int] {
        switch list {
        case .models: models
        case .rules: rules
        }
    }

    func position(_ name: String, in list: RecordList) -> Int? { positions(list)[name] }

    func names(_ list: RecordList) -> [String] { positions(list).keys.sorted() }

    /// - Returns: The other id that the task is known by, or nil.
    func note(_ id: TaskID, ofTask ordinal: Int) -> TaskID? {
        if let known = taskIDs[ordinal], known != id { return known }
        taskIDs[ordinal] = id
        return nil
    }
}
