package import ClipriseWire

/// An answer of another status in place of the true one.
package struct StatusFault: Sendable, Hashable {
    /// 200–599.
    package var code: Int
    package var body: Body
    package var headers: [ResponsePlan.Field]
    package var retryAfter: RetryAfter?

    package init(
        code: Int, body: Body = .usual, headers: [ResponsePlan.Field] = [], retryAfter: RetryAfter? = nil
    ) {
        self.code = code
        self.body = body
        self.headers = headers
        self.retryAfter = retryAfter
    }

    package enum Body: Sendable, Hashable {
        /// What is usual for the code: a gateway's HTML page for 502, 503 and 504, JSON for 429, else nothing.
        case usual
        case empty
        /// A gateway's HTML page.
        case html
        /// `{"code":…,"message":…}`.
        case json
        /// Exactly this text, as `type`; nil for plain text.
        case text(String, type: String? = nil)
    }
}

/// The `Retry-After` of an answer (RFC 9110 §10.2.3).
package enum RetryAfter: Sendable, Hashable {
    /// As delay-seconds, rounded up.
    case seconds(TimeSpan)
    /// As an HTTP date this far from now on the account's clock.
    case date(TimeSpan)
    /// Exactly this text, for values that no client should trust.
    case text(String)
}

package struct Truncation: Sendable, Hashable {
    package enum Point: Sendable, Hashable {
        /// After this many bytes of the body.
        case bytes(Int)
        /// After this part of the body, 0–1.
        case fraction(Double)
    }

    package var at: Point
    /// Whether `Content-Length` tells the bytes that are sent rather than those that there should be.
    package var isHonest: Bool

    package init(at: Point, isHonest: Bool = false) {
        self.at = at
        self.isHonest = isHonest
    }
}

package enum Corruption: String, Sendable, Hashable, CaseIterable {
    /// JSON that does not parse.
    case json
    /// A byte that no UTF-8 has.
    case utf8
    /// A zip whose entry has a wrong CRC.
    case zip
    /// A `Content-Type` without a value that means anything, and a field with odd bytes.
    case header
    /// A wrong `Content-Type`.
    case type
}

/// The documented variants of an answer.
package enum Shape: String, Sendable, Hashable, CaseIterable {
    /// A bare object where an array is usual.
    case object
    /// An array where a bare object is usual.
    case array
}

package struct RateLimit: Sendable, Hashable {
    package enum WindowKind: String, Sendable, Hashable, CaseIterable { case fixed, sliding }
    package enum Form: String, Sendable, Hashable, CaseIterable { case seconds, date, none }

    /// Requests let through in one window.
    package var limit: Int
    package var window: TimeSpan
    package var kind: WindowKind
    package var retryAfter: Form
    /// The status beyond the limit.
    package var code: Int
    /// Requests of others that share the account, let through at the moment when the rule began.
    package var others: Int

    package init(
        limit: Int, window: TimeSpan, kind: WindowKind = .fixed, retryAfter: Form = .seconds, code: Int = 429,
        others: Int = 0
    ) {
        self.others = others
        self.limit = limit
        self.window = window
        self.kind = kind
        self.retryAfter = retryAfter
        self.code = code
    }
}

/// How many tasks of an account may run at once; a generate beyond it is refused.
package struct RunningLimit: Sendable, Hashable {
    package var limit: Int
    /// The status beyond the limit.
    package var code: Int
    package var retryAfter: RetryAfter?
    package var others: Others?

    /// Tasks of others that share the account, running since the rule began.
    package struct Others: Sendable, Hashable {
        package var tasks: Int
        /// How long after the rule's beginning all of them end.
        package var length: TimeSpan

        package init(tasks: Int, length: TimeSpan) {
            self.tasks = tasks
            self.length = length
        }
    }

    package init(limit: Int, code: Int = 429, retryAfter: RetryAfter? = nil, others: Others? = nil) {
        self.others = others
        self.limit = limit
        self.code = code
        self.retryAfter = retryAfter
    }

    /// The answer beyond the limit.
    package var refusal: StatusFault { StatusFault(code: code, retryAfter: retryAfter) }
}

package enum AccountFault: Sendable, Hashable {
    /// Leaves this many credits that can be spent, at once and for good.
    case drain(to: Int64)
    /// The key is refused from now on.
    case revoke
}

/// What goes wrong with the callbacks of a task.
package enum CallbackFault: Sendable, Hashable {
    case drop
    case delay(Distribution)
    /// Delivered this many times in all.
    case duplicate(Int)
    /// Held back until the next callback of the account went out.
    case reorder
    /// The first deliveries get this far and count as failed: the mock pretends that the receiver answered so.
    case fail(times: Int)
    /// Signed with a wrong key.
    case wrongSignature

    /// The word in files and journals.
    package var word: FaultWord {
        switch self {
        case .drop: .drop
        case .delay: .delay
        case .duplicate: .duplicate
        case .reorder: .reorder
        case .fail: .fail
        case .wrongSignature: .wrongSignature
        }
    }
}

/// Whether and how finished tasks call `callBackUrl` (contract, CB-2).
package struct CallbackRule: Sendable, Hashable {
    /// Which of the bodies that upstream's texts show is sent.
    package enum Style: String, Sendable, Hashable, CaseIterable {
        /// The whole record of the task, with `data.taskId` and `creditsConsumed`.
        case record
        /// The short form of the text on signatures, with `data.task_id`, `callbackType` and `consumeCredits`.
        case taskID = "task_id"
    }

    package var delay: Distribution
    /// Retries after the first attempt.
    package var retries: Int
    /// How long one attempt may take.
    package var timeout: TimeSpan
    /// The pause before a retry.
    package var pause: TimeSpan
    /// Signs each delivery (HMAC-SHA256); nil signs nothing.
    package var secret: String?
    package var style: Style

    package init(
        delay: Distribution = .fixed(.zero), retries: Int = 3, timeout: TimeSpan = .seconds(15),
        pause: TimeSpan = .seconds(5), secret: String? = nil, style: Style = .record
    ) {
        self.style = style
        self.delay = delay
        self.retries = retries
        self.timeout = timeout
        self.pause = pause
        self.secret = secret
    }
}
