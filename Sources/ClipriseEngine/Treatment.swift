internal import ClipriseJournal
public import ClipriseScenario
public import ClipriseWire

/// A fault that shapes an answer, with all that its bytes depend on.
public struct Treatment: Sendable, Hashable {
    public var fault: Fault
    /// What the fault's own draws follow from.
    var chance: UInt64
    /// The wait that a rate limit asks for.
    var wait: TimeSpan?
    /// Seconds since 1970 on the account's clock, for dates.
    var calendar: Int64

    /// How long a hang lasts that has no limit of its own.
    public static let hangLimit = TimeSpan.seconds(300)

    /// The answer as the fault leaves it.
    ///
    /// - Parameter plan: What the answer would be; for the phase `before` it is not looked at.
    public func applied(to plan: ResponsePlan) -> ResponsePlan {
        switch fault.kind {
        case .status(let status): return answer(status)
        case .empty: return ResponsePlan(status: 200)
        case .rateLimit(let limit): return answer(limit)
        case .runningLimit(let limit): return answer(limit.refusal)
        case .latency(let length):
            return plan.inSteps(leading: fault.phase != .body, [.pause(length.length(chance))])
        case .hang(let limit):
            let silence: [ResponsePlan.Step] = [.pause(limit ?? Self.hangLimit), .abort(.close)]
            return plan.broken(after: fault.phase == .body ? 0 : nil, silence)
        case .close: return plan.broken(after: fault.phase == .body ? plan.bytes.count / 2 : nil, [.abort(.close)])
        case .reset: return plan.broken(after: fault.phase == .body ? plan.bytes.count / 2 : nil, [.abort(.reset)])
        case .throttle(let rate): return plan.with(.throttled(plan.bytes, bytesPerSecond: rate))
        case .slice(let bytes, let pause): return plan.with(.sliced(plan.bytes, size: bytes, every: pause))
        case .truncate(let truncation): return truncated(plan, truncation)
        case .corrupt(let corruption): return Corrupted.plan(plan, corruption)
        case .shape(let shape): return plan.shaped(shape)
        case .task, .account, .callback: return plan
        }
    }

    private func truncated(_ plan: ResponsePlan, _ truncation: Truncation) -> ResponsePlan {
        let bytes = plan.bytes
        let end: Int =
            switch truncation.at {
            case .bytes(let count): min(count, bytes.count)
            case .fraction(let part): Int(Double(bytes.count) * part)
            }
        guard end < bytes.count else { return plan }
        if truncation.isHonest { return plan.with(.plain(Array(bytes[..<end]))) }
        return plan.broken(after: end, [.abort(.close)])
    }

    private func answer(_ status: StatusFault) -> ResponsePlan {
        var plan = ReadyBody.plan(status.code, status.body)
        plan.fields = status.headers
        if let retryAfter = status.retryAfter { add(retryAfter, to: &plan) }
        return plan
    }

    private func answer(_ limit: RateLimit) -> ResponsePlan {
        var plan = ReadyBody.plan(limit.code, .usual)
        let wait = wait ?? limit.window
        switch limit.retryAfter {
        case .none: break
        case .seconds: add(.seconds(wait), to: &plan)
        case .date: add(.date(wait), to: &plan)
        }
        return plan
    }

    private func add(_ retryAfter: RetryAfter, to plan: inout ResponsePlan) {
        switch retryAfter {
        case .seconds(let span): plan.fields.append(.init("Retry-After", "\(span.seconds)"))
        case .date(let span):
            // The date means something only beside the server's own idea of now.
            plan.fields.append(.init("Date", HTTPDate.text(calendar)))
            plan.fields.append(.init("Retry-After", HTTPDate.text(calendar + span.seconds)))
        case .text(let text): plan.fields.append(.init("Retry-After", text))
        }
    }

    /// How long the answer asks the client to wait; nil when it says nothing that can be read.
    public var retryAfter: TimeSpan? {
        switch fault.kind {
        case .status(let status): return Self.wait(status.retryAfter)
        case .runningLimit(let limit): return Self.wait(limit.retryAfter)
        case .rateLimit(let limit):
            return limit.retryAfter == .none ? nil : .seconds((wait ?? limit.window).seconds)
        default: return nil
        }
    }

