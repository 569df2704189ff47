/// What is logged, and how.
package struct LogSettings: Sendable, Hashable {
    package enum Level: String, Sendable, Hashable, CaseIterable, Comparable {
        case error, warning, info, debug

        package static func < (left: Level, right: Level) -> Bool {
            left.rank < right.rank
        }

        private var rank: Int {
            switch self {
            case .error: 0
            case .warning: 1
            case .info: 2
            case .debug: 3
            }
        }
    }

    package enum Format: String, Sendable, Hashable, CaseIterable {
        case text, json
    }

    /// `info` reports every exchange; `warning` those that were refused or warned of; `error` none of them.
    package var level: Level
    package var format: Format
    package var descriptor: Int32

    package init(level: Level = .info, format: Format = .text, descriptor: Int32 = 2) {
        self.level = level
        self.format = format
        self.descriptor = descriptor
    }
}
