public import ClipriseWire

/// Answers requests to `/__admin`: lets in or refuses, reads the command, has it carried out, writes the answer.
public struct AdminAPI: Sendable {
    private let gate: AdminGate

    public init(gate: AdminGate) {
        self.gate = gate
    }

    /// - Parameter perform: Carries a command out; throws what the caller gets instead. Nil when the answer comes later.
    public func answer(
        _ request: Request, perform: (AdminCommand) throws(AdminProblem) -> AdminAnswer?
    ) -> ResponsePlan? {
        if let problem = gate.problem(with: request) { return problem.plan }
        do throws(AdminProblem) {
            return try perform(AdminCommand(request))?.plan
        } catch {
            return error.plan
        }
    }
}
