internal import ClipriseAdmin
internal import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseLocks
internal import ClipriseWire
internal import MicroHTTPD

extension RefusedRequest {
    /// What a person should know, and can do.
    var hint: String {
        switch reason {
        case .bodyTooLarge: "\(message); --body-limit SIZE lets longer ones in"
        case .fieldsTooLarge, .targetTooLong: "\(message); 8 KiB and about 100 fields fit"
        case .connectionLimit: "\(message); see --connection-limit"
        case .slowHead, .slowBody: "\(message), and the connection was cut"
        default: message
        }
    }
}

/// Counts the requests that reached no account, and keeps the last of them.
///
/// They are in no journal, for a journal belongs to an account.
final class UnmatchedRequests: Sendable {
    /// The most requests that are kept; all are counted.
    static let limit = 1_000
    /// The most different requests for somebody else that are kept.
    static let foreignLimit = 100
    /// The longest method and hint that are kept, in characters.
    private static let textLimit = 300

    private struct State: Sendable {
        /// Since the last reset, with the hint of the last one.
        var counts: [JournalTally.Answer: (count: Int, hint: String)] = [:]
        /// Of what was cleared together with the journals, whose counts go on as well.
        var before: [JournalTally.Answer: Int] = [:]
        /// What was for somebody else, since the start; cleared by nothing.
        var foreign: [String] = []
        /// A ring once it is full, whose oldest stands at `oldest`.
        var last: [UnmatchedRequest] = []
        var oldest = 0
    }

    private let state = Locked(State())

    /// - Parameter isKey: Whether an account has this key.
    func note(
        _ decision: Decision, _ request: Request, key: ArraySlice<UInt8>, realTime: Int64,
        isKey: (ArraySlice<UInt8>) -> Bool
    ) {
        guard case .plan(let plan) = decision.answer else { return }
        if let foreign = decision.event.foreign {
            state.withLock { state in
                guard state.foreign.count < Self.foreignLimit, !state.foreign.contains(foreign) else { return }
                state.foreign.append(foreign)
            }
        }
        let answer = JournalTally.Answer(
            operation: decision.event.operation, status: plan.status, clause: decision.event.clause)
        let hint = String((decision.event.hint ?? Self.hint(on: decision.event.clause, key)).prefix(Self.textLimit))
        note(
            UnmatchedRequest(
                realTime: realTime, method: String(request.method.description.prefix(Self.textLimit)),
                path: Self.shownPath(of: request, isKey: isKey), answer: answer, hint: hint))
    }

    /// Notes what the listener refused before anyone could look at it.
    func note(_ refused: RefusedRequest, realTime: Int64, isKey: (ArraySlice<UInt8>) -> Bool) {
        let request = Request(method: refused.method ?? .get, target: refused.target)
        note(
            UnmatchedRequest(
                realTime: realTime, method: refused.method.map { String($0.description.prefix(Self.textLimit)) } ?? "",
                path: refused.target.isEmpty ? "" : Self.shownPath(of: request, isKey: isKey),
                answer: .init(operation: .other, status: refused.status, clause: nil, refusal: refused.reason.rawValue),
                hint: refused.hint))
    }

    private func note(_ noted: UnmatchedRequest) {
        let (answer, hint) = (noted.answer, noted.hint)
        state.withLock { state in
            state.counts[answer] = ((state.counts[answer]?.count ?? 0) + 1, hint)
            if state.last.count < Self.limit {
                state.last.append(noted)
            } else {
                state.last[state.oldest] = noted
                state.oldest = (state.oldest + 1) % Self.limit
            }
        }
    }

    /// The different requests that were sent to us as a proxy for somebody else.
    var foreign: [String] { state.withLock(\.foreign) }

    var view: UnmatchedView {
        state.withLock { state in
            let counts = state.counts.map {
                UnmatchedView.Count(answer: $0.key, count: $0.value.count, hint: $0.value.hint)
            }
            return UnmatchedView(
                counts: counts.sorted { ($1.count, Self.order($0)) < ($0.count, Self.order($1)) },
                requests: Array(state.last[state.oldest...] + state.last[..<state.oldest]))
        }
    }

