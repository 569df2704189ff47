package import ClipriseEngine
internal import ClipriseJSON
package import ClipriseWire

/// What an admin request asks for.
package enum AdminCommand: Sendable, Hashable {
    case health
    case listAccounts
    /// `key` nil lets the server choose one.
    case createAccount(key: [UInt8]?, credits: Int64)
    case showAccount(key: [UInt8])
    /// A positive amount is a top-up, a negative one an adjustment; never 0.
    case addCredits(key: [UInt8], amount: Int64)
    /// Entries from the 0-based `start` on, at most `limit`.
    case showLedger(key: [UInt8], start: Int, limit: Int)
    case showTask(id: TaskID)
    case endTask(id: TaskID, outcome: Account.Outcome)
    case reset

    /// The credits of an account that is made without a number.
    package static let defaultCredits: Int64 = 10_000
    /// The longest key, in bytes.
    package static let keyLimit = 256
    /// The longest message of a failed task, in bytes.
    package static let messageLimit = 4_000

    /// Reads a request to a path below `/__admin`.
    init(_ request: Request) throws(AdminProblem) {
        let target = Target(request.target)
        var segments: [[UInt8]] = []
        for segment in target.path.split(separator: UInt8(ascii: "/")).dropFirst() {
            segments.append(Array(Self.decoded(segment)))
        }
        let words = segments.map { String(decoding: $0, as: UTF8.self) }
        switch words.first {
        case "health" where words.count == 1: self = try Self.only(.get, request, .health)
        case "reset" where words.count == 1: self = try Self.only(.post, request, .reset)
        case "accounts" where words.count == 1:
            if request.method == .post {
                self = try Self.newAccount(request.body)
            } else {
                self = try Self.only(.get, orPost: true, request, .listAccounts)
            }
        case "accounts" where words.count == 2: self = try Self.only(.get, request, .showAccount(key: segments[1]))
        case "accounts" where words.count == 3 && words[2] == "credits":
            _ = try Self.only(.post, request, .health)
            self = .addCredits(key: segments[1], amount: try Self.amount(request.body))
        case "accounts" where words.count == 3 && words[2] == "ledger":
            let query = Query(target.query)
            self = try Self.only(
                .get, request,
                .showLedger(
                    key: segments[1], start: try Self.number("start", query, 0, 0...Int(Int32.max)),
                    limit: try Self.number("limit", query, 1_000, 1...100_000)))
        case "tasks" where words.count == 2:
            guard let id = TaskID(hex: segments[1][...]) else {
                throw AdminProblem(status: 404, title: "No such task", detail: "A task id is 32 lower-case hex digits.")
            }
            if request.method == .post {
                self = .endTask(id: id, outcome: try Self.outcome(request.body))
            } else {
                self = try Self.only(.get, orPost: true, request, .showTask(id: id))
            }
        default:
            let meant = words.first.flatMap { Spelling.nearest(to: $0, in: ["health", "accounts", "tasks", "reset"]) }
            let hint = meant.map { " Did you mean /__admin/\($0)?" } ?? ""
            throw AdminProblem(
                status: 404, title: "No such resource",
                detail: "The admin API has health, accounts, tasks/ID and reset.\(hint)")
        }
    }

    private static func only(
        _ method: Request.Method, orPost: Bool = false, _ request: Request, _ command: AdminCommand
    ) throws(AdminProblem) -> AdminCommand {
        if request.method == method || (method == .get && request.method == .head) { return command }
        let allowed = (method == .get ? "GET, HEAD" : method.description) + (orPost ? ", POST" : "")
        throw AdminProblem(
            status: 405, title: "Method not allowed", detail: "This resource takes \(allowed), not \(request.method).",
            fields: [.init("Allow", allowed)])
    }

    private static func newAccount(_ body: [UInt8]) throws(AdminProblem) -> AdminCommand {
        guard !body.isEmpty else { return .createAccount(key: nil, credits: defaultCredits) }
        return try object(body, known: ["key", "credits"]) { (object) throws(AdminProblem) in
            var key: [UInt8]?
            if let value = object[key: "key"], !value.isNull {
                guard let bytes = value.utf8, (1...keyLimit).contains(bytes.count),
                    bytes.allSatisfy({ (0x21...0x7E).contains($0) })
                else {
                    throw AdminProblem(
                        status: 400, title: "Bad key",
                        detail: "\"key\" is 1 to \(keyLimit) printable ASCII characters without spaces.")
                }
                key = Array(bytes)
            }
            var credits = defaultCredits
            if let value = object[key: "credits"] {
                guard let number = value.integer, (0...Ledger.limit).contains(number) else {
                    throw AdminProblem(
                        status: 400, title: "Bad credits",
                        detail: "\"credits\" is a whole number from 0 to \(Ledger.limit).")
                }
                credits = number
            }
            return .createAccount(key: key, credits: credits)
        }
    }

    private static func amount(_ body: [UInt8]) throws(AdminProblem) -> Int64 {
        try object(body, known: ["amount"]) { (object) throws(AdminProblem) in
            guard let amount = object[key: "amount"]?.integer, amount != 0,
                (-Ledger.limit...Ledger.limit).contains(amount)
            else {
                throw AdminProblem(
                    status: 400, title: "Bad amount",
                    detail: "\"amount\" is a whole number of credits other than 0, such as {\"amount\": 500}.")
            }
            return amount
        }
    }

    private static func outcome(_ body: [UInt8]) throws(AdminProblem) -> Account.Outcome {
        try object(body, known: ["state", "failMsg"]) { (object) throws(AdminProblem) in
            let given = object[key: "failMsg"]
            guard given?.isString ?? true, given?.utf8.map({ $0.count <= messageLimit }) ?? true else {
                throw AdminProblem(
                    status: 400, title: "Bad failMsg",
                    detail: "\"failMsg\" is a string of at most \(messageLimit) bytes.")
            }
            switch object[key: "state"]?.string {
            case "success" where given == nil: return .succeeded
            case "failed": return .failed(message: given?.string ?? "Internal Error, Please try again later.")
            default:
                throw AdminProblem(
                    status: 400, title: "Bad state",
                    detail: "\"state\" is \"success\" or \"failed\" (with \"failMsg\", if you like).")
            }
        }
    }

    private static func object<Value>(
        _ body: [UInt8], known: [String], _ read: (JSONValue) throws(AdminProblem) -> Value
    ) throws(AdminProblem) -> Value {
        let result = try withJSON(body) { (json) throws(AdminProblem) -> Value in
            guard json.isObject else {
                throw AdminProblem(status: 400, title: "Bad body", detail: "The body is a JSON object.")
            }
            for member in json.members {
                let key = String(decoding: member.key, as: UTF8.self)
                guard known.contains(key) else {
                    let meant = Spelling.nearest(to: key, in: known).map { "; did you mean \"\($0)\"?" } ?? "."
                    throw AdminProblem(
                        status: 400, title: "Unknown key",
                        detail: "\"\(key.prefix(80))\" is not known here\(meant)")
                }
            }
            return try read(json)
        }
        switch result {
        case .success(let value): return value
        case .failure(let error):
            let place = JSONLocator(body).firstError().map { " at \($0)" } ?? ""
            throw AdminProblem(status: 400, title: "Bad body", detail: "The body is a JSON object; \(error)\(place).")
        }
    }

    private static func number(
        _ name: StaticString, _ query: Query, _ absent: Int, _ range: ClosedRange<Int>
    ) throws(AdminProblem) -> Int {
        guard let text = query.first(name) else { return absent }
        guard let number = Int(String(decoding: text, as: UTF8.self)), range.contains(number) else {
            throw AdminProblem(
                status: 400, title: "Bad query",
                detail: "\"\(name)\" is a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// A path segment with its `%XX` resolved; unlike in a query, `+` is itself.
    private static func decoded(_ segment: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = segment.startIndex
        while index < segment.endIndex {
            if segment[index] == UInt8(ascii: "%"), index + 2 < segment.endIndex,
                let high = hexValue(segment[index + 1]), let low = hexValue(segment[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(segment[index])
                index += 1
            }
        }
        return result
    }
}
