public import ClipriseScenario

extension ExchangeEvent {
    /// What the client calls the job that a generate is for (`X-Cliprise-Mock-Job`); nil when it does not say.
    public var job: String? {
        get { words?.texts.job }
        set { say { $0.job = newValue } }
    }

    /// The fault that struck.
    public var fault: FaultWord? {
        get { words?.texts.fault }
        set { say { $0.fault = newValue } }
    }

    public var faultPhase: FaultPhase? {
        get { words?.texts.faultPhase }
        set { say { $0.faultPhase = newValue } }
    }

    /// Why, in words, where there is something to say.
    public var hint: String? {
        get { words?.texts.hint }
        set { say { $0.hint = newValue } }
    }

    /// What the check of the request, most often of its body, had to say although it let it in.
    public var warnings: [BodyWarning] {
        get { words?.texts.warnings ?? [] }
        set { say { $0.warnings = newValue } }
    }

    private mutating func say(_ change: (inout ExchangeWords.Texts) -> Void) {
        var texts = words?.texts ?? ExchangeWords.Texts()
        change(&texts)
        words = ExchangeWords(texts)
    }
}
