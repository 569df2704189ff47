internal import ClipriseJournal
internal import ClipriseWire

/// One exchange with its stamps.
struct Attempt {
    let sequence: Int
    let at: Instant
    let realTime: Int64
    let exchange: ExchangeEvent

    var answer: Answer { Answer(exchange) }
}

/// What an exchange told its client: the client is judged by what it could know, not by what the server knows.
enum Answer: Hashable {
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
    case file

    init(_ exchange: ExchangeEvent) {
        switch exchange.outcome {
        case .inFlight: self = .pending
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

    private static func generate(_ exchange: ExchangeEvent) -> Answer {
        if isExplicitlyRetryable(exchange) { return .retryable }
        switch exchange.fate {
        case .accepted: return .accepted
        case .answerLost, .notSent: return .unknown
        case .refused, nil:
            let isSpoilt = exchange.shape == .broken || (exchange.status == 200 && exchange.bytes == 0)
            return exchange.status >= 500 || isSpoilt ? .unknown : .refused
        }
    }

    private static func poll(_ exchange: ExchangeEvent) -> Answer {
        if exchange.status >= 500 || isExplicitlyRetryable(exchange) { return .retryable }
        switch exchange.status {
        case 300: return .processing
        case 200, 206:
            let isSpoilt = exchange.fault == "corrupt" || exchange.fault == "truncate"
            if exchange.shape == .file { return isSpoilt ? .retryable : .file }
            return exchange.shape == .object || exchange.shape == .array ? .success : .retryable
        default:
            // A refusal, or a failure, that nobody can read tells nothing; asking again costs nothing.
            if exchange.shape == .broken { return .retryable }
            return exchange.clause == .sta7 ? .failed : .refused
        }
    }

    /// Whether a client may ask again because this came, if asking again does no harm.
    var isError: Bool { self == .unknown || self == .retryable || self == .refused }
}
