internal import ClipriseJournal
internal import ClipriseWire

// Whether a client reads the documented variants of an answer: an object, or an array with that object.

extension AccountFacts {
    func acceptsBothShapes() -> Judgement {
        let made = shapesOfGenerates
        let told = shapesOfPolls
        if let unread = Self.unread(made.arrays, made.objects, isLoneUnread: true) {
            return .fail(
                "\(NumberText.count(unread.samples.left.count, "task")) accepted with \(unread.word), none was ever asked for",
                change: "Read the taskId from the answer whether it is an array with one object or the object itself",
                samples: made.count, sequences(unread.samples.left))
        }
        for (status, shapes) in told {
            guard let unread = Self.unread(shapes.arrays, shapes.objects, isLoneUnread: false) else { continue }
            let count = unread.samples.left.count
            return .fail(
                "\(NumberText.count(count, "job")) of \(count) that \(unread.word) told \(status == 300 ? "processing" : "success") "
                    + "stopped there",
                change:
                    "Read status and fileURL whether the answer is the object itself or an array with that one object",
                samples: shapes.count, sequences(unread.samples.left))
        }
        let samples = made.count
        let succeeded = told.first { $0.status == 200 }?.shapes ?? Shapes()
        // The shapes that the service does not usually have: who read both of these has read all.
        if made.objects.read > 0, succeeded.arrays.read > 0 {
            return .pass(
                "\(NumberText.count(made.objects.read, "bare object")) of a generate and "
                    + "\(NumberText.count(succeeded.arrays.read, "array")) of a status understood",
                samples: samples + succeeded.count)
        }
        guard made.arrays.read > 0, made.objects.read > 0 else {
            let missing =
                made.arrays.isEmpty ? made.objects.isEmpty ? "no task was accepted" : "no answer was an array" : nil
            let unread = made.objects.isEmpty ? "no answer was a bare object" : "no task was asked for"
            return .notExercised(missing ?? unread, samples: samples)
        }
        return .pass(
            "\(NumberText.count(made.arrays.count, "array")) and \(NumberText.count(made.objects.count, "bare object")) "
                + "understood",
            samples: samples)
    }

    private struct Samples {
        /// Those after which the client went on.
        var read = 0
        /// Those that were the last of their job, though there was more to do.
        var left: [Int] = []

        var count: Int { read + left.count }
        var isEmpty: Bool { count == 0 }
        /// Whether no answer of this shape led on.
        var isUnread: Bool { read == 0 && !left.isEmpty }
    }

    private struct Shapes {
        var arrays = Samples()
        var objects = Samples()
        var count: Int { arrays.count + objects.count }

        mutating func add(_ index: Int, _ shape: ExchangeEvent.Shape, isRead: Bool) {
            switch shape {
            case .array: Self.add(index, to: &arrays, isRead)
            case .object: Self.add(index, to: &objects, isRead)
            case .none, .file, .broken: return
            }
        }

        private static func add(_ index: Int, to samples: inout Samples, _ isRead: Bool) {
            if isRead { samples.read += 1 } else { samples.left.append(index) }
        }
    }

    /// The shape that a client does not read; nil when it reads both, or nothing shows it.
    ///
    /// A client that went on after the other shape does not read this one. One that met only this one may have left for other
    /// reasons, unless it is the rarer shape and the client left each time.
    ///
    /// - Parameter isLoneUnread: Whether bare objects are the rarer shape, and one is enough; else arrays are.
    private static func unread(
        _ arrays: Samples, _ objects: Samples, isLoneUnread: Bool
    ) -> (samples: Samples, word: String)? {
        func isUnread(_ one: Samples, _ other: Samples, isLone: Bool) -> Bool {
            one.isUnread && (other.read > 0 || (other.isEmpty && isLone))
        }
        if isUnread(objects, arrays, isLone: isLoneUnread) { return (objects, "a bare object") }
        if isUnread(arrays, objects, isLone: !isLoneUnread && arrays.count > 1) { return (arrays, "an array") }
        return nil
    }

    private var shapesOfGenerates: Shapes {
        let polled = Set(tasks.map(\.task))
        var shapes = Shapes()
        for (index, attempt) in attempts.enumerated() where attempt.answer == .accepted {
            guard attempt.exchange.operation == .generate, let task = attempt.exchange.task else { continue }
            shapes.add(index, attempt.exchange.shape, isRead: polled.contains(task))
        }
        return shapes
    }

    /// The answers to polls that called for a next step, for each status.
    private var shapesOfPolls: [(status: Int, shapes: Shapes)] {
        var (running, succeeded) = (Shapes(), Shapes())
        for (task, indices) in tasks {
            let isLeft = purchase(of: task)?.wasted != nil
            for (offset, index) in indices.enumerated() {
                let attempt = attempts[index]
                guard attempt.exchange.outcome == .completed else { continue }
                let isLast = offset == indices.count - 1
                guard !isLast || isLeft else { continue }
                switch attempt.answer {
                case .processing: running.add(index, attempt.exchange.shape, isRead: !isLast)
                case .success: succeeded.add(index, attempt.exchange.shape, isRead: !isLast)
                default: continue
                }
            }
        }
        return [(300, running), (200, succeeded)]
    }
}
