internal import ClipriseWire

/// What the service as a whole can take; requests beyond it wait, and beyond the queue get 503.
public struct Capacity: Sendable, Hashable {
    /// Requests worked on at once.
    public var concurrency: Int
    /// How long each takes to be worked on.
    public var service: Distribution
    /// Requests that may wait; a further one is rejected.
    public var queue: Int
    /// The answer to a request that is rejected.
    public var refusal: StatusFault = StatusFault(code: 503)
}

// MARK: As written

extension Forms {
    static let capacity = Form<Capacity>.record(
        "capacity", Capacity(concurrency: 1, service: .fixed(.zero), queue: 0)
    ) { capacity, fields in
        fields.required(
            "concurrency", &capacity.concurrency, integer(1...100_000), "Requests worked on at once.")
        fields.required("service", &capacity.service, distribution, "How long each takes to be worked on.")
        fields.required(
            "queue", &capacity.queue, integer(0...1_000_000), "Requests that may wait; a further one is rejected.")
        fields.optional(
            "refusal", &capacity.refusal, refusal, "The answer to a request that is rejected; by default 503.",
            unless: StatusFault(code: 503))
    }
}
