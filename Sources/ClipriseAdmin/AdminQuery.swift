internal import ClipriseWire

/// The query of a request, or what lists its parameters.
///
/// Each parameter is asked for with what it is and what is said of it, so that what is read is what is described.
struct AdminQuery {
    /// Nil for a description.
    private let query: Query?
    private(set) var parameters: [AdminMember] = []

    /// - Parameter query: Nil to list the parameters that are asked for.
    init(_ query: Query?) { self.query = query }

    /// The parameters that are asked for.
    static func parameters<Value>(of read: (inout AdminQuery) throws(AdminProblem) -> Value) -> [AdminMember] {
        var description = AdminQuery(nil)
        // It refuses what it has not got; by then all parameters were asked for.
        _ = try? read(&description)
        return description.parameters
    }

    private mutating func bytes(
        _ name: StaticString, _ kind: AdminMember.Kind, _ about: String, isRequired: Bool = false
    ) -> [UInt8]? {
        guard let query else {
            parameters.append(AdminMember(name, kind, about, isRequired: isRequired))
            return nil
        }
        return query.first(name).map { Array($0) }
    }

    mutating func text(_ name: StaticString, _ about: String, as kind: AdminMember.Kind = .text) -> String? {
        bytes(name, kind, about).map { String(decoding: $0, as: UTF8.self) }
    }

    mutating func number(
        _ name: StaticString, _ range: ClosedRange<Int>, _ about: String
    ) throws(AdminProblem) -> Int? {
        guard let text = text(name, about, as: .whole(range)) else { return nil }
        guard let number: Int = DecimalText.whole(text), range.contains(number) else {
            throw .bad(
                "Bad query", "\"\(name)\" is a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    mutating func flag(_ name: StaticString, _ about: String) throws(AdminProblem) -> Bool? {
        switch text(name, about, as: .flag) {
        case nil: return nil
        case "true"?: return true
        case "false"?: return false
        default: throw .bad("Bad query", "\"\(name)\" is true or false.")
        }
    }

    mutating func span(
        _ name: StaticString, upTo longest: TimeSpan, _ about: String
    ) throws(AdminProblem) -> TimeSpan? {
        guard let text = text(name, about, as: .span) else { return nil }
        guard let span = TimeSpan(text: text), span <= longest else {
            throw .bad(
                "Bad query",
                "\"\(name)\" is a length of time such as 500ms, 10s or 1m, at most \(longest.nanoseconds / 1_000_000_000)s."
            )
        }
        return span
    }

    /// One of some words; what it stands for.
    mutating func word<Value: RawRepresentable<String> & CaseIterable>(
        _ name: StaticString, _ type: Value.Type, _ about: String
    ) throws(AdminProblem) -> Value? {
        guard let text = text(name, about, as: .words(Value.allCases.map(\.rawValue))) else { return nil }
        return try AdminBody.word(text, "\"\(name)\"", type, title: "Bad query")
    }

    mutating func account(
        _ about: String = "The account's key; without one all accounts are meant.", isRequired: Bool = false
    ) -> [UInt8]? {
        bytes("account", .text, about, isRequired: isRequired)
    }

    /// The page of a list; `usual` is its length when the query says nothing.
    mutating func page(_ usual: Int = 1_000) throws(AdminProblem) -> ListPage {
        ListPage(
            start: try number("start", 0...Int(Int32.max), "The 0-based position of the first entry.") ?? 0,
            limit: try number("limit", 1...100_000, "The most entries; usually \(usual).") ?? usual)
    }

    /// Refuses what says nothing beside another parameter: all but some.
    func refuse(allBut names: [String], beside what: String) throws(AdminProblem) {
        guard let name = query?.names.first(where: { !names.contains($0) }) else { return }
        throw .bad("Bad query", "\"\(name)\" does not go with \(what).")
    }
}
