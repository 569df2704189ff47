/// Where a fact comes from, highest authority first.
public enum Provenance: String, Sendable, Hashable, CaseIterable, Comparable {
    /// The reference, the published documentation of the models.
    case documented
    /// A later public edition of the same documentation.
    case later
    /// The parameter schema of the model as its upstream publishes it.
    case upstream
    /// Ours: no text says.
    case assumed

    /// Whether breaking a rule of this provenance is refused without `--strict`.
    public var isEnforced: Bool { self == .documented }

    /// Higher authority is greater.
    public static func < (left: Provenance, right: Provenance) -> Bool {
        left.rank > right.rank
    }

    private var rank: Int {
        switch self {
        case .documented: 0
        case .later: 1
        case .upstream: 2
        case .assumed: 3
        }
    }
}

/// A fact as each source states it.
///
/// The highest authority decides; the others are kept so that a reader sees where sources differ.
public struct Fact<Value: Sendable & Hashable>: Sendable, Hashable {
    public struct Statement: Sendable, Hashable {
        public var from: Provenance
        public var value: Value
    }

    /// At least one, highest authority first.
    public let statements: [Statement]

    /// Nil when `statements` is empty.
    public init?(_ statements: [Statement]) {
        guard !statements.isEmpty else { return nil }
        self.statements = statements.sorted { $0.from > $1.from }
    }

    public init(_ value: Value, from: Provenance) {
        statements = [Statement(from: from, value: value)]
    }

    public var value: Value { statements[0].value }
    public var from: Provenance { statements[0].from }
}
