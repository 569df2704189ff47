package import ClipriseWire

/// What one probe found.
package struct Finding: Sendable {
    package enum Verdict: String, Sendable, Hashable, CaseIterable {
        case same
        case differs
        case unknown = "could not tell"
    }

    package enum Aspect: String, Sendable, Hashable, CaseIterable {
        case status
        case contentType = "content type"
        /// The keys and types of a JSON body, or what is no JSON.
        case shape
        /// The texts and numbers in a body of the same shape.
        case message
        /// A `Location` where there is none.
        case location
    }

    package var clause: Clause
    package var title: String
    /// The model whose rules it is about; nil when it is about none.
    package var model: String?
    package var verdict: Verdict
    package var aspects: [Aspect] = []
    package var expected: Observation?
    package var received: Observation?
    /// Why it could not be compared.
    package var reason: String?
    /// Where a profile file has the answer.
    var slot: String?
}
