/// Walks the body of a response plan; the caller brings the time and does the sending.
///
/// The listener and the simulator walk the same cursor, so both cut an answer at the same byte.
public struct PlanCursor: Sendable {
    private var steps: [ResponsePlan.Step]
    private var current = 0
    private var sentOfCurrentStep = 0
    private var resumeAt: Instant?
    /// When the schedule of the current drip began.
    private var dripStart: Instant?
    /// Releases that have let no hold pass yet.
    private var releases = 0
    /// How many bytes of the announced length are still owed; nil when none was announced.
    private var owed: Int?
    /// The bytes of the steps that are known and not yet sent.
    public private(set) var unsentBytes = 0

    public init(_ body: ResponsePlan.Body) {
        switch body {
        case .plain(let bytes):
            steps = bytes.isEmpty ? [] : [.send(bytes)]
        case .steps(let announcedLength, let steps):
            self.steps = steps
            owed = announcedLength.map { max(0, $0) }
        }
        unsentBytes = Self.byteCount(steps)
    }

    /// A cursor for releases that come before the body is known.
    public init() {
        steps = []
    }

    /// Takes over what was released before the body was known.
    public mutating func adopt(_ early: PlanCursor) {
        releases += early.releases
        append(early.steps)
    }

    /// What the caller must do now.
    public enum Action: Sendable, Hashable {
        /// Send these bytes, then ask again.
        case send(ArraySlice<UInt8>)
        /// Ask again no earlier than this.
        case wait(until: Instant)
        /// Ask again after the next `release`.
        case hold
        /// No more bytes come; when they are fewer than announced, the connection ends here (FIN).
        case finish
        /// End the connection now.
        case abort(ResponsePlan.Abort)
    }

    // MARK: Walking

    /// Decides what happens before the status line: `wait`, `hold`, `abort`, or nil when the head can be sent now.
    ///
    /// - Parameter now: The current time; never earlier than in the call before.
    public mutating func nextBeforeHead(at now: Instant) -> Action? {
        if let resumeAt, now < resumeAt { return .wait(until: resumeAt) }
        finishPause()
        while current < steps.count {
            switch steps[current] {
            case .abort(let kind): return .abort(kind)
            case .pause(let span): return beginPause(span, at: now)
            case .hold:
                guard passHold() else { return .hold }
            case .send, .drip: return nil
            }
        }
        return nil
    }

    /// Decides the next action.
    ///
    /// No more bytes are sent than were announced: with the last of them the body is over, and so are pauses and holds
    /// behind it, while an abort behind it comes at once.
    ///
    /// - Parameters:
    ///   - now: The current time; never earlier than in the call before.
    ///   - capacity: The most bytes the caller can take in one go; positive.
    /// - Returns: The action; a `send` always has bytes.
    public mutating func next(at now: Instant, capacity: Int) -> Action {
        precondition(capacity > 0, "a cursor needs room for at least one byte")
        if owed == 0 { return remainingAbort.map { .abort($0) } ?? .finish }
        if let resumeAt, now < resumeAt { return .wait(until: resumeAt) }
        finishPause()
        while current < steps.count {
            switch steps[current] {
            case .abort(let kind):
                return .abort(kind)
            case .pause(let span):
                return beginPause(span, at: now)
            case .hold:
                guard passHold() else { return .hold }
            case .send(let bytes) where bytes.isEmpty, .drip(let bytes, _, _) where bytes.isEmpty:
                current += 1
            case .send(let bytes):
                return send(bytes, to: bytes.count, capacity: capacity)
            case .drip(let bytes, let size, let pace):
                let pieceSize = min(size, bytes.count)
                let end = min(bytes.count, (sentOfCurrentStep / pieceSize + 1) * pieceSize)
                if let due = dueTime(of: end, pieceSize: pieceSize, pace, at: now) { return .wait(until: due) }
                return send(bytes, to: end, capacity: capacity)
            }
        }
        return .finish
    }

    /// Lets one hold pass, the current one or else the next, and appends steps at the end.
    ///
    /// Releases that come before their hold is reached are counted, so none is lost.
    public mutating func release(adding steps: [ResponsePlan.Step] = []) {
        releases += 1
        append(steps)
    }

    // MARK: Looking ahead

    /// The abort that stands behind what was sent so far, or nil when there is none.
    ///
    /// For a host whose client has all the bytes that were announced, and would not be asked again.
    public var remainingAbort: ResponsePlan.Abort? {
        for step in steps[min(current, steps.count)...] {
            if case .abort(let kind) = step { return kind }
        }
        return nil
    }

    /// The most bytes that one `send` can have, as far as the steps are known.
    public var largestPiece: Int {
        steps[min(current, steps.count)...].reduce(0) { largest, step in
            switch step {
            case .send(let bytes): max(largest, bytes.count)
            case .drip(let bytes, let pieceSize, _): max(largest, min(bytes.count, pieceSize))
            case .pause, .hold, .abort: largest
            }
        }
    }

    /// Whether a hold is still ahead, so that steps may be added.
    public var mayGrow: Bool { steps[min(current, steps.count)...].contains(.hold) }

    /// The steps that are not finished.
    public var remainingStepCount: Int { steps.count - current }

    /// The steps that are kept in memory; for tests.
    var storedStepCount: Int { steps.count }

    // MARK: Parts of a walk

    private mutating func send(_ bytes: [UInt8], to pieceEnd: Int, capacity: Int) -> Action {
        let end = min(pieceEnd, sentOfCurrentStep + min(capacity, owed ?? capacity))
        let piece = bytes[sentOfCurrentStep..<end]
        if end == bytes.count {
            current += 1
            sentOfCurrentStep = 0
            dripStart = nil
        } else {
            sentOfCurrentStep = end
        }
        unsentBytes -= piece.count
        if let owed { self.owed = owed - piece.count }
        return .send(piece)
    }

    /// When the piece that ends at `end` may be sent, or nil for now.
    ///
    /// Counted from the start of the drip, so that small delays do not add up. A delay of more than two pieces' time
    /// moves the schedule: a client that did not read for long gets no burst.
    private mutating func dueTime(of end: Int, pieceSize: Int, _ pace: ResponsePlan.Pace, at now: Instant) -> Instant? {
        let start = dripStart ?? now
        let due = start.advanced(by: pace.time(of: end, pieceSize: pieceSize))
        dripStart = start
        if now < due { return due }
        let late = now.since(due)
        if late > pace.time(of: 2 * pieceSize + 1, pieceSize: pieceSize) { dripStart = start.advanced(by: late) }
        return nil
    }

    private mutating func passHold() -> Bool {
        guard releases > 0 else { return false }
        releases -= 1
        current += 1
        return true
    }

    private mutating func beginPause(_ span: TimeSpan, at now: Instant) -> Action {
        let due = now.advanced(by: span)
        resumeAt = due
        return .wait(until: due)
    }

    private mutating func finishPause() {
        guard resumeAt != nil else { return }
        resumeAt = nil
        current += 1
    }

    /// Appends steps; finished ones are dropped now and then, so that an endless stream does not grow.
    private mutating func append(_ added: [ResponsePlan.Step]) {
        if current >= 16, 2 * current >= steps.count {
            steps.removeFirst(current)
            current = 0
        }
        steps.append(contentsOf: added)
        unsentBytes += Self.byteCount(added)
    }

    private static func byteCount(_ steps: [ResponsePlan.Step]) -> Int {
        steps.reduce(0) { sum, step in
            switch step {
            case .send(let bytes), .drip(let bytes, _, _): sum + bytes.count
            case .pause, .hold, .abort: sum
            }
        }
    }
}
