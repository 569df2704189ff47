internal import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

/// One exchange with its stamps.
struct Attempt {
    let sequence: Int
    let at: Instant
    let realTime: Int64
    let exchange: ExchangeEvent

    let answer: ObservedAnswer

    init(sequence: Int, at: Instant, realTime: Int64, exchange: ExchangeEvent) {
        self.sequence = sequence
        self.at = at
        self.realTime = realTime
        self.exchange = exchange
        answer = ObservedAnswer(exchange)
    }
}

/// What an exchange told its client: the client is judged by what it could know, not by what the server knows.
enum ObservedAnswer: Hashable {
    /// Still owed.
    case pending
    /// Nothing came that can be relied on: for a generate, a task may have been made or not.
    case unknown
    /// Not now; sending it again is right.
    case retryable
    /// No, and asking again will not change it.
    case refused
    /// A generate was accepted.
    case accepted
    case processing
    case success
    case failed
    /// All that an answer was to carry of a file, whole or a part.
    case file
    /// Neither helps nor ends: the head of a file or of a success, or that it has not changed, or that a part lies beyond its end.
    case noted

    init(_ exchange: ExchangeEvent) {
        switch exchange.outcome {
        case .inFlight: self = .pending
        // The status alone says it, and it was there before the connection ended.
        case _ where exchange.isCutProcessing: self = .processing
        case .aborted, .clientLeft, .timedOut, .stopped: self = .unknown
        case .completed:
            self = exchange.operation == .generate ? Self.generate(exchange) : Self.poll(exchange)
        }
    }

    /// 429, 408 and 425 say that nothing was done (RFC 9110, RFC 6585, RFC 8470); 503 says it only together with
    /// `Retry-After`, for without one it is a gateway's page like 502 and 504.
    private static func isExplicitlyRetryable(_ exchange: ExchangeEvent) -> Bool {
        switch exchange.status {
        case 408, 425, 429: true
        case 503: exchange.retryAfter != nil
        default: false
        }
    }

    private static func generate(_ exchange: ExchangeEvent) -> ObservedAnswer {
        if isExplicitlyRetryable(exchange) { return .retryable }
        switch exchange.fate {
        case .accepted: return .accepted
        case .answerLost, .notSent: return .unknown
        case .refused, nil:
            let isSpoilt = exchange.shape == .broken || (exchange.status == 200 && exchange.bytes == 0)
            return exchange.status >= 500 || isSpoilt ? .unknown : .refused
        }
    }

    private static func poll(_ exchange: ExchangeEvent) -> ObservedAnswer {
        if exchange.status >= 500 || isExplicitlyRetryable(exchange) { return .retryable }
        switch exchange.status {
        case 300: return .processing
        case 304, 412, 416: return exchange.operation == .download ? .noted : .refused
        case 200, 206:
            if exchange.method == .head { return .noted }
            if exchange.shape == .file { return .file }
            // A rule's own JSON says nothing of the task.
            let isRead = exchange.shape == .object || exchange.shape == .array
            return isRead && exchange.clause != nil ? .success : .retryable
        default:
            // A refusal, or a failure, that nobody can read says nothing; asking again costs nothing.
            if exchange.shape == .broken { return .retryable }
            return exchange.clause == .sta7 ? .failed : .refused
        }
    }

    /// Whether a client may ask again because this came, if asking again does no harm.
    var isError: Bool { self == .unknown || self == .retryable || self == .refused }
}

extension ExchangeEvent {
    /// Whether the status of a poll says "not yet", and the connection ended behind it: cut, or left within the body.
    var isCutProcessing: Bool {
        guard operation != .generate, status == 300 else { return false }
        return outcome == .aborted || (faultPhase == .body && (outcome == .clientLeft || outcome == .timedOut))
    }
}
