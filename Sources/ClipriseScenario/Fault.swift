package import ClipriseWire

/// One fault and when it strikes.
package struct Fault: Sendable, Hashable {
    package var kind: Kind
    /// `Kind.usualPhase` unless the file says otherwise.
    package var phase: Phase

    package init(_ kind: Kind, phase: Phase? = nil) {
        self.kind = kind
        self.phase = phase ?? kind.usualPhase
    }

    package enum Phase: String, Sendable, Hashable, CaseIterable {
        /// Instead of the work: no task is created, nothing is held.
        case before
        /// After the work: the task is created and its price held, then the answer suffers.
        case after
        /// While the body of the answer is on its way; the work is done.
        case body
    }

    /// Behind a reference: faults are few and rarely made, and what carries one stays small without it.
    package indirect enum Kind: Sendable, Hashable {
        case status(StatusFault)
        /// HTTP 200 with no body, an oddity of the contract itself.
        case empty
        /// A late answer.
        case latency(Distribution)
        /// Silence until the client gives up or the limit is over, then a close. In phase `body` the head comes first.
        case hang(limit: TimeSpan?)
        /// FIN. In phase `body` after half of the body.
        case close
        /// RST. In phase `body` after half of the body.
        case reset
        /// A body at this many bytes a second.
        case throttle(bytesPerSecond: Int)
        /// A body in pieces of this many bytes, with a pause between.
        case slice(bytes: Int, every: TimeSpan)
        case truncate(Truncation)
        case corrupt(Corruption)
        case shape(Shape)
        case rateLimit(RateLimit)
        case runningLimit(RunningLimit)
        /// Decides the life of the task that this generate makes.
        case task(TaskFault)
        case account(AccountFault)
        /// Decides the callbacks of the task that this generate makes.
        case callback(CallbackFault)
    }
}

extension Fault.Kind {
    /// The phase that a file need not name.
    package var usualPhase: Fault.Phase {
        switch self {
        case .status, .empty, .hang, .close, .reset, .rateLimit, .runningLimit, .account: .before
        case .latency, .shape, .task, .callback: .after
        case .throttle, .slice, .truncate, .corrupt: .body
        }
    }

    /// The phases that make sense.
    package var phases: Set<Fault.Phase> {
        switch self {
        case .hang, .close, .reset: [.before, .after, .body]
        case .status, .empty: [.before, .after]
        case .latency: [.after, .body]
        case .rateLimit, .runningLimit, .account: [.before]
        case .shape, .task, .callback: [.after]
        case .throttle, .slice, .truncate, .corrupt: [.body]
        }
    }

    /// The word that names the fault in files, journals and metrics.
    package var word: String {
        switch self {
        case .status: "status"
        case .empty: "empty"
        case .latency: "latency"
        case .hang: "hang"
        case .close: "close"
        case .reset: "reset"
        case .throttle: "throttle"
        case .slice: "slice"
        case .truncate: "truncate"
        case .corrupt: "corrupt"
        case .shape: "shape"
        case .rateLimit: "rate_limit"
        case .runningLimit: "running_limit"
        case .task(.fail): "fail"
        case .task(.stuck): "stuck"
        case .task(.slow): "slow"
        case .task(.flap): "flap"
        case .task(.lost): "lost"
        case .task(.expiredURL): "expired_url"
        case .account(.drain): "drain"
        case .account(.revoke): "revoke"
        case .callback: "callback"
        }
    }
}

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
