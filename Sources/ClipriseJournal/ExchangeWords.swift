package import ClipriseWire

/// What is said of an exchange in words.
///
/// In one piece of memory, since an event goes through many hands, and each would count the holders of every text.
package final class ExchangeWords: Sendable, Hashable {
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

    package static func == (left: ExchangeWords, right: ExchangeWords) -> Bool { left.texts == right.texts }

    package func hash(into hasher: inout Hasher) { hasher.combine(texts) }
}

extension ExchangeEvent {
    /// What the client calls the job that a generate is for (`X-Cliprise-Mock-Job`); nil when it does not say.
    package var job: String? {
        get { words?.texts.job }
        set { say { $0.job = newValue } }
    }

    /// The fault that struck.
    package var fault: FaultWord? {
        get { words?.texts.fault }
        set { say { $0.fault = newValue } }
    }

    package var faultPhase: FaultPhase? {
        get { words?.texts.faultPhase }
        set { say { $0.faultPhase = newValue } }
    }

    /// Why, in words, where there is something to say.
    package var hint: String? {
        get { words?.texts.hint }
        set { say { $0.hint = newValue } }
    }

    /// What the check of the request, most often of its body, had to say although it let it in.
    package var warnings: [BodyWarning] {
        get { words?.texts.warnings ?? [] }
        set { say { $0.warnings = newValue } }
    }

    private mutating func say(_ change: (inout ExchangeWords.Texts) -> Void) {
        var texts = words?.texts ?? ExchangeWords.Texts()
        change(&texts)
        words = ExchangeWords(texts)
    }
}
