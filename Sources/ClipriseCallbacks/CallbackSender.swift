package import ClipriseHTTP
internal import ClipriseLocks
internal import ClipriseWire
internal import Dispatch

/// Sends callbacks, a limited number at once, and reports how each attempt ended.
///
/// It decides neither when nor how often a callback is due, but where it may go (`CallbackGuard`).
package final class CallbackSender: Sendable {
    package typealias Completion = @Sendable (CallbackResult) -> Void

    private let settings: CallbackSettings
    private let rules: CallbackGuard
    private let lookup: CallbackLookup
    private let loop = HTTPLoop()
    private let state = Locked(State())
    /// Holds as many entries as there are completions still to be called.
    private let owed = DispatchGroup()
    private let starts = DispatchQueue(label: "cliprise-mock.callbacks")

    private struct State {
        var isShutDown = false
        var waiting = WaitingLine<(delivery: CallbackDelivery, completion: Completion)>()
        var waitingBytes = 0
        var attempts: [Int: CallbackAttempt] = [:]
        var lastAttempt = 0
    }

    package init(
        settings: CallbackSettings = .usual, lookup: @escaping CallbackLookup = CallbackSender.systemLookup
    ) {
        precondition(settings.concurrentLimit > 0 && settings.timeout > .zero, "a limit that lets nothing through")
        self.settings = settings
        rules = CallbackGuard(allowing: settings.allowedHosts + (settings.destination.map { [$0.target.host] } ?? []))
        self.lookup = lookup
    }

    /// Asks the system.
    package static func systemLookup(_ name: String) throws(CallbackFailure) -> [IPAddress] {
        do throws(NameLookupFailure) {
            return try NameLookup.system(name)
        } catch {
            throw .lookup(name: error.name, reason: error.reason)
        }
    }

    /// Makes one attempt, at once or when others have ended.
    ///
    /// - Parameter completion: Called exactly once, on any thread, perhaps before `send` returns. It must be quick, and
    ///   must not shut the sender down.
    package func send(_ delivery: CallbackDelivery, completion: @escaping Completion) {
        owed.enter()
        let step: Step = state.withLock { state in
            if state.isShutDown { return .refuse(.shutDown) }
            if state.attempts.count < settings.concurrentLimit { return .start(begin(delivery, completion, &state)) }
            guard state.waiting.count < settings.waitingLimit,
                state.waitingBytes + delivery.body.count <= settings.waitingBytesLimit
            else { return .refuse(.dropped) }
            state.waiting.append((delivery, completion))
            state.waitingBytes += delivery.body.count
            return .wait
        }
        switch step {
        case .start(let attempt): attempt.start()
        case .wait: break
        case .refuse(let failure): report(.failed(failure), to: completion)
        }
    }

    private enum Step {
        case start(CallbackAttempt)
        case wait
        case refuse(CallbackFailure)
    }

    /// Ends all attempts and drops what waits, each with `CallbackFailure.shutDown`; whatever is sent later ends so too.
    ///
    /// Returns when all completions were called, which takes no time of a receiver's.
    package func shutdown() {
        let (attempts, waiting) = state.withLock { state in
            state.isShutDown = true
            defer { state.waiting = WaitingLine() }
            return (Array(state.attempts.values), state.waiting.all)
        }
        for attempt in attempts { attempt.cancel(.failed(.shutDown)) }
        for (_, completion) in waiting { report(.failed(.shutDown), to: completion) }
        owed.wait()
    }

    /// Makes an attempt and counts it among those under way; called with the lock held.
    private func begin(
        _ delivery: CallbackDelivery, _ completion: @escaping Completion, _ state: inout State
    ) -> CallbackAttempt {
        state.lastAttempt += 1
        let number = state.lastAttempt
        let attempt = CallbackAttempt(
            delivery, settings: settings, rules: rules, lookup: lookup, loop: loop
        ) { result in
            self.report(result, to: completion)
            self.attemptEnded(number)
        }
        state.attempts[number] = attempt
        return attempt
    }

    private func attemptEnded(_ number: Int) {
        let next: CallbackAttempt? = state.withLock { state in
            state.attempts[number] = nil
            guard let (delivery, completion) = state.waiting.popFirst() else { return nil }
            state.waitingBytes -= delivery.body.count
            return begin(delivery, completion, &state)
        }
        // Off this stack: attempts that end at once would pile up on it, one for each that waits.
        if let next { starts.async { next.start() } }
    }

    private func report(_ result: CallbackResult, to completion: Completion) {
        completion(result)
        owed.leave()
    }
}

/// First in, first out, each step in constant time on average.
struct WaitingLine<Element> {
    /// The next one last.
    private var front: [Element] = []
    private var back: [Element] = []

    var count: Int { front.count + back.count }

    /// In the order of coming.
    var all: [Element] { front.reversed() + back }

    mutating func append(_ element: Element) { back.append(element) }

    mutating func popFirst() -> Element? {
        if front.isEmpty {
            front = back.reversed()
            back.removeAll(keepingCapacity: true)
        }
        return front.popLast()
    }
}