    private static func wait(_ told: RetryAfter?) -> TimeSpan? {
        switch told {
        case .seconds(let span)?, .date(let span)?: .seconds(span.seconds)
        case .text(let text)?: DecimalText.whole(text).map { .seconds(min($0, 1 << 30)) }
        case nil: nil
        }
    }

    /// Whether the wait is given as a date.
    var givesDate: Bool {
        switch fault.kind {
        case .status(let status): if case .date? = status.retryAfter { true } else { false }
        case .runningLimit(let limit): if case .date? = limit.retryAfter { true } else { false }
        case .rateLimit(let limit): limit.retryAfter == .date
        default: false
        }
    }

    /// Whether what arrives of the body is not what its type says.
    var spoilsBody: Bool {
        switch fault.kind {
        case .truncate: true
        case .corrupt(let corruption): corruption != .header && corruption != .type
        case .close, .reset, .hang: fault.phase == .body
        default: false
        }
    }

    /// Whether bytes of the body are others than they should be; bytes that are missing are no others.
    var spoilsBytes: Bool {
        guard case .corrupt(let corruption) = fault.kind else { return false }
        return corruption != .header && corruption != .type
    }

    /// Whether nothing is left of the answer that it would be.
    var replacesAnswer: Bool {
        switch fault.kind {
        case .status, .empty, .rateLimit, .runningLimit: true
        default: false
        }
    }

    /// Whether a client that gets this answer cannot know that its work was accepted.
    var losesAnswer: Bool {
        switch fault.kind {
        case .status, .empty, .hang, .close, .reset, .rateLimit, .runningLimit: true
        case .truncate: true
        case .corrupt: spoilsBytes
        case .latency, .throttle, .slice, .shape, .task, .account, .callback: false
        }
    }
}

extension TimeSpan {
    /// Whole seconds, rounded up.
    fileprivate var seconds: Int64 {
        nanoseconds / 1_000_000_000 + (nanoseconds % 1_000_000_000 > 0 ? 1 : 0)
    }
}

extension ResponsePlan {
    /// All bytes of the body, whatever happens between them.
    public var bytes: [UInt8] {
        switch body {
        case .plain(let bytes): bytes
        case .steps(_, let steps):
            steps.reduce(into: []) { all, step in all += step.bytes }
        }
    }

    func with(_ body: Body) -> ResponsePlan {
        var plan = self
        plan.body = body
        return plan
    }

    /// The plan with steps before the head, or between head and body.
    func inSteps(leading: Bool, _ extra: [Step]) -> ResponsePlan {
        let (length, steps): (Int?, [Step]) =
            switch body {
            case .plain(let bytes): (bytes.count, [.send(bytes)])
            case .steps(let length, let steps): (length, steps)
            }
        return with(.steps(announcedLength: length, (leading ? extra : [.send([])] + extra) + steps))
    }

    /// The plan cut after this many bytes of the body, its full length announced; nil cuts before the head.
    func broken(after count: Int?, _ end: [Step]) -> ResponsePlan {
        let all = bytes
        guard let count else { return with(.steps(announcedLength: all.count, end)) }
        // Something must be owed, or the client would have all that was announced.
        return with(.steps(announcedLength: max(all.count, 1), [.send(Array(all[..<count]))] + end))
    }

    func shaped(_ shape: Shape) -> ResponsePlan {
        guard contentType == .json, case .plain(let bytes) = body, let first = bytes.first, let last = bytes.last else {
            return self
        }
        switch shape {
        case .object where first == UInt8(ascii: "[") && last == UInt8(ascii: "]"):
            return with(.plain(Array(bytes.dropFirst().dropLast())))
        case .array where first == UInt8(ascii: "{"):
            return with(.plain([UInt8(ascii: "[")] + bytes + [UInt8(ascii: "]")]))
        case .object, .array: return self
        }
    }
}

extension ResponsePlan {
    /// What a client finds in the body.
    var shape: ExchangeEvent.Shape {
        guard case .plain(let bytes) = body else {
            let first = bytes.first
            return contentType != .json ? .none : first == UInt8(ascii: "[") ? .array : .object
        }
        switch bytes.first {
        case UInt8(ascii: "[")?: return .array
        case UInt8(ascii: "{")?: return .object
        default: return .none
        }
    }
}
