internal import ClipriseEngine
internal import ClipriseJSON
internal import ClipriseWire

extension AdminRoutes {
    static let tasks: [AdminRoute] = [
        AdminRoute(.get, "tasks/{id}", "A task of any account") { (request) throws(AdminProblem) in
            .task(id: try id(request), .show)
        },
        AdminRoute(
            .get, "tasks/{id}/file",
            "The file of a finished task, as its client gets it; no journal, rule or count knows of it",
            type: "application/octet-stream"
        ) { (request) throws(AdminProblem) in .task(id: try id(request), .file) },
        AdminRoute(
            .post, "tasks/{id}", "Ends a task that is processing",
            body: [
                AdminMember("state", .words(["success", "failed"]), "How it ends.", isRequired: true),
                AdminMember("failMsg", .text, "With state failed: the message, at most 4000 bytes."),
            ]
        ) { (request) throws(AdminProblem) in
            let id = try id(request)
            return try request.read { (body) throws(AdminProblem) in .task(id: id, .end(try outcome(body))) }
        },
    ]

    private static func id(_ request: AdminRequest) throws(AdminProblem) -> TaskID {
        guard let id = TaskID(hex: request.values[0][...]) else {
            throw AdminProblem(status: 404, title: "No such task", detail: "A task id is 32 lower-case hex digits.")
        }
        return id
    }

    private static func outcome(_ body: AdminBody) throws(AdminProblem) -> Account.Outcome {
        let given = body.json[key: "failMsg"]
        guard given?.isString ?? true, given?.utf8.map({ $0.count <= AdminCommand.messageLimit }) ?? true else {
            throw .bad("Bad failMsg", "\"failMsg\" is a string of at most \(AdminCommand.messageLimit) bytes.")
        }
        switch body.json[key: "state"]?.string {
        case "success" where given == nil: return .succeeded
        case "failed": return .failed(message: given?.string ?? "Internal Error, Please try again later.")
        default:
            throw .bad("Bad state", "\"state\" is \"success\" or \"failed\" (with \"failMsg\", if you like).")
        }
    }
}
