internal import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

// Counts, order and spans of time, as expectations ask for them.

extension AccountFacts {
    /// Whether the client did anything with this account.
    var isUsed: Bool { !attempts.isEmpty }

    func count(_ expected: CountExpectation) -> Judgement {
        let match = FilterMatch(expected.filter, view)
        switch expected.subject {
        case .pollsPerTask: return perTask(expected, match, "poll") { $0.operation == .status }
        case .downloadsPerTask: return perTask(expected, match, "download") { $0.operation == .download }
        case .creditsCaptured, .creditsWasted:
            let (credits, sequences) = credits(expected.subject, match)
            return judge(
                expected.bound, credits, NumberText.credits(credits), sequences,
                tooMany: "Find out what these tasks were bought for, and whether their files were fetched and kept")
        default:
            let sequences = matches(expected.subject, match)
            let seen = NumberText.count(sequences.count, expected.subject.one, expected.subject.many)
            return judge(expected.bound, Int64(sequences.count), seen, sequences)
        }
    }

    private func judge(
        _ bound: CountExpectation.Bound, _ number: Int64, _ seen: String, _ sequences: [Int],
        tooMany: String = "Find out what these events were for: the client did more than it should"
    ) -> Judgement {
        let beyond = bound.isTooMany(number)
        // What was evicted can only add to a count.
        if view.lost > 0, bound.allows(number) ? !bound.isLowerOnly : !beyond { return .cut(view.lost) }
        if bound.allows(number) { return .pass(seen, samples: Int(number), sequences) }
        return .fail(
            seen,
            change: beyond ? tooMany : Self.stoppedShort, samples: Int(number), sequences)
    }

    private static let stoppedShort = "Find out why the client stopped short: what should have happened did not"

    private func matches(_ subject: CountExpectation.Subject, _ match: FilterMatch) -> [Int] {
        var sequences: [Int] = []
        for event in view.events {
            let isMatch: Bool =
                switch event.kind {
                case .exchange(let exchange): subject.counts(exchange) && match.matches(exchange)
                case .settled(let settled): subject.counts(settled) && match.matches(model: settled.model)
                case .callback(let callback):
                    subject == .callbacks && match.matches(model: settles[callback.task]?.event.model)
                case .money, .clock: false
                }
            if isMatch { sequences.append(event.sequence) }
        }
        return sequences
    }

    private func perTask(
        _ expected: CountExpectation, _ match: FilterMatch, _ noun: String, _ isCounted: (ExchangeEvent) -> Bool
    ) -> Judgement {
        var (least, most): (Int64?, Int64) = (nil, 0)
        var wrong: [Int] = []
        var (wrongTasks, judged) = (0, 0)
        for (_, indices) in tasks {
            let counted = indices.filter { isCounted(attempts[$0].exchange) && match.matches(attempts[$0].exchange) }
            // A task that the filter does not speak of has no polls that could be too few.
            guard !counted.isEmpty || expected.filter == .any else { continue }
            let number = Int64(counted.count)
            judged += 1
            least = min(least ?? number, number)
            most = max(most, number)
            if !expected.bound.allows(number), view.lost == 0 || expected.bound.isTooMany(number) {
                wrongTasks += 1
                wrong += sequences(counted)
            }
        }
        if view.lost > 0, wrongTasks == 0 { return .cut(view.lost) }
        guard let least else {
            // As with other counts, an upper bound holds for nothing.
            return expected.bound.allows(0)
                ? .pass("no task was asked for", samples: 0) : .notExercised("no task was asked for", samples: 0)
        }
        let isTooMany = expected.bound.isTooMany(most)
        let range = least == most ? "\(most)" : "\(least) to \(most)"
        let seen = "\(range) \(noun)\(most == 1 ? "" : "s") of each of \(NumberText.count(judged, "task"))"
        if wrongTasks == 0 { return .pass(seen, samples: judged) }
        return .fail(
            "\(seen), \(wrongTasks) out of bounds",
            change: !isTooMany
                ? Self.stoppedShort
                : noun == "poll"
                    ? "Poll less often: wait longer between polls, and stop at the end"
                    : "Fetch a result once and keep it",
            samples: judged, wrong)
    }

    private func credits(_ subject: CountExpectation.Subject, _ match: FilterMatch) -> (Int64, [Int]) {
        var (credits, sequences): (Int64, [Int]) = (0, [])
        if subject == .creditsWasted {
            for purchase in purchases where isLost(purchase) {
                guard match.matches(model: attempts[purchase.generate].exchange.model) else { continue }
                credits += purchase.price
                sequences.append(settles[purchase.task]?.sequence ?? attempts[purchase.generate].sequence)
            }
            return (credits, sequences)
        }
        for event in view.events {
            guard case .settled(let settled) = event.kind, settled.captured > 0, match.matches(model: settled.model)
            else { continue }
            credits += settled.captured
            sequences.append(event.sequence)
        }
        return (credits, sequences)
    }

