public import ClipriseEngine
internal import ClipriseJSON
internal import ClipriseWire

public enum TaskCommand: Sendable, Hashable {
    case show
    /// Its result, made outside of journal, rules and counts.
    case file
    /// Ends it now; never with `processing`.
    case end(Account.Outcome)
}

extension TaskCommand {
    static let routes: [ReadRoute<(id: TaskID, command: TaskCommand)>] = [
        ReadRoute(.get, "tasks/{id}", "A task of any account") { (request) throws(AdminProblem) in
            (try id(request), .show)
        },
        ReadRoute(
            .get, "tasks/{id}/file",
            "The file of a finished task, as its client gets it; no journal, rule or count knows of it",
            type: "application/octet-stream"
        ) { (request) throws(AdminProblem) in (try id(request), .file) },
        ReadRoute(
            .post, "tasks/{id}", "Ends a task that is processing", body: outcome
        ) { (request, outcome) throws(AdminProblem) in (try id(request), .end(outcome)) },
    ]

    private static func id(_ request: AdminRequest) throws(AdminProblem) -> TaskID {
        guard let id = TaskID(hex: request.values[0][...]) else {
            throw AdminProblem(status: 404, title: "No such task", detail: "A task id is 32 lower-case hex digits.")
        }
        return id
    }

    @Sendable private static func outcome(_ body: inout AdminBody) throws(AdminProblem) -> Account.Outcome {
        let state = body.given("state", .words(["success", "failed"]), "How it ends.", isRequired: true)
        let about = "With state failed: the message, at most \(Account.messageLimit) bytes."
        let given = body.given("failMsg", .text, about)
        guard given?.isString ?? true, given?.utf8.map({ $0.count <= Account.messageLimit }) ?? true else {
            throw .bad("Bad failMsg", "\"failMsg\" is a string of at most \(Account.messageLimit) bytes.")
        }
        switch state?.string {
        case "success" where given == nil: return .succeeded
        case "failed": return .failed(message: given?.string ?? "Internal Error, Please try again later.")
        default:
            throw .bad("Bad state", "\"state\" is \"success\" or \"failed\" (with \"failMsg\", if you like).")
        }
    }
}
