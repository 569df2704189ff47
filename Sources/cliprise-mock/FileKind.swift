/// What a file of this program is, as far as its beginning shows it.
enum FileKind: CaseIterable {
    case scenario, bundle, journal, snapshot, shard, state

    init?(of bytes: [UInt8]) {
        for kind in Self.allCases where kind != .scenario && bytes.starts(with: kind.beginning.utf8) {
            self = kind
            return
        }
        // The first key of a scenario, behind comments.
        var rest = bytes[...]
        while let line = rest.split(separator: 0x0A, maxSplits: 1).first,
            line.first == UInt8(ascii: "#") || line == [0x0D]
        {
            rest = rest[line.endIndex...].drop { $0 == 0x0A }
        }
        let head = String(decoding: rest.prefix(80).filter { !" {\"\n\r".utf8.contains($0) }, as: UTF8.self)
        guard head.hasPrefix(Self.scenario.beginning) else { return nil }
        self = .scenario
    }

    private var beginning: String {
        switch self {
        case .scenario: "schema:cliprise-mock/v"
        case .bundle: #"{"bundle":"cliprise-mock/bundle/"#
        case .journal: #"{"kind":"account","schema":"cliprise-mock/journal-"#
        case .snapshot: #"{"version":1,"models":["#
        case .shard: #"{"experiment":"cliprise-mock/experiment/"#
        case .state: "SQLite format 3\0"
        }
    }

    /// What it is, and which commands take it.
    var words: String {
        switch self {
        case .scenario: "a scenario, which serve, exec, simulate and shrink FILE -- COMMAND take"
        case .bundle: "a bundle, which replay, shrink and grade take"
        case .journal: "a journal, which grade takes"
        case .snapshot: "a snapshot, which state import takes"
        case .shard: "a part of an experiment, which simulate merge takes"
        case .state: "a database, such as serve --state keeps"
        }
    }
}
