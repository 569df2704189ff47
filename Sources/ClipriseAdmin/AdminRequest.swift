internal import ClipriseJSON
internal import ClipriseWire

/// An admin request whose route is known, as the routes read it.
struct AdminRequest {
    let route: AdminRoute
    let body: [UInt8]
    let fields: HeaderFields
    /// What stands in the path where the route has names, decoded, in order.
    let values: [[UInt8]]
    private let query: Query

    init(_ request: Request, _ route: AdminRoute, values: [[UInt8]], query: Query) throws(AdminProblem) {
        self.route = route
        self.values = values
        self.query = query
        body = request.body
        fields = request.fields
        let known = route.parameters.map(\.name.description)
        for name in query.names where !known.contains(name) {
            let meant = Spelling.nearest(to: name, in: known).map { "did you mean \"\($0)\"?" }
            let list = known.isEmpty ? "this resource takes no query." : "known are \(known.joined(separator: ", "))."
            throw .bad(
                "Unknown parameter", "\"\(name.prefix(80))\" is not known in the query here; \(meant ?? list)")
        }
    }

    /// Reads the query; it has no parameters but those of the route.
    func query<Value>(
        _ read: (inout AdminQuery) throws(AdminProblem) -> Value
    ) throws(AdminProblem) -> Value {
        var query = AdminQuery(query)
        return try read(&query)
    }

    /// Reads the body as a JSON object with the members of the route.
    func read<Value>(
        _ read: (inout AdminBody) throws(AdminProblem) -> Value
    ) throws(AdminProblem) -> Value {
        guard case .members(let members, let isOptional) = route.body else {
            preconditionFailure("\(route.path) takes no members")
        }
        let known = members.map(\.name.description)
        let body = self.body.isEmpty && isOptional ? Array("{}".utf8) : self.body
        let result = try withJSON(body) { (json) throws(AdminProblem) -> Value in
            guard json.isObject else { throw .bad("Bad body", "The body is a JSON object.") }
            var seen: Set<String> = []
            for member in json.members {
                let key = String(decoding: member.key, as: UTF8.self)
                guard seen.insert(key).inserted else {
                    let place = JSONLocator(body).place(of: [.key(key)])
                    throw .bad("Doubled key", "\"\(key.prefix(80))\" stands twice; the second value is at \(place).")
                }
                guard known.contains(key) else {
                    let meant = Spelling.nearest(to: key, in: known).map { "did you mean \"\($0)\"?" }
                    throw .bad(
                        "Unknown key",
                        "\"\(key.prefix(80))\" is not known here; "
                            + (meant ?? "known are \(known.joined(separator: ", "))."))
                }
            }
            var members = AdminBody(json, text: body)
            return try read(&members)
        }
        switch result {
        case .success(let value): return value
        case .failure(let error):
            let place = JSONLocator(body).firstError().map { " at \($0)" } ?? ""
            throw .bad("Bad body", "The body is a JSON object; \(error.cause(in: body))\(place)".asSentence)
        }
    }
}
