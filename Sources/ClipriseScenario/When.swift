public import ClipriseWire

/// What a request must be for a rule to act; all that is given must hold.
public struct When: Sendable, Hashable {
    /// Empty for any of generate, status and download.
    public var operations: Set<Operation>
    public var model: Glob?
    public var account: Glob?
    /// 1-based position in its account of the task asked for, or that a generate would make.
    public var task: ClosedRange<Int>?
    /// How often this was asked for before, and now.
    ///
    /// For generate: how often this very body was sent by the account; for the others: how often this task was asked for
    /// by this operation. 1-based, this request counted.
    public var attempt: ClosedRange<Int>?
    /// A part of the prompt of the task, compared without case (ASCII).
    public var prompt: String?
    /// A header field that the request must have, and what its value must match; nil for any value.
    public var headers: [Header]
    /// Whether the connection is a new one; nil for any.
    public var connection: ConnectionUse?
    /// Of the requests that match all else, only those with this 1-based number.
    public var count: ClosedRange<Int>?

    public init(
        operations: Set<Operation> = [], model: Glob? = nil, account: Glob? = nil, task: ClosedRange<Int>? = nil,
        attempt: ClosedRange<Int>? = nil, prompt: String? = nil, headers: [Header] = [],
        connection: ConnectionUse? = nil, count: ClosedRange<Int>? = nil
    ) {
        self.operations = operations
        self.model = model
        self.account = account
        self.task = task
        self.attempt = attempt
        self.prompt = prompt
        self.headers = headers
        self.connection = connection
        self.count = count
    }

    public struct Header: Sendable, Hashable {
        /// In lower case.
        public var name: String
        public var value: Glob?

        public init(name: String, value: Glob? = nil) {
            self.name = name
            self.value = value
        }
    }
}

/// What a connection was used for before a request.
public enum ConnectionUse: String, Sendable, Hashable, CaseIterable {
    /// The request is the first on its connection.
    case fresh
    /// The connection was kept alive after another request.
    case reused
}

// MARK: As written

extension Forms {
    static let when = Form<When>.record("when", When()) { when, fields in
        fields.optional(
            "operation", &when.operations, operations, "One operation or a list; any by default.", unless: [])
        fields.optional("model", &when.model, glob, "A pattern for the model's id.")
        fields.optional("account", &when.account, glob, "A pattern for the account's key.")
        fields.optional("task", &when.task, range, "The position of the task in its account, counted from 1.")
        fields.optional("attempt", &when.attempt, range, "How often this body was sent, or this task asked for.")
        fields.optional("prompt", &when.prompt, prompt, "A part of the prompt, compared without case.")
        fields.optional(
            "header", &when.headers, headerPatterns, "Header fields that the request must have.", unless: [])
        fields.optional(
            "connection", &when.connection, word("the use of a connection", ConnectionUse.self),
            "Whether the request is the first on its connection (fresh), or the connection was kept alive (reused).")
        fields.optional(
            "count", &when.count, range, "Of the requests that match all else, only those with this number.")
    }.named("when")

    package static let operation = Choice<Operation>(
        what: "an operation",
        words: [.init("generate", .generate), .init("status", .status), .init("download", .download)]
    ).form.named("operation")

    private static let operations = Choice<Set<Operation>>(
        what: "an operation",
        words: [.init("generate", [.generate]), .init("status", [.status]), .init("download", [.download])],
        list: Form<[Operation]>.list(operation, count: 1...3).map { Set($0) }
    ).form.writing { operations in
        let words = [Operation.generate, .status, .download].filter(operations.contains).map(operation.json)
        return words.count == 1 ? words[0] : JSONFragment.list(words)
    }

    private static let headerPatterns = map(to: glob) { name in
        isToken(name) ? nil : "\"\(name)\" is no name of a header field"
    }.map(
        { pairs in
            pairs.map { When.Header(name: $0.key.lowercased(), value: $0.value.pattern == "*" ? nil : $0.value) }
        }, back: { headers in headers.map { Pair(key: $0.name, value: $0.value ?? Glob("*")) } })
}
