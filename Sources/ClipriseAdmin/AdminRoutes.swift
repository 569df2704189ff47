internal import ClipriseEngine
public import ClipriseWire

/// All routes of the admin API.
public enum AdminRoutes {
    private static let readRoutes: [ReadRoute<AdminCommand>] =
        server + (AccountCommand.routes + AccountCommand.scenarioRoutes).map { $0.map(AdminCommand.account) }
        + ClockCommand.routes.map { $0.map { .clock(key: $0.key, $0.command) } }
        + TaskCommand.routes.map { $0.map { .task(id: $0.id, $0.command) } }
        + RuleCommand.routes.map { $0.map(AdminCommand.rule) }
        + JournalCommand.routes.map { $0.map(AdminCommand.journal) }
        + ReportCommand.routes.map { $0.map(AdminCommand.report) }
        + StateCommand.routes.map { $0.map(AdminCommand.state) }

    static let all = readRoutes.map(\.route)

    /// Every word that stands in a path; all else in a path may be a key.
    public static let words: Set<String> = {
        var words: Set<String> = ["__admin"]
        for route in all {
            for case .word(let word) in route.pieces { words.insert(word) }
        }
        return words
    }()

    /// Whether whoever carries a request out does so beside what must not wait.
    ///
    /// - Parameter accounts: How many there are: what looks at all of them is quick with few.
    public static func isLong(_ request: Request, accounts: Int = 0) -> Bool {
        let target = Target(request.target)
        guard let found = try? find(request.method, target) else { return false }
        return switch found.route.route.pace {
        case .quick: false
        case .ofAllAccounts: accounts > 1_000 && Query(target.query).first("account") == nil
        case .long: true
        }
    }

    /// Reads a request to a path below `/__admin`.
    static func command(_ request: Request) throws(AdminProblem) -> AdminCommand {
        let target = Target(request.target)
        if target.path.count == "/__admin".utf8.count {
            guard request.method == .get || request.method == .head else { throw notAllowed(request.method, [.get]) }
            return .redirectToPage
        }
        let (route, values) = try find(request.method, target)
        return try route.read(AdminRequest(request, route.route, values: values, query: Query(target.query)))
    }

    /// The route of a request, and what stands in its path where the route has names.
    private static func find(
        _ method: Request.Method, _ target: Target
    ) throws(AdminProblem) -> (route: ReadRoute<AdminCommand>, values: [[UInt8]]) {
        let segments = target.path.dropFirst("/__admin".utf8.count).split(separator: UInt8(ascii: "/"))
            .map { [UInt8](percentDecoded: $0) }
        let words = segments.map { String(decoding: $0, as: UTF8.self) }
        let fitting = readRoutes.filter { fits($0.route.pieces, words) }
        // Where a word and a name both fit, the word is meant.
        let mostWords = fitting.map { wordCount($0.route) }.max() ?? 0
        let meant = fitting.filter { wordCount($0.route) == mostWords }
        guard !meant.isEmpty else { throw notFound(words) }
        guard let found = meant.first(where: { $0.route.method == (method == .head ? .get : method) }) else {
            throw notAllowed(method, meant.map(\.route.method))
        }
        let values = zip(found.route.pieces, segments).compactMap { piece, segment in
            if case .name = piece { segment } else { nil }
        }
        return (found, values)
    }

    private static func fits(_ pieces: [AdminRoute.Piece], _ words: [String]) -> Bool {
        pieces.count == words.count && starts(pieces[...], with: words[...])
    }

    /// Whether the first pieces stand for these words.
    private static func starts(_ pieces: ArraySlice<AdminRoute.Piece>, with words: ArraySlice<String>) -> Bool {
        guard pieces.count >= words.count else { return false }
        return zip(pieces, words).allSatisfy { piece, word in
            if case .word(let known) = piece { known == word } else { true }
        }
    }

    private static func wordCount(_ route: AdminRoute) -> Int {
        route.pieces.count { if case .word = $0 { true } else { false } }
    }

    private static func notAllowed(_ method: Request.Method, _ methods: [Request.Method]) -> AdminProblem {
        let allowed = methods.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.description] }.joined(separator: ", ")
        return AdminProblem(
            status: 405, title: "Method not allowed", detail: "This resource takes \(allowed), not \(method).",
            fields: [.init("Allow", allowed)])
    }

    /// Looks for the first segment that fits no route, and for the word that was probably meant there.
    private static func notFound(_ words: [String]) -> AdminProblem {
        for index in words.indices {
            let before = all.filter { starts($0.pieces[...], with: words[..<index]) && $0.pieces.count > index }
            guard !before.contains(where: { starts($0.pieces[...], with: words[...index]) }) else { continue }
            let known = before.compactMap { route in
                if case .word(let word) = route.pieces[index] { word } else { nil }
            }
            guard let meant = Spelling.nearest(to: words[index], in: known) else { break }
            let path = (words[..<index] + [meant] + words[(index + 1)...]).joined(separator: "/")
            return problem(" Did you mean /__admin/\(path)?")
        }
        return problem("")
    }

    private static func problem(_ hint: String) -> AdminProblem {
        var first: [String] = []
        for route in all {
            if case .word(let word)? = route.pieces.first, !first.contains(word) { first.append(word) }
        }
        return AdminProblem(
            status: 404, title: "No such resource",
            detail: "Below /__admin are \(first.joined(separator: ", ")); /__admin/openapi.json describes them.\(hint)")
    }
}

extension AdminCommand {
    /// Reads a request to a path below `/__admin`.
    public init(_ request: Request) throws(AdminProblem) {
        self = try AdminRoutes.command(request)
    }
}
