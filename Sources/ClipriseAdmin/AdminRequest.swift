internal import ClipriseEngine
internal import ClipriseJSON
internal import ClipriseWire

/// An admin request whose route is known, as the routes read it.
struct AdminRequest {
    let route: AdminRoute
    let body: [UInt8]
    let fields: HeaderFields
    let isFromLoopback: Bool
    /// What stands in the path where the route has names, decoded, in order.
    let values: [[UInt8]]
    private let query: Query

    init(_ request: Request, _ route: AdminRoute, values: [[UInt8]], query: Query) throws(AdminProblem) {
        self.route = route
        self.values = values
        self.query = query
        body = request.body
        fields = request.fields
        isFromLoopback = request.isFromLoopback
        let known = route.parameters.map(\.name.description)
        for name in query.names where !known.contains(name) {
            let meant = Spelling.nearest(to: name, in: known).map { "did you mean \"\($0)\"?" }
            let list = known.isEmpty ? "this resource takes no query." : "known are \(known.joined(separator: ", "))."
            throw .bad(
                "Unknown parameter", "\"\(name.prefix(80))\" is not known in the query here; \(meant ?? list)")
        }
    }

    // MARK: Query

    func text(_ name: StaticString) -> String? {
        query.first(name).map { String(decoding: $0, as: UTF8.self) }
    }

    func bytes(_ name: StaticString) -> [UInt8]? {
        query.first(name).map { Array($0) }
    }

    func number(_ name: StaticString, _ range: ClosedRange<Int>) throws(AdminProblem) -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .bad(
                "Bad query", "\"\(name)\" is a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    func flag(_ name: StaticString) throws(AdminProblem) -> Bool? {
        switch text(name) {
        case nil: return nil
        case "true"?: return true
        case "false"?: return false
        default: throw .bad("Bad query", "\"\(name)\" is true or false.")
        }
    }

    func span(_ name: StaticString, upTo longest: TimeSpan) throws(AdminProblem) -> TimeSpan? {
        guard let text = text(name) else { return nil }
        guard let span = TimeSpan(text: text), span <= longest else {
            throw .bad(
                "Bad query",
                "\"\(name)\" is a length of time such as 500ms, 10s or 1m, at most \(longest.nanoseconds / 1_000_000_000)s."
            )
        }
        return span
    }

    /// One of some words; what it stands for.
    func word<Value: RawRepresentable<String> & CaseIterable>(
        _ name: StaticString, _ type: Value.Type
    ) throws(AdminProblem) -> Value? {
        guard let text = text(name) else { return nil }
        return try AdminBody.word(text, "\"\(name)\"", type, title: "Bad query")
    }

    /// Refuses parameters that say nothing beside another one.
    func refuse(_ parameters: [AdminMember], beside what: String) throws(AdminProblem) {
        for parameter in parameters where query.first(parameter.name) != nil {
            throw .bad("Bad query", "\"\(parameter.name)\" does not go with \(what).")
        }
    }

    /// The page of a list; `usual` is its length when the query says nothing.
    func page(_ usual: Int = 1_000) throws(AdminProblem) -> ListPage {
        ListPage(
            start: try number("start", 0...Int(Int32.max)) ?? 0, limit: try number("limit", 1...100_000) ?? usual)
    }

    /// The account that a query names.
    var account: [UInt8]? { bytes("account") }

    // MARK: Body

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
            throw .bad("Bad body", "The body is a JSON object; \(error)\(place)".asSentence)
        }
    }
}
