internal import ClipriseJournal
internal import ClipriseWire

// The properties of polling and of fetching results.

extension AccountFacts {
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
                if delivery.isComplete, isMore { again.append(index) }
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
