/// Which bodies of requests and answers a journal keeps.
public enum BodyPolicy: String, Sendable, Hashable, CaseIterable {
    /// None, nor targets and fields.
    case none
    /// Those that are JSON, at most 64 KiB of an exchange with its target and fields.
    case json
    /// All but files: up to 1 MiB of a request's and of an answer's.
    case all

    /// The most bytes of a request's body, and of an answer's.
    var limits: (request: Int, answer: Int) {
        switch self {
        case .none: (0, 0)
        case .json: (32 << 10, 16 << 10)
        case .all: (1 << 20, 1 << 20)
        }
    }

    /// The most bytes of a request's target and fields together, and of an answer's fields.
    static let headLimits = (request: 12 << 10, answer: 4 << 10)
}

/// What an exchange said, without secrets: target, fields and bodies, as far as they are kept.
public struct ExchangeContent: Sendable, Hashable {
    public struct Field: Sendable, Hashable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public struct Body: Sendable, Hashable {
        /// Bytes of the whole body, as it was sent.
        public var size: Int
        /// Without secrets; nil when it is not kept.
        public var bytes: [UInt8]?
        /// Whether `bytes` are but the beginning.
        public var isCut: Bool = false

        /// The bytes as text; nil when they are none, or are not kept.
        public var text: String? { bytes.flatMap { String(validating: $0, as: UTF8.self) } }
    }

    public struct Message: Sendable, Hashable {
        /// In arrival or sending order; of an answer those that were decided, without what the listener adds.
        public var fields: [Field] = []
        public var body: Body = Body(size: 0)

        /// The value of the first field of this name.
        public func first(_ name: String) -> String? {
            fields.first { $0.name.lowercased() == name }?.value
        }
    }

    public var target: String
    public var request: Message
    /// As it was to leave, with what a fault did to it; nil when the connection ended without a status line, or the answer
    /// is not decided yet.
    public var response: Message?

    public init(target: String, request: Message, response: Message? = nil) {
        self.target = target
        self.request = request
        self.response = response
    }
}
