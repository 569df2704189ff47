package import ClipriseWire

/// One request that is sent to find out what a server does, and what it can cost.
package struct Probe: Sendable {
    /// The clause of the contract that it is about.
    package var clause: Clause
    /// What is sent, in a few words.
    package var title: String
    package var method: Request.Method
    /// Path and query.
    package var target: String
    package var fields: [(name: String, value: String)]
    package var body: [UInt8]
    /// The credits that a server would charge that does not refuse it.
    package var stake: Int64
    /// Whether `stake` is the catalogue's guess.
    package var isPriceAssumed = false
    /// Whether the account's real key is in it.
    package var usesKey: Bool
    /// The model whose rules it is about.
    package var model: String?
    /// Whether an answer that differs says nothing of the clause that the expected one belongs to, so that no profile
    /// can have it.
    package var isOnlyTold = false

    package init(
        _ clause: Clause, _ title: String, _ method: Request.Method, _ target: String,
        fields: [(name: String, value: String)], body: String = "", stake: Int64 = 0, usesKey: Bool = false
    ) {
        self.clause = clause
        self.title = title
        self.method = method
        self.target = target
        self.fields = fields
        self.body = Array(body.utf8)
        self.stake = stake
        self.usesKey = usesKey
    }

    var request: Request {
        Request(method: method, target: Array(target.utf8), fields: HeaderFields(fields), body: body)
    }
}

/// What came back.
package struct Observation: Sendable, Hashable {
    package var status: Int
    /// The whole field, or nil when there is none.
    package var contentType: String?
    package var body: [UInt8]
    /// The field `Location`; nil when there is none.
    package var location: String?

    package init(status: Int, contentType: String?, body: [UInt8], location: String? = nil) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.location = location
    }

    /// The type without parameters, in lower case.
    var mediaType: String? {
        contentType?.split(separator: ";").first.map { $0.lowercased().filter { $0 != " " && $0 != "\t" } }
    }
}

/// Sends one request and waits for its answer.
package protocol Sender: Sendable {
    func send(_ probe: Probe) throws(SendFailure) -> Observation
}

package struct SendFailure: Error, Sendable, Hashable {
    /// In a few words, for people.
    package var reason: String
    /// Whether the time for it was over.
    package var isTimeout: Bool

    package init(_ reason: String, isTimeout: Bool = false) {
        self.reason = reason
        self.isTimeout = isTimeout
    }
}
