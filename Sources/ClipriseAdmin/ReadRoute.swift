internal import ClipriseForm
internal import ClipriseWire

/// A route with what reads its requests: into a command of its kind.
struct ReadRoute<Command: Sendable>: Sendable {
    let route: AdminRoute
    let read: @Sendable (AdminRequest) throws(AdminProblem) -> Command

    private init(_ route: AdminRoute, _ read: @escaping @Sendable (AdminRequest) throws(AdminProblem) -> Command) {
        self.route = route
        self.read = read
    }

    /// A route that takes neither query nor body.
    ///
    /// - Parameter path: Below `/__admin`, with names in braces, as in `accounts/{key}`.
    init(
        _ method: Request.Method, _ path: String, _ summary: String, type: String = "application/json",
        pace: AdminRoute.Pace = .quick, _ read: @escaping @Sendable (AdminRequest) throws(AdminProblem) -> Command
    ) {
        self.init(AdminRoute(method, path, summary, type: type, pace: pace), read)
    }

    /// A route with a query.
    ///
    /// - Parameters:
    ///   - query: Asks for every parameter, always for all of them before it refuses any, and makes a value of them. It
    ///     runs once without a query to describe the parameters; all answers are nil then.
    ///   - read: Makes the command of the request and that value.
    init<Asked>(
        _ method: Request.Method, _ path: String, _ summary: String, type: String = "application/json",
        hasEvents: Bool = false, pace: AdminRoute.Pace = .quick,
        query: @escaping @Sendable (inout AdminQuery) throws(AdminProblem) -> Asked,
        _ read: @escaping @Sendable (AdminRequest, Asked) throws(AdminProblem) -> Command
    ) {
        self.init(
            AdminRoute(
                method, path, summary, query: AdminQuery.parameters(of: query), type: type, hasEvents: hasEvents,
                pace: pace)
        ) { (request) throws(AdminProblem) in try read(request, try request.query(query)) }
    }

    /// A route with a body, for whose members `body` asks as `query` does for parameters.
    init<Body>(
        _ method: Request.Method, _ path: String, _ summary: String, isBodyOptional: Bool = false, status: Int = 200,
        pace: AdminRoute.Pace = .quick, body: @escaping @Sendable (inout AdminBody) throws(AdminProblem) -> Body,
        _ read: @escaping @Sendable (AdminRequest, Body) throws(AdminProblem) -> Command
    ) {
        self.init(
            method, path, summary, isBodyOptional: isBodyOptional, status: status, pace: pace, query: { _ in },
            body: body
        ) { (request, _, body) throws(AdminProblem) in try read(request, body) }
    }

    init<Asked, Body>(
        _ method: Request.Method, _ path: String, _ summary: String, isBodyOptional: Bool = false, status: Int = 200,
        pace: AdminRoute.Pace = .quick,
        query: @escaping @Sendable (inout AdminQuery) throws(AdminProblem) -> Asked,
        body: @escaping @Sendable (inout AdminBody) throws(AdminProblem) -> Body,
        _ read: @escaping @Sendable (AdminRequest, Asked, Body) throws(AdminProblem) -> Command
    ) {
        let form = AdminRoute.Body.members(AdminBody.members(of: body), isOptional: isBodyOptional)
        self.init(
            AdminRoute(
                method, path, summary, query: AdminQuery.parameters(of: query), body: form, status: status, pace: pace)
        ) { (request) throws(AdminProblem) in try read(request, try request.query(query), try request.read(body)) }
    }

    /// A route whose body is a record.
    init<Body: Record>(
        _ method: Request.Method, _ path: String, _ summary: String, body record: Body, pace: AdminRoute.Pace = .quick,
        _ read: @escaping @Sendable (AdminRequest) throws(AdminProblem) -> Command
    ) {
        self.init(
            AdminRoute(method, path, summary, body: .record(RecordDescription(of: record)), pace: pace), read)
    }

    /// The same route to a command of another kind.
    func map<Other>(_ transform: @escaping @Sendable (Command) -> Other) -> ReadRoute<Other> {
        let read = read
        return ReadRoute<Other>(route) { (request) throws(AdminProblem) in transform(try read(request)) }
    }
}
