internal import ClipriseConformance
internal import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseWire

/// What a run teaches: the answers that differ from the contract's, the lives of tasks, and all that went wrong, in the
/// order of coming, so that a mock returns the same for the same requests.
struct Lesson {
    /// The answers of the profile, by slot.
    private(set) var answers: [String: AnswerEdition.Template] = [:]
    private(set) var verdicts: [Clause: Finding.Verdict] = [:]
    /// The same of what was asked with a model, by its id.
    private(set) var models: [String: [Clause: Finding.Verdict]] = [:]
    /// The model of the exchange in hand.
    private var model: String?
    /// By the number of the key.
    private(set) var accounts: [Int: AccountLesson] = [:]
    /// What cannot be played again.
    private(set) var notes: [String] = []
    private var settled: Set<String> = []
    /// The bytes that whole bodies may still take in the scenario, whose reader takes 4 MiB in all.
    private var bodyRoom = 2 << 20
    private let contract: Expectations

    init(_ run: SeenRun, _ contract: Expectations) {
        self.contract = contract
        for exchange in run.exchanges { take(exchange) }
    }

    private mutating func note(_ exchange: SeenExchange, _ text: String) {
        guard notes.count < 50 else { return }
        notes.append("#\(exchange.number): \(text)")
    }

    // MARK: One exchange

    private mutating func take(_ exchange: SeenExchange) {
        model = exchange.kind == .generate ? exchange.model : nil
        switch exchange.result {
        // The service never saw it.
        case .withheld, .notSent: return
        case .answered(let answer) where exchange.key == nil || isStranger(exchange, answer):
            learnStranger(exchange, answer)
        case .answered, .lost:
            guard let key = exchange.key else { return }
            var account = accounts[key] ?? AccountLesson()
            switch exchange.kind {
            case .generate: takeGenerate(exchange, &account)
            case .status: takeStatus(exchange, &account)
            case .other: break
            }
            accounts[key] = account
        }
    }

    /// Whether the key is one that the service does not know, and never knew.
    private func isStranger(_ exchange: SeenExchange, _ answer: SeenExchange.Answer) -> Bool {
        guard case .badKey = Reading(answer.observation), let key = exchange.key else { return false }
        return accounts[key] == nil
    }

    private mutating func learnStranger(_ exchange: SeenExchange, _ answer: SeenExchange.Answer) {
        guard let expected = exchange.expectedOfStranger else { return }
        if !isLearned(expected, answer.observation) {
            noteUnlike(exchange, answer)
        }
    }

    // MARK: Generate

    private mutating func takeGenerate(_ exchange: SeenExchange, _ account: inout AccountLesson) {
        let isRefused = exchange.expected != nil
        guard case .answered(let answer) = exchange.result, answer.isWhole else {
            account.generates.append(Fault(.close, phase: isRefused ? .before : .after))
            if !isRefused { account.tasks.append(.init(id: nil, model: exchange.model)) }
            return
        }
        let reading = Reading(answer.observation)
        if case .accepted(let id) = reading {
            if let expected = exchange.expected {
                note(exchange, "taken, although the catalogue refuses it (\(expected.slot)); the mock will refuse it")
                account.generates.append(nil)
                return
            }
            account.generates.append(shapeFault(.gen11, answer.observation, exchange))
            account.tasks.append(.init(id: id, model: exchange.model, acceptedAt: exchange.at + exchange.took))
            return
        }
        if let expected = exchange.expected, isLearned(expected, answer.observation) {
            account.generates.append(nil)
            return
        }
        if case .short = reading { note(.gen10, .same) }
        let isUnsure = !reading.isCertainRefusal && [502, 504].contains(answer.status) && !isRefused
        account.generates.append(exactly(answer, phase: isUnsure ? .after : .before))
        if isUnsure { account.tasks.append(.init(id: nil, model: exchange.model)) }
    }

    // MARK: Status

    private mutating func takeStatus(_ exchange: SeenExchange, _ account: inout AccountLesson) {
        guard let position = account.tasks.firstIndex(where: { $0.id != nil && $0.id == exchange.task }) else {
            takeUnknownTask(exchange)
            return
        }
        var task = account.tasks[position]
        defer { account.tasks[position] = task }
        guard case .answered(let answer) = exchange.result else {
            let isDownload = exchange.wantsFile && task.end == .success
            task.add(Fault(.close), isDownload: isDownload)
            return
        }
        if answer.isFile || exchange.wantsFile && task.end == .success {
            takeDownload(exchange, answer, &task)
            return
        }
        switch Reading(answer.observation) {
        case .processing where task.end == nil:
            take(answer, .sta3, &task)
            task.lastOpenAt = exchange.at
        case .success where task.end == nil || task.end == .success:
            if task.end == nil { task.endedAt = exchange.at }
            let fault = shapeFault(.sta4, answer.observation, exchange)
            if task.end == nil { task.workedPolls += 1 }
            task.end = .success
            task.add(fault, isDownload: false)
        case .failed(let text) where task.end == nil || task.end == .failure(text):
            if task.end == nil { task.endedAt = exchange.at }
            if take(answer, .sta7, &task, counts: task.end == nil) { task.end = .failure(text) }
        default: task.add(exactly(answer, phase: .before), isDownload: false)
        }
    }

    /// Learns a poll's answer; one that cannot be the answer of its clause is played as it was.
    @discardableResult
    private mutating func take(
        _ answer: SeenExchange.Answer, _ clause: Clause, _ task: inout AccountLesson.Task, counts: Bool = true
    ) -> Bool {
        guard let contract = contract.step(clause) else { return false }
        let isAlike = isLearned(.init(slot: clause.rawValue, answer: contract), answer.observation)
        task.add(isAlike ? nil : exactly(answer, phase: .before), isDownload: false)
        if isAlike, counts { task.workedPolls += 1 }
        return isAlike
    }