    func inOrder(_ filters: [Filter]) -> Judgement {
        var found: [Int] = []
        var next = 0
        for filter in filters {
            let match = FilterMatch(filter, view)
            guard let index = attempts[next...].firstIndex(where: { match.matches($0.exchange) }) else {
                let behind = found.last.map { " after #\($0)" } ?? ""
                return .fail(
                    "step \(found.count + 1) (\(filter.name)) was not seen\(behind)",
                    change: "Make the client do these steps in this order", samples: found.count, found)
            }
            found.append(attempts[index].sequence)
            next = index + 1
        }
        return .pass("seen in this order", samples: found.count, found)
    }

    func within(from: Filter, to: Filter, _ limit: TimeSpan) -> Judgement {
        let (start, end) = (FilterMatch(from, view), FilterMatch(to, view))
        guard let first = attempts.firstIndex(where: { start.matches($0.exchange) }) else {
            return .notExercised("no request was \(from.name)", samples: 0)
        }
        guard let last = attempts[(first + 1)...].firstIndex(where: { end.matches($0.exchange) }) else {
            return .fail(
                "\(to.name) never came after #\(attempts[first].sequence)",
                change: "Find out why the client stopped short: what should have happened did not", samples: 1,
                [attempts[first].sequence])
        }
        let span = attempts[last].at.since(attempts[first].at)
        let seen = "\(NumberText.span(span)) from #\(attempts[first].sequence) to #\(attempts[last].sequence)"
        if span <= limit { return .pass(seen, samples: 1, sequences([first, last])) }
        return .fail(
            seen, change: "Shorten what lies between: waits, retries or other requests", samples: 1,
            sequences([first, last]))
    }

    func gap(of filter: Filter, atLeast: TimeSpan?, atMost: TimeSpan?) -> Judgement {
        let match = FilterMatch(filter, view)
        var (least, most): (TimeSpan?, TimeSpan) = (nil, .zero)
        var (samples, unknown) = (0, 0)
        var (short, long): ([Int], [Int]) = ([], [])
        for call in calls.all {
            let matching = call.attempts.filter { match.matches(attempts[$0].exchange) }
            for (one, next) in zip(matching, matching.dropFirst()) {
                guard let wait = waits.wait(from: one, to: next) else {
                    unknown += 1
                    continue
                }
                samples += 1
                least = min(least ?? wait, wait)
                most = max(most, wait)
                if let atLeast, wait < atLeast { short += sequences([one, next]) }
                if let atMost, wait > atMost { long += sequences([one, next]) }
            }
        }
        guard let least else {
            return .notExercised(
                unknown > 0 ? Waits.unknownText(unknown) : "no call had two of \(filter.name)", samples: 0)
        }
        let seen =
            least == most
            ? "\(NumberText.span(most)) between them"
            : "\(NumberText.span(least)) to \(NumberText.span(most)) between them"
        if short.isEmpty, long.isEmpty { return .pass(seen, samples: samples) }
        return .fail(
            seen,
            change: short.isEmpty ? "Come back sooner" : "Wait longer between two attempts", samples: samples,
            Array(Set(short + long)).sorted())
    }
}

extension CountExpectation.Bound {
    private var limits: (least: Int64, most: Int64) {
        switch self {
        case .exactly(let wanted): (wanted, wanted)
        case .atMost(let most): (.min, most)
        case .atLeast(let least): (least, .max)
        case .between(let least, let most): (least, most)
        case .never: (0, 0)
        }
    }

    func allows(_ number: Int64) -> Bool { number >= limits.least && number <= limits.most }

    /// Whether more can never break it.
    var isLowerOnly: Bool { limits.most == .max }

    /// Whether fewer would be right.
    func isTooMany(_ number: Int64) -> Bool { number > limits.most }

    var description: String {
        switch self {
        case .exactly(let wanted): "exactly \(NumberText.grouped(wanted))"
        case .atMost(let most): "at most \(NumberText.grouped(most))"
        case .atLeast(let least): "at least \(NumberText.grouped(least))"
        case .between(let least, let most): "\(NumberText.grouped(least)) to \(NumberText.grouped(most))"
        case .never: "never"
        }
    }
}

extension CountExpectation.Subject {
    fileprivate func counts(_ exchange: ExchangeEvent) -> Bool {
        switch self {
        case .requests: true
        case .attempts: exchange.operation == .generate
        case .polls: exchange.operation == .status
        case .downloads: exchange.operation == .download
        case .tasks: exchange.fate == .accepted || exchange.fate == .answerLost
        default: false
        }
    }

    fileprivate func counts(_ settled: SettledEvent) -> Bool {
        switch self {
        case .charges: settled.captured > 0
        case .tasksSucceeded: settled.succeeded
        case .tasksFailed: !settled.succeeded
        default: false
        }
    }

    var one: String {
        switch self {
        case .requests: "request"
        case .attempts: "generate"
        case .polls, .pollsPerTask: "poll"
        case .downloads, .downloadsPerTask: "download"
        case .charges: "charge"
        case .creditsCaptured, .creditsWasted: "credit"
        case .callbacks: "callback"
        case .tasks: "task"
        case .tasksSucceeded: "successful task"
        case .tasksFailed: "failed task"
        }
    }

    var many: String { one + "s" }
}
