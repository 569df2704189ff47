import ClipriseJournal
import ClipriseWire

/// A client with habits, played against a server that gives it every occasion to go wrong.
struct Client {
    /// Whether a generate is sent again when the connection ended without an answer.
    var resendsUnanswered = false
    /// Whether it takes "come back later" on trust although the work was done.
    var trustsBusyAnswers = false
    var retriesRefusals = false
    var pollsAfterTheEnd = false
    /// The part of what `Retry-After` says that it waits.
    var patience = 1.05
    /// The wait before a retry, for the number of failures before it (0-based) and a number from 0 to 1.
    var retryWait: (Int, Double) -> Double = { index, chance in chance * min(30, 0.5 * Double(1 << index)) }
    /// The wait before the n-th next poll.
    var pollWait: (Int, Double) -> Double = { index, chance in min(8, 0.5 * Double(1 << index)) * (0.5 + chance / 2) }
    /// Calls of five attempts that fail for now.
    var outages = 6
    var polledShapes: Set<ExchangeEvent.Shape> = [.array, .object]
    var downloads = 1
    var leaks: ExchangeEvent.Leak = []

    func play() -> JournalView {
        var story = Story()
        lostAnswers(&story)
        rateLimits(&story)
        refusals(&story)
        outages(&story)
        for _ in 0..<4 { wholeTask(.array, &story) }
        wholeTask(.object, &story)
        return story.view
    }

    private func lostAnswers(_ story: inout Story) {
        story.lost(story.newBody())
        let body = story.newBody()
        story.refused(body, status: 0, fate: .notSent) {
            $0.outcome = .aborted
            $0.shape = .none
        }
        if resendsUnanswered {
            story.wait(retryWait(0, story.draw()))
            let task = story.accepted(body)
            finish(task, &story)
        }
        guard trustsBusyAnswers else { return }
        let other = story.newBody()
        story.accepted(other) {
            $0.fate = .answerLost
            $0.status = 503
            $0.retryAfter = .seconds(1)
        }
        story.wait(1.1)
        let task = story.accepted(other)
        finish(task, &story)
    }

    private func rateLimits(_ story: inout Story) {
        for isDate in [false, true, false, true] {
            let body = story.newBody()
            story.limited(body, retryAfter: .seconds(3), isDate: isDate)
            story.wait(3 * patience)
            let task = story.accepted(body)
            finish(task, &story)
        }
    }

    private func refusals(_ story: inout Story) {
        let body = story.newBody()
        story.refused(body, status: 400, clause: .gen3)
        story.wait(retryWait(0, story.draw()))
        if retriesRefusals { story.refused(body, status: 400, clause: .gen3) }
    }

    private func outages(_ story: inout Story) {
        for _ in 0..<outages {
            let task = story.accepted(story.newBody())
            for index in 0..<4 {
                story.poll(task, status: 503) { $0.shape = .none }
                story.wait(retryWait(index, story.draw()))
            }
            finish(task, &story)
        }
    }

    /// Polls to the end and fetches the result.
    private func finish(_ task: Int, _ story: inout Story) {
        let end = story.now.advanced(by: .seconds(3))
        var polls = 0
        while story.now < end {
            story.poll(task)
            story.wait(pollWait(polls, story.draw()))
            polls += 1
        }
        story.settle(task)
        story.success(task)
        if pollsAfterTheEnd {
            story.wait(pollWait(4, story.draw()))
            story.success(task)
        }
        for _ in 0..<downloads { story.download(task) }
    }

    private func wholeTask(_ shape: ExchangeEvent.Shape, _ story: inout Story) {
        let leaks = leaks
        let task = story.accepted(story.newBody()) {
            $0.shape = shape
            $0.leaks = leaks
        }
        if polledShapes.contains(shape) { finish(task, &story) }
    }
}
