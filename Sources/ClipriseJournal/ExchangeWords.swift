internal import ClipriseScenario

/// What is said of an exchange in words.
///
/// In one piece of memory, since an event goes through many hands, and each would count the holders of every text.
public final class ExchangeWords: Sendable, Hashable {
    struct Texts: Sendable, Hashable {
        var job: String?
        var fault: FaultWord?
        var faultPhase: FaultPhase?
        var hint: String?
        var warnings: [BodyWarning] = []

        /// Whether nothing is said.
        var isEmpty: Bool {
            job == nil && fault == nil && faultPhase == nil && hint == nil && warnings.isEmpty
        }
    }

    let texts: Texts

    /// Nil when nothing is said.
    init?(_ texts: Texts) {
        guard !texts.isEmpty else { return nil }
        self.texts = texts
    }

    public static func == (left: ExchangeWords, right: ExchangeWords) -> Bool { left.texts == right.texts }

    public func hash(into hasher: inout Hasher) { hasher.combine(texts) }
}
