package import ClipriseWire

/// How often what happened, whether or not the events are still kept.
package struct JournalTally: Sendable, Hashable {
    /// Exchanges that look alike.
    package struct Answer: Sendable, Hashable {
        package var operation: Operation
        package var status: Int
        /// Nil when a rule answered.
        package var clause: Clause?

        package init(operation: Operation, status: Int, clause: Clause?) {
            self.operation = operation
            self.status = status
            self.clause = clause
        }
    }

    package private(set) var answers: [Answer: Int] = [:]
    /// By the word of the fault.
    package private(set) var faults: [String: Int] = [:]
    /// Attempts to call a client, by whether the receiver took them.
    package private(set) var callbacksTaken = 0
    package private(set) var callbacksFailed = 0
    /// Exchanges, of those whose events are still kept, whose answer is not out yet.
    package private(set) var inFlight = 0

    package init() {}

    mutating func add(_ kind: JournalEvent.Kind, isKept: Bool) {
        switch kind {
        case .exchange(let exchange):
            if isKept, exchange.outcome == .inFlight { inFlight += 1 }
            let answer = Answer(operation: exchange.operation, status: exchange.status, clause: exchange.clause)
            answers[answer, default: 0] += 1
            if let fault = exchange.fault { faults[fault, default: 0] += 1 }
        case .callback(let callback):
            if let status = callback.status, (200..<300).contains(status) {
                callbacksTaken += 1
            } else {
                callbacksFailed += 1
            }
        case .settled, .money, .clock: return
        }
    }

    /// Adds events that are no longer kept.
    ///
    /// Most polls are answered as the one before: a run of equal answers is looked up once.
    mutating func add(_ events: [JournalEvent]) {
        var (last, run): (Answer?, Int) = (nil, 0)
        func endRun(_ answers: inout [Answer: Int]) {
            if let last { answers[last, default: 0] += run }
        }
        for event in events {
            guard case .exchange(let exchange) = event.kind, exchange.fault == nil else {
                add(event.kind, isKept: false)
                continue
            }
            let answer = Answer(operation: exchange.operation, status: exchange.status, clause: exchange.clause)
            if answer == last {
                run += 1
            } else {
                endRun(&answers)
                (last, run) = (answer, 1)
            }
        }
        endRun(&answers)
    }

    package mutating func add(_ other: JournalTally) {
        answers.merge(other.answers, uniquingKeysWith: +)
        faults.merge(other.faults, uniquingKeysWith: +)
        callbacksTaken += other.callbacksTaken
        callbacksFailed += other.callbacksFailed
        inFlight += other.inFlight
    }
}