    /// Of equally frequent ones, the same order each time.
    private static func order(_ count: UnmatchedView.Count) -> String {
        """
        \(count.answer.operation.rawValue) \(count.answer.status) \(count.answer.clause?.rawValue ?? "") \
        \(count.answer.refusal ?? "")
        """
    }

    /// All since the accounts were made, cleared ones too.
    var tally: [JournalTally.Answer: Int] {
        state.withLock { state in state.before.merging(state.counts.mapValues(\.count), uniquingKeysWith: +) }
    }

    /// - Returns: How many there were.
    func clear(keepingTally keepsTally: Bool) -> Int {
        state.withLock { state in
            let count = state.counts.values.reduce(0) { $0 + $1.count }
            let before = keepsTally ? state.before.merging(state.counts.mapValues(\.count), uniquingKeysWith: +) : [:]
            state = State(before: before, foreign: state.foreign)
            return count
        }
    }

    // MARK: What is shown

    private static func hint(on clause: Clause?, _ key: ArraySlice<UInt8>) -> String {
        switch clause {
        case .gen1? where key.isEmpty: "the request has no single, well-formed \"Authorization: Bearer KEY\""
        case .sta1? where key.isEmpty: "the query has no apiKey"
        case .gen1?, .sta1?:
            "no account has the key that was sent; GET /__admin/accounts lists those there are, exec sets CLIPRISE_API_KEY"
        default: ""
        }
    }

    /// The path without its query; a segment that is a key, or may be one, is shortened.
    private static func shownPath(of request: Request, isKey: (ArraySlice<UInt8>) -> Bool) -> String {
        let target = Target(request.target)
        let sent = [
            request.fields.first("authorization")?.split(separator: 0x20).last, request.fields.first("x-api-key"),
            Query(target.query).first("apiKey"),
        ].compactMap { $0.map { Array($0) } }
        let segments = target.path.prefix(200).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return segments.map { segment in
            let isPlain = segment.count <= 20 && segment.allSatisfy(isPlain)
            let isSafe = isPlain && !sent.contains(Array(segment)) && !isKey(segment)
            return isSafe ? String(decoding: segment, as: UTF8.self) : ShortenedKey.text(segment)
        }.joined(separator: "/")
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "*"):
            true
        default: false
        }
    }
}

/// Requests that reached no account, in words.
package struct UnmatchedSummary: Sendable, Hashable {
    package var total: Int
    /// Whether requests were sent, and not one of them reached an account.
    package var reachedNone: Bool
    /// Whether no request was sent at all.
    package var sawNothing: Bool
    /// Lines for a terminal, each with its end; empty when there were none.
    package var text: String

    init(_ view: UnmatchedView, hasReached: Bool) {
        total = view.total
        reachedNone = total > 0 && !hasReached
        sawNothing = total == 0 && !hasReached
        guard total > 0 else {
            text = ""
            return
        }
        var lines = view.counts.prefix(5).map { count in
            let clause = count.answer.clause.map { "\($0.rawValue) " } ?? ""
            let hint = count.hint.isEmpty ? "" : " (\(count.hint))"
            return "\(count.count) × \(clause)\(Self.word(count.answer))\(hint)"
        }
        if view.counts.count > 5 { lines.append("and others") }
        let head = "\(DecimalText.count(total, "request")) reached no account:"
        text = lines.count == 1 ? Self.wrapped("\(head) \(lines[0])") : Self.wrapped(head)
        if lines.count > 1 { text += lines.map { Self.wrapped($0, indent: "  ") }.joined() }
        if reachedNone { text += "No request reached an account, so nothing was judged: that counts as failed.\n" }
    }

    /// Lines of at most 80 characters, the further ones two deeper.
    private static func wrapped(_ text: String, indent: String = "") -> String {
        Printable.wrapped(text, 78 - indent.count).enumerated()
            .map { "\(indent)\($0 == 0 ? "" : "  ")\($1)\n" }.joined()
    }

    private static func word(_ answer: JournalTally.Answer) -> String {
        if let refusal = answer.refusal { return "refused by the listener: \(refusal)" }
        return switch answer.clause {
        case .gen1?, .sta1?: "invalid_api_key"
        case .host1?, .host2?, .host3?: "Host not let in"
        case .host4?: "no or a malformed Host"
        default: "unknown path or method"
        }
    }
}
