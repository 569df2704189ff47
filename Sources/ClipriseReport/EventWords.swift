internal import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

/// Events in words, for the server that numbered them has ended when a report is read.
enum EventWords {
    /// The most events of one account that are quoted for one verdict.
    private static let limit = 3

    /// The first of some events, a line each.
    static func lines(_ sequences: [Int], _ view: JournalView) -> [String] {
        sequences.prefix(limit).compactMap { view.event($0).map { line($0, view) } }
    }

    /// `#3 0.512 s generate: connection closed after the work by rule first-answer-lost, task 1, 12 credits held`.
    private static func line(_ event: JournalEvent, _ view: JournalView) -> String {
        let seconds = NumberText.fixed(Double(event.at.nanoseconds) / 1e9, places: 3)
        return "#\(event.sequence) \(seconds) s " + words(event.kind, view)
    }

    private static func words(_ kind: JournalEvent.Kind, _ view: JournalView) -> String {
        switch kind {
        case .exchange(let exchange): words(exchange, view)
        case .settled(let settled):
            settled.succeeded
                ? "task \(settled.task) succeeded: \(NumberText.credits(settled.captured)) taken"
                : "task \(settled.task) failed: \(NumberText.credits(settled.released)) given back"
        case .callback(let callback):
            "callback \(callback.attempt) for task \(callback.task): "
                + (callback.status.map(String.init) ?? callback.error ?? callback.fault?.rawValue ?? "no answer")
        case .money(let money): "\(money.kind.rawValue) of \(NumberText.credits(money.credits))"
        case .clock(let span): "clock moved by \(NumberText.span(span))"
        }
    }

    private static func words(_ exchange: ExchangeEvent, _ view: JournalView) -> String {
        var call = exchange.operation.rawValue
        if exchange.asksForFile { call += " with download=true" }
        var parts = ["\(call): \(answer(exchange))"]
        if let fault = exchange.fault {
            let phase = exchange.faultPhase.map { " \($0)" } ?? ""
            let rule = exchange.rule.flatMap { view.rules.indices.contains($0) ? view.rules[$0] : nil }
            parts.append("fault \(fault)\(phase)" + (rule.map { " by rule \($0)" } ?? ""))
        }
        if let task = exchange.task { parts.append("task \(task)") }
        if exchange.held > 0 { parts.append("\(NumberText.credits(exchange.held)) held") }
        if let job = exchange.job { parts.append("job \(job)") }
        return parts.joined(separator: ", ")
    }

    private static func answer(_ exchange: ExchangeEvent) -> String {
        let status = exchange.status == 0 ? "" : "\(exchange.status)"
        let end: String? =
            switch exchange.outcome {
            case .completed: nil
            case .inFlight: "no answer yet"
            case .aborted: exchange.status == 0 ? "connection closed without an answer" : "cut"
            case .clientLeft: "the client left"
            case .timedOut: "timed out"
            case .stopped: "the server stopped"
            }
        let body: String? =
            if exchange.method == .head {
                "to HEAD, without a body"
            } else if let file = exchange.file {
                "\(NumberText.grouped(exchange.bytes)) of \(NumberText.grouped(file.size)) bytes"
                    + (file.start > 0 ? " from \(NumberText.grouped(file.start))" : "")
            } else {
                exchange.outcome == .completed && exchange.bytes == 0 && exchange.status == 200 ? "empty" : nil
            }
        return [status, body ?? "", end ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension JournalView {
    /// The event with this sequence number; events stand in their order.
    fileprivate func event(_ sequence: Int) -> JournalEvent? {
        let place = events.startOfSuffix { $0.sequence >= sequence }
        return place < events.count && events[place].sequence == sequence ? events[place] : nil
    }

    /// The view under the name that reports use: the label, if it has one, with the shortened key behind it.
    var named: JournalView {
        guard let label, !label.isEmpty else { return self }
        var view = self
        view.account = "\(label) (\(account))"
        return view
    }
}
