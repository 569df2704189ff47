package import ClipriseWire

/// One line of the fault script.
package struct Rule: Sendable, Hashable {
    /// As written, or `rule N` (1-based).
    package var name: String
    package var when: When
    package var act: Act
    /// The rule acts only in this window of its account's clock, counted from when the rule was added.
    package var during: Window?
    /// The rule ends this long after it was added.
    package var ttl: TimeSpan?
    /// The most times that the rule acts for one account.
    package var times: Int?
    /// Where the rule stands in its file.
    package var place: Place

    package init(
        name: String, when: When = When(), act: Act, during: Window? = nil, ttl: TimeSpan? = nil, times: Int? = nil,
        place: Place = Place(line: 0, column: 0)
    ) {
        self.name = name
        self.when = when
        self.act = act
        self.during = during
        self.ttl = ttl
        self.times = times
        self.place = place
    }

    package enum Act: Sendable, Hashable {
        /// The fault, each time the rule matches.
        case fault(Fault)
        /// One entry for each match, in order; nil lets the request pass. A plan that is used up no longer matches, unless
        /// it repeats.
        case plan([Fault?], repeats: Bool)
        /// The fault with a probability from 0 to 1. A match that draws no fault passes the request on to later rules.
        case chance(Double, Fault)
    }
}

/// A window of time: from, inclusive, for a length.
package struct Window: Sendable, Hashable {
    package var from: TimeSpan
    package var length: TimeSpan

    package init(from: TimeSpan, length: TimeSpan) {
        self.from = from
        self.length = length
    }
}

/// What a request must be for a rule to act; all that is given must hold.
package struct When: Sendable, Hashable {
    /// Empty for any of generate, status and download.
    package var operations: Set<Operation>
    package var model: Glob?
    package var account: Glob?
    /// 1-based position in its account of the task asked for, or that a generate would make.
    package var task: ClosedRange<Int>?
    /// How often this was asked for before, and now.
    ///
    /// For generate: how often this very body was sent by the account; for the others: how often this task was asked for
    /// by this operation. 1-based, this request counted.
    package var attempt: ClosedRange<Int>?
    /// A part of the prompt of the task, compared without case (ASCII).
    package var prompt: String?
    /// A header field that the request must have, and what its value must match; nil for any value.
    package var headers: [Header]
    /// Whether the connection is a new one; nil for any.
    package var connection: ConnectionUse?
    /// Of the requests that match all else, only those with this 1-based number.
    package var count: ClosedRange<Int>?

    package init(
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

    package struct Header: Sendable, Hashable {
        /// In lower case.
        package var name: String
        package var value: Glob?

        package init(name: String, value: Glob? = nil) {
            self.name = name
            self.value = value
        }
    }
}

/// What a connection was used for before a request.
package enum ConnectionUse: String, Sendable, Hashable, CaseIterable {
    /// The request is the first on its connection.
    case fresh
    /// The connection was kept alive after another request.
    case reused
}
