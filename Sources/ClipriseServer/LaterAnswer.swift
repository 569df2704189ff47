internal import ClipriseAdmin
internal import ClipriseLocks
internal import ClipriseWire

/// The answer to an admin command that may take a while: it goes back to the caller when it is there at once, and else
/// out through the exchange.
final class LaterAnswer: Sendable {
    private enum State: Sendable {
        case open
        case given(Result<AdminAnswer, AdminProblem>)
        /// The caller went without it, or has it.
        case left
    }

    private let state = Locked(State.open)
    private let send: @Sendable (ResponsePlan) -> Void

    init(_ send: @escaping @Sendable (ResponsePlan) -> Void) {
        self.send = send
    }

    /// Gives the answer, once.
    func give(_ answer: Result<AdminAnswer, AdminProblem>) {
        let isLate = state.withLock { state in
            guard case .left = state else {
                state = .given(answer)
                return false
            }
            return true
        }
        guard isLate else { return }
        switch answer {
        case .success(let answer): send(answer.plan)
        case .failure(let problem): send(problem.plan)
        }
    }

    /// The answer if it is there; else it will be sent.
    func take() throws(AdminProblem) -> AdminAnswer? {
        let given: Result<AdminAnswer, AdminProblem>? = state.withLock { state in
            defer { state = .left }
            guard case .given(let answer) = state else { return nil }
            return answer
        }
        return try given?.get()
    }
}
