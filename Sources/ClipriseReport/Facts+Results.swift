internal import ClipriseJournal
internal import ClipriseWire

// The properties of polling and of fetching results.

extension Facts {
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

    func acceptsBothShapes() -> Judgement {
        let polled = Set(tasks.map(\.task))
        var (arrays, objects): ([Int], [Int]) = ([], [])
        var (arraysRead, objectsRead) = (0, 0)
        for (index, attempt) in attempts.enumerated() where attempt.answer == .accepted {
            guard attempt.exchange.operation == .generate, let task = attempt.exchange.task else { continue }
            switch attempt.exchange.shape {
            case .array:
                arrays.append(index)
                if polled.contains(task) { arraysRead += 1 }
            case .object:
                objects.append(index)
                if polled.contains(task) { objectsRead += 1 }
            case .none, .file, .broken: break
            }
        }
        let samples = arrays.count + objects.count
        // A client that never asks for any of its tasks tells nothing: it may wait for callbacks.
        let isArrayUnread = !arrays.isEmpty && arraysRead == 0 && objectsRead > 0
        let isObjectUnread = !objects.isEmpty && objectsRead == 0 && (arraysRead > 0 || arrays.isEmpty)
        if isArrayUnread || isObjectUnread {
            let (unread, word) = isObjectUnread ? (objects, "a bare object") : (arrays, "an array")
            return .fail(
                "\(NumberText.count(unread.count, "task")) accepted with \(word), none was ever asked for",
                change: "Read the taskId from the answer whether it is an array with one object or the object itself",
                samples: samples, sequences(unread))
        }
        guard arraysRead > 0, objectsRead > 0 else {
            let missing = arrays.isEmpty ? objects.isEmpty ? "no task was accepted" : "no answer was an array" : nil
            let unread = objects.isEmpty ? "no answer was a bare object" : "no task was asked for"
            return .notExercised(missing ?? unread, samples: samples)
        }
        return .pass(
            "\(NumberText.count(arrays.count, "array")) and \(NumberText.count(objects.count, "bare object")) understood",
            samples: samples)
    }

    func downloadsOnce() -> Judgement {
        var (fetched, twice) = (0, 0)
        var evidence: [Int] = []
        for call in calls.all where call.kind == .download {
            // A part of a file (206) continues a download, and HEAD fetches nothing.
            let whole = call.attempts.filter {
                attempts[$0].answer == .file && attempts[$0].exchange.status == 200
                    && attempts[$0].exchange.method != .head
            }
            if !whole.isEmpty { fetched += 1 }
            if whole.count > 1 {
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
