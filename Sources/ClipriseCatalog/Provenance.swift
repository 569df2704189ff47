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
        allCases.prefix { $0 != left }.contains(right)
    }

    /// Under which the facts of this source stand in a file, and what they are.
    var group: (key: StaticString, about: StaticString) {
        switch self {
        case .documented: ("documented", "What the reference says; a body that breaks such a rule is refused.")
        case .later: ("later", "What a later public edition of the reference says.")
        case .upstream: ("upstream", "What the schema of the model's upstream says.")
        case .assumed: ("assumed", "What no text says.")
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
    public private(set) var statements: [Statement]

    /// Nothing yet: what a file is read into.
    init() { statements = [] }

    public init(_ value: Value, from: Provenance) {
        statements = [Statement(from: from, value: value)]
    }

    public var value: Value { statements[0].value }
    public var from: Provenance { statements[0].from }

    /// What one source states.
    subscript(from: Provenance) -> Value? {
        get { statements.first { $0.from == from }?.value }
        set {
            statements.removeAll { $0.from == from }
            guard let newValue else { return }
            let place = statements.firstIndex { $0.from < from } ?? statements.endIndex
            statements.insert(Statement(from: from, value: newValue), at: place)
        }
    }
}

extension Optional {
    /// What one source states of a fact that need not be stated.
    subscript<Value>(from: Provenance) -> Value? where Wrapped == Fact<Value> {
        get { self?[from] }
        set {
            guard self != nil || newValue != nil else { return }
            var fact = self ?? Fact()
            fact[from] = newValue
            self = fact.statements.isEmpty ? nil : fact
        }
    }
}
