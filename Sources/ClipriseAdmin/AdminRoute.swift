internal import ClipriseForm
internal import ClipriseWire

/// One method of one resource of the admin API, as it is described.
///
/// Requests are read by it, and 404, 405 and the OpenAPI document are made from it.
struct AdminRoute: Sendable {
    enum Piece: Sendable, Hashable {
        case word(String)
        /// Stands for any one segment.
        case name(String)
    }

    let method: Request.Method
    let pieces: [Piece]
    /// One sentence without its full stop.
    let summary: String
    /// What the query may have.
    let parameters: [AdminMember]
    let body: Body?
    let status: Int
    /// The media type of the answer.
    let type: String
    /// Whether the answer is a list of events.
    let hasEvents: Bool
    /// Whether it is carried out beside what must not wait.
    let pace: Pace

    enum Body: Sendable {
        case members([AdminMember], isOptional: Bool)
        /// A record, which reads itself.
        case record(RecordDescription)
    }

    /// How long it may take to carry out, for reading whole journals, or for looking at or making many accounts.
    enum Pace: Sendable {
        case quick
        /// What looks at all accounts is quick with few.
        case ofAllAccounts
        case long
    }

    /// - Parameter path: Below `/__admin`, with names in braces, as in `accounts/{key}`.
    init(
        _ method: Request.Method, _ path: String, _ summary: String, query parameters: [AdminMember] = [],
        body: Body? = nil, status: Int = 200, type: String = "application/json", hasEvents: Bool = false,
        pace: Pace = .quick
    ) {
        self.method = method
        pieces = path.split(separator: "/").map { piece in
            piece.hasPrefix("{") ? .name(String(piece.dropFirst().dropLast())) : .word(String(piece))
        }
        self.summary = summary
        self.parameters = parameters
        self.body = body
        self.status = status
        self.type = type
        self.hasEvents = hasEvents
        self.pace = pace
    }

    /// The path below `/__admin`, with names in braces.
    var path: String {
        "/"
            + pieces.map { piece in
                switch piece {
                case .word(let word): word
                case .name(let name): "{\(name)}"
                }
            }.joined(separator: "/")
    }
}

/// A member of a body, or a parameter of a query.
struct AdminMember: Sendable {
    enum Kind: Sendable {
        case text, integer, flag, object, list
        case whole(ClosedRange<Int>)
        /// A length of time such as `30s`.
        case span
        case words([String])
        case wordOrObject
    }

    let name: StaticString
    let kind: Kind
    let about: String
    let isRequired: Bool

    init(_ name: StaticString, _ kind: Kind, _ about: String, isRequired: Bool = false) {
        self.name = name
        self.kind = kind
        self.about = about
        self.isRequired = isRequired
    }
}
