package import ClipriseCatalog
package import ClipriseConformance
package import ClipriseEngine
package import ClipriseScenario
internal import ClipriseWire

/// The scenario and the profile that a run teaches.
package struct LearnedFiles: Sendable {
    package enum Lives: String, Sendable, Hashable, CaseIterable {
        /// A task ends at as many polls as it was seen to: the same polls get the same answers, at any pace.
        case polls
        /// A task ends after as long as it was seen to.
        case time
    }

    package let scenario: Scenario
    package let profile: ProfileFile
    /// What was seen, in words: a line for each task, and what cannot be played again.
    package let comments: [String]

    /// The most lines of tasks, rules and entries of a plan that a scenario has.
    private static let limit = 1_000

    package init(
        _ run: SeenRun, name: String, lives: Lives, settings: EngineSettings, catalog: Catalog
    ) {
        let contract = Expectations(settings, catalog, key: nil, host: "")
        let lesson = Lesson(run, contract)
        var scenario = Scenario(name: name, about: "As \(run.upstream) answered on \(run.day).".cut(to: 2_000))
        let keys = lesson.accounts.keys.sorted()
        var comments: [String] = []
        for (index, number) in keys.enumerated() {
            guard let account = lesson.accounts[number] else { continue }
            let key = index == 0 ? "test-key" : "test-key-\(index + 1)"
            // With one account the rules are for whichever key comes.
            Self.add(account, key, isOnly: keys.count == 1, lives, to: &scenario, &comments)
        }
        let all = lesson.accounts.values.flatMap(\.tasks)
        let known = Set(catalog.models.map(\.id))
        Self.addUsualLives(all.filter { known.contains($0.model ?? "") }, lives, to: &scenario)
        comments = comments.prefix(Self.limit) + lesson.notes
        let isWhole = Self.shorten(&scenario, comments)
        self.scenario = scenario
        self.comments = comments + (isWhole ? [] : ["more than a scenario holds: the first tasks and rules are here"])
        var found = AnswerEdition.Verification(day: run.day, server: run.upstream)
        found.clauses = Self.found(lesson.verdicts)
        found.models = lesson.models.mapValues(Self.found)
        var edition = settings.answers ?? AnswerEdition(answers: [:])
        edition.answers.merge(lesson.answers) { $1 }
        profile = ProfileFile(base: run.base, found: found, edition: edition)
    }

    private static func found(_ verdicts: [Clause: Finding.Verdict]) -> [AnswerEdition.Verification.Found] {
        Clause.allCases.compactMap { clause in
            verdicts[clause].map { .init(clause.rawValue, $0.rawValue) }
        }
    }

    /// The scenario as a file.
    package var scenarioText: String { Self.text(scenario, comments) }

    private static func text(_ scenario: Scenario, _ comments: [String]) -> String {
        let lines = comments.map { "# \($0.printable.cut(to: 500))\n" }.joined()
        return scenario.text + (lines.isEmpty ? "" : "\n# What was seen:\n" + lines)
    }

    /// Leaves out the last tasks and rules until the scenario can be read; says whether all stayed.
    private static func shorten(_ scenario: inout Scenario, _ comments: [String]) -> Bool {
        let whole = scenario
        for most in sequence(first: limit, next: { $0 > 0 ? $0 / 2 : nil }) {
            scenario.accounts = Array(whole.accounts.prefix(20 * max(1, most)))
            scenario.tasks = Array(whole.tasks.prefix(most))
            scenario.rules = Array(whole.rules.prefix(most))
            if Scenario.problems(inYAML: Array(text(scenario, comments).utf8), source: "").isEmpty { break }
        }
        return scenario == whole
    }

    // MARK: Parts

    private static func add(
        _ account: AccountLesson, _ key: String, isOnly: Bool, _ lives: Lives, to scenario: inout Scenario,
        _ comments: inout [String]
    ) {
        scenario.accounts.append(AccountRule(key: key, credits: 100_000))
        let glob = isOnly ? nil : Glob(key)
        let prefix = isOnly ? "" : "\(key) "
        func rule(_ name: String, _ operation: ClipriseWire.Operation, _ task: Int?, _ plan: [Fault?]) {
            guard let last = plan.lastIndex(where: { $0 != nil }) else { return }
            let plan = Array(plan[...min(last, limit - 1)])
            scenario.rules.append(
                Rule(
                    name: "\(prefix)\(name)",
                    when: When(operations: [operation], account: glob, task: task.map { $0...$0 }),
                    act: .plan(plan, repeats: false)))
        }
        rule("generates", .generate, nil, account.generates)
        for (index, task) in account.tasks.enumerated() {
            let number = index + 1
            rule("polls of task \(number)", .status, number, task.polls)
            rule("downloads of task \(number)", .download, number, task.downloads)
            comments.append("\(prefix)task \(number), \(task.model ?? "?"): \(words(task))")
            let outcome: TaskFault? =
                if case .failure(let text)? = task.end { .fail(message: text.isEmpty ? nil : text.cut(to: 1_000)) } else
                { nil }
            guard let life = life(task, lives) else { continue }
            scenario.tasks.append(
                TaskRule(account: glob, ordinals: number...number, life: life, outcome: outcome))
        }
    }

    private static func words(_ task: AccountLesson.Task) -> String {
        let polls = DecimalText.count(task.workedPolls, "poll")
        let time = task.milliseconds.map { "about \($0 / 1_000).\($0 / 100 % 10) s, " } ?? ""
        switch task.end {
        case .success?: return "finished, \(time)\(polls)"
        case .failure(let text)?: return "failed, \(time)\(polls): \(text.prefix(200))"
        case nil: return task.id == nil ? "its answer was lost" : "not seen to end, \(polls)"
        }
    }

    private static func life(_ task: AccountLesson.Task, _ lives: Lives) -> Life? {
        guard task.end != nil else {
            // At least as long as it was watched.
            guard task.id != nil, task.workedPolls > 0, lives == .polls else { return nil }
            return .polls(task.workedPolls + 1)
        }
        if lives == .time, let milliseconds = task.milliseconds {
            return .after(.fixed(.milliseconds(milliseconds)))
        }
        return .polls(max(1, task.workedPolls))
    }

    /// Lives of tasks beyond those seen: the median of their model.
    private static func addUsualLives(_ tasks: [AccountLesson.Task], _ lives: Lives, to scenario: inout Scenario) {
        let ended = tasks.filter { $0.end == .success }
        for model in Set(ended.compactMap(\.model)).sorted() {
            let mine = ended.filter { $0.model == model }
            let life: Life =
                switch lives {
                case .polls: .polls(max(1, mine.map(\.workedPolls).sorted()[mine.count / 2]))
                case .time:
                    .after(.fixed(.milliseconds(mine.compactMap(\.milliseconds).sorted()[mine.count / 2])))
                }
            scenario.tasks.append(TaskRule(model: Glob(model), life: life))
        }
    }
}
