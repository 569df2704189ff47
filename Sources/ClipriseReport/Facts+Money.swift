internal import ClipriseJournal
internal import ClipriseWire

// The properties that cost money when they are broken.

extension Facts {
    private var generates: [Call] { calls.all.filter { $0.kind == .generate } }

    /// Judged by what the server knows: one call must not pay twice, whatever the client was told.
    func noDoubleCharge() -> Judgement {
        var (lost, doubled) = (0, 0)
        var credits: Int64 = 0
        var evidence: [Int] = []
        for call in generates {
            var standing: [Int] = []
            for index in call.attempts {
                let attempt = attempts[index]
                guard attempt.exchange.fate == .accepted || attempt.exchange.fate == .answerLost else { continue }
                if attempt.exchange.fate == .answerLost { lost += 1 }
                // A task that failed before was given back: the next one is not a second charge.
                standing.removeAll { wasGivenBack(attempts[$0].exchange.task, before: attempt.sequence) }
                if !standing.isEmpty {
                    if standing.count == 1 { evidence.append(attempts[standing[0]].sequence) }
                    evidence.append(attempt.sequence)
                    doubled += 1
                    credits += attempt.exchange.held
                }
                standing.append(index)
            }
        }
        if doubled > 0 {
            return .fail(
                "\(NumberText.count(doubled, "generate")) of what was already accepted "
                    + "\(doubled == 1 ? "was" : "were") accepted again: \(NumberText.grouped(credits)) credits twice",
                change:
                    "When the answer to a generate is lost, do not send it again on your own: note the request, tell "
                    + "the user that its fate is not known, and let them decide",
                samples: lost, evidence)
        }
        return lost == 0
            ? .notExercised("no answer to an accepted generate was lost", samples: 0)
            : .pass("\(NumberText.count(lost, "answer")) lost, nothing paid twice", samples: lost)
    }

    private func wasGivenBack(_ task: Int?, before sequence: Int) -> Bool {
        guard let task, let settle = settles[task] else { return false }
        return settle.sequence < sequence && !settle.event.succeeded
    }

    /// Judged by what the client could know.
    func noBlindResend() -> Judgement {
        var chances = 0
        var evidence: [Int] = []
        var blind = 0
        for call in generates {
            for (offset, index) in call.attempts.enumerated() where attempts[index].answer == .unknown {
                chances += 1
                guard offset + 1 < call.attempts.count else { continue }
                blind += 1
                if evidence.last != attempts[index].sequence { evidence.append(attempts[index].sequence) }
                evidence.append(attempts[call.attempts[offset + 1]].sequence)
            }
        }
        if blind > 0 {
            return .fail(
                "\(NumberText.count(blind, "generate")) sent again although the fate of the one before was unknown",
                change:
                    "Retry a generate only when it was refused for now (429, or 503 with Retry-After); after a lost "
                    + "connection, a timeout, an empty or broken answer, or any other 5xx a task may exist",
                samples: chances, evidence)
        }
        return chances == 0
            ? .notExercised("every generate had a clear answer", samples: 0)
            : .pass("\(NumberText.count(chances, "generate")) of unknown fate, none sent again", samples: chances)
    }

    func keyNotLeaked() -> Judgement {
        let leaking = attempts.indices.filter { !attempts[$0].exchange.leaks.isEmpty }
        guard !leaking.isEmpty else {
            return attempts.isEmpty
                ? .notExercised("no request", samples: 0)
                : .pass("no request had the key where it does not belong", samples: attempts.count)
        }
        let leaks = leaking.reduce(into: ExchangeEvent.Leak()) { $0.formUnion(attempts[$1].exchange.leaks) }
        let places = [
            (ExchangeEvent.Leak.target, "the URL of a generate"), (.body, "a body"),
            (.field, "a header field other than Authorization"),
        ].filter { leaks.contains($0.0) }.map(\.1)
        return .fail(
            "the key stood in \(places.joined(separator: " and in ")) (\(NumberText.count(leaking.count, "request")))",
            change: "Send the key only as Authorization: Bearer for a generate, and as apiKey in the query of a status "
                + "request; URLs and bodies end up in logs",
            samples: attempts.count, sequences(leaking))
    }
}