    private mutating func takeDownload(
        _ exchange: SeenExchange, _ answer: SeenExchange.Answer, _ task: inout AccountLesson.Task
    ) {
        if task.end == nil, answer.isFile {
            // The poll that first saw the end was answered with the file.
            task.workedPolls += 1
            task.endedAt = exchange.at
            task.end = .success
        }
        guard answer.isFile else {
            task.add(exactly(answer, phase: .before), isDownload: true)
            return
        }
        note(.sta5, .same)
        guard !answer.isWhole else { return task.add(nil, isDownload: true) }
        let part = answer.announced.map { $0 > 0 ? Double(answer.size) / Double($0) : 0.5 } ?? 0.5
        task.add(Fault(.truncate(Truncation(at: .fraction(max(0, min(part, 0.99)))))), isDownload: true)
    }

    private mutating func takeUnknownTask(_ exchange: SeenExchange) {
        guard case .answered(let answer) = exchange.result, let expected = exchange.expected else { return }
        switch Reading(answer.observation) {
        case .unknownTask, .refused:
            if !isLearned(expected, answer.observation) {
                noteUnlike(exchange, answer)
            }
        default: note(exchange, "about a task that was there before the recording; the mock does not know it")
        }
    }

    // MARK: Answers

    /// Learns the answer of a slot from the first that came; says whether the mock will answer as `received`.
    private mutating func isLearned(_ expected: SeenExchange.Expected, _ received: Observation) -> Bool {
        let answer = Comparison.templated(received).observation.withoutFailMsg
        guard let clause = expected.slot.split(separator: ".").first.flatMap({ Clause(rawValue: String($0)) }) else {
            return false
        }
        let own = answers[expected.slot] ?? answers[clause.rawValue]
        let present = own.map { Observation(status: $0.status, contentType: $0.contentType, body: $0.body) }
        if Comparison.aspects(present ?? expected.answer, answer).isEmpty {
            settled.insert(expected.slot)
            note(clause, own == nil ? .same : .differs)
            return true
        }
        note(clause, .differs)
        guard let template = ProfileFile.template(answer), settled.insert(expected.slot).inserted else { return false }
        answers[expected.slot] = template
        return true
    }

    /// Notes a verdict; that something differs stays.
    private mutating func note(_ clause: Clause, _ verdict: Finding.Verdict) {
        if verdicts[clause] != .differs { verdicts[clause] = verdict }
        guard let model, models[model]?[clause] != .differs else { return }
        models[model, default: [:]][clause] = verdict
    }

    private mutating func noteUnlike(_ exchange: SeenExchange, _ answer: SeenExchange.Answer) {
        note(
            exchange,
            ProfileFile.template(answer.observation) == nil
                ? "answered with more than a profile holds; it is not played"
                : "answered otherwise than its like before; only the first is played")
    }

    /// Nil when the mock answers alike; the other documented shape where it is that.
    private mutating func shapeFault(_ clause: Clause, _ received: Observation, _ exchange: SeenExchange) -> Fault? {
        guard let contract = contract.step(clause) else { return nil }
        if isLearned(.init(slot: clause.rawValue, answer: contract), received) { return nil }
        let isArray = received.body.first == UInt8(ascii: "[")
        let own = answers[clause.rawValue]?.body ?? contract.body
        if isArray != (own.first == UInt8(ascii: "[")) { return Fault(.shape(isArray ? .array : .object)) }
        note(exchange, "its answer to \(clause.rawValue) has other keys than the first; only the first is played")
        return nil
    }

    /// The very answer; of bodies that are too many, the beginning.
    private mutating func exactly(_ answer: SeenExchange.Answer, phase: Fault.Phase) -> Fault {
        if answer.status == 200, answer.body.isEmpty { return Fault(.empty, phase: phase) }
        var text = String(decoding: answer.body, as: UTF8.self).cut(to: 64 << 10)
        var quoted: [UInt8] = []
        quoted.append(jsonString: text)
        if bodyRoom < quoted.count { text = text.cut(to: 200) }
        bodyRoom -= min(bodyRoom, quoted.count)
        let body: StatusFault.Body =
            text.isEmpty ? .empty : .text(text, type: answer.contentType.flatMap { $0.fieldText(limit: 200) })
        let wait = answer.retryAfter.flatMap { $0.fieldText(limit: 1_000) }.map { text -> RetryAfter in
            (DecimalText.whole(text) as Int64?).flatMap { (0...86_400).contains($0) ? .seconds(.seconds($0)) : nil }
                ?? .text(text)
        }
        let code = min(max(answer.status, 200), 599)
        return Fault(.status(StatusFault(code: code, body: body, retryAfter: wait)), phase: phase)
    }
}

extension Observation {
    /// With `{failMsg}` in the place of the text under that key.
    fileprivate var withoutFailMsg: Observation {
        guard case .failed(let text) = Reading(self), !text.isEmpty else { return self }
        var quoted: [UInt8] = []
        quoted.append(jsonString: text)
        let inner = Array(quoted.dropFirst().dropLast())
        guard let place = body.firstRange(of: inner) else { return self }
        var result = self
        result.body.replaceSubrange(place, with: Array("{failMsg}".utf8))
        return result
    }
}

extension String {
    /// At most this many scalars, as the language of scenarios counts a text.
    func cut(to count: Int) -> String {
        unicodeScalars.count <= count ? self : String(String.UnicodeScalarView(unicodeScalars.prefix(count)))
    }

    /// The text as a scenario takes it for the value of a header field: nil for none, or one with control characters.
    func fieldText(limit: Int) -> String? {
        isEmpty || unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? nil : cut(to: limit)
    }
}
