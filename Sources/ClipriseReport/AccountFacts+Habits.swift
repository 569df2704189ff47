internal import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

// The judge of each property, and the numbers that it has in a report; the judges of polling and of fetching results.

extension AccountFacts {
    /// - Parameter accounts: How many accounts are judged each by itself.
    func judge(_ property: ClientProperty, of accounts: Int) -> Judgement {
        switch property {
        case .noDoubleCharge: noDoubleCharge()
        case .noBlindResend: noBlindResend()
        case .noWaste: noWaste()
        case .retriesOnlyRetryable: retriesOnlyRetryable()
        case .stopsOnTerminal: stopsOnTerminal()
        case .honoursRetryAfter(let tolerance): honoursRetryAfter(tolerance: tolerance)
        case .backoff(let expected): BackoffJudge([self], of: accounts).backoff(expected)
        case .jitterPresent(let samples): BackoffJudge([self], of: accounts).jitterPresent(samples: samples)
        case .retryBudget(let ratio, let minimum): retryBudget(ratio: ratio, minimum: minimum)
        case .pollRate(let limit, let window): pollRate(atMost: limit, per: window)
        case .acceptsBothShapes: acceptsBothShapes()
        case .downloadsOnce: downloadsOnce()
        case .keyNotLeaked: keyNotLeaked()
        }
    }

    func pollRate(atMost limit: Int, per window: TimeSpan) -> Judgement {
        let length = Double(window.nanoseconds) / 1e9
        var worst: (count: Int, task: Int, attempts: [Int]) = (0, 0, [])
        var (measured, unknown) = (0, 0)
        for call in calls.all where call.kind == .polling {
            guard let task = call.task else { continue }
            let runs = waits.runs(call)
            unknown += runs.count - 1
            for run in runs where run.count > 1 {
                measured += run.count
                var first = 0
                var densest = 0..<0
                for last in run.indices {
                    while run[last].time - run[first].time >= length { first += 1 }
                    if last - first >= densest.count { densest = first..<(last + 1) }
                }
                if densest.count > worst.count { worst = (densest.count, task, run[densest].map(\.attempt)) }
            }
        }
        guard measured > 0 else {
            return .notExercised(
                unknown > 0 ? Waits.unknownText(unknown) : "no task was polled twice", samples: 0)
        }
        let seen = "at most \(NumberText.count(worst.count, "poll")) of one task within \(NumberText.span(window))"
        if worst.count > limit {
            return .fail(
                "\(NumberText.count(worst.count, "poll")) of task \(worst.task) within \(NumberText.span(window))",
                change:
                    "Wait between polls, longer each time up to a limit: a generation takes from seconds to minutes, "
                    + "and asking more often does not end it sooner",
                samples: measured, sequences(worst.attempts))
        }
        return .pass(seen, samples: measured)
    }

    func downloadsOnce() -> Judgement {
        var (fetched, twice) = (0, 0)
        var evidence: [Int] = []
        for call in calls.all where call.kind == .download {
            var delivery = Delivery()
            var (whole, again): ([Int], [Int]) = ([], [])
            for index in call.attempts {
                let exchange = attempts[index].exchange
                let isMore = exchange.method != .head && attempts[index].answer == .file && exchange.bytes > 0
                // One that splits a file asks for each part with an open end, and leaves where the next begins.
                let isWhole = exchange.file.map { $0.start == 0 } ?? true
                if delivery.isComplete, isMore, isWhole { again.append(index) }
                delivery.add(exchange)
                if isMore { whole.append(index) }
            }
            if delivery.isComplete { fetched += 1 }
            if !again.isEmpty {
                twice += 1
                evidence += sequences(whole)
            }
        }
        if twice > 0 {
            return .fail(
                "\(NumberText.count(twice, "result")) of \(fetched) fetched more than once",
                change: "Keep what was downloaded; fetch again only when the file was cut or damaged",
                samples: fetched, evidence)
        }
        return fetched == 0
            ? .notExercised("no result was downloaded whole", samples: 0)
            : .pass("\(NumberText.count(fetched, "result")), each fetched once", samples: fetched)
    }
}

extension ClientProperty {
    /// The numbers of a property in words, where they are not the usual ones.
    var numbers: String {
        switch self {
        case .backoff(let backoff): backoff == Backoff() ? "" : backoff.description
        case .retryBudget(let ratio, let minimum): "\(NumberText.ratio(ratio * 100)) % + \(minimum)"
        case .pollRate(let limit, let window): "at most \(limit) in \(NumberText.span(window))"
        default: ""
        }
    }
}
