internal import ClipriseJSON
internal import ClipriseWire

/// A body with a gap for its prompt, and what its check found: true of every body that differs in the prompt alone.
///
/// A program puts its bodies together in one way. Where the prompt is a text of a fitting length without escapes, its
/// characters decide nothing of the check, the price and the result's measures, so that one look at the rest is enough.
final class BodyForm: Sendable {
    private let policy: CheckPolicy
    /// The bytes before the prompt, with its opening quotation mark, and behind those the bytes after it.
    private let rest: FixedTable<UInt8>
    private let gap: Int
    /// Bytes that a prompt may have.
    private let lengths: ClosedRange<Int>
    private let meaning: BodyMeaning.Open
    private let finding: Finding

    private enum Finding: Sendable {
        case order(Order.SharedTerms)
        case refusal(Refusal)
    }

    /// What bodies of this form have before the gap, in a few words that nearly always tell others apart.
    struct Sight: Sendable {
        let gap: Int
        /// Bytes without the prompt.
        let rest: Int
        private let words: UInt64

        init(_ rest: FixedTable<UInt8>, gap: Int) {
            (self.gap, self.rest) = (gap, rest.count)
            words = Self.words(before: gap, in: UnsafeRawBufferPointer(rest.buffer))
        }

        @inline(__always) func fits(_ body: UnsafeRawBufferPointer) -> Bool {
            body.count > rest && Self.words(before: gap, in: body) == words
        }

        @inline(__always) private static func words(before gap: Int, in bytes: UnsafeRawBufferPointer) -> UInt64 {
            var (words, offset): (UInt64, Int) = (0, gap &- 8)
            let first = max(0, gap &- 48)
            while offset >= first {
                words = words &* 0x9E37_79B9_7F4A_7C15 ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                offset &-= 8
            }
            return words
        }
    }

    /// The longest body that is kept; bytes.
    private static let longest = 8_192

    /// The form of a body; nil for one without a prompt, or one whose prompt decides more than its own soundness.
    ///
    /// - Parameters:
    ///   - outcome: What the whole check of the body found.
    ///   - check: The form of its model that checked it; nil when the model is not in the catalogue, so that nothing
    ///     but its id was looked at.
    init?(
        _ body: [UInt8], _ envelope: Envelope, _ outcome: Result<Order, Refusal>, _ check: ModelCheck?,
        _ policy: CheckPolicy
    ) {
        guard body.count <= Self.longest, let input = envelope.input, input.isObject else { return nil }
        var lengths = 1...Int.max
        if let check {
            guard let prompt = check.promptAt, let sound = check.tables[prompt].lengthsOfTexts, !check.isAnyModel,
                !check.price.reads(prompt)
            else { return nil }
            lengths = sound
        }
        func isPrompt(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
            guard let check else { return key.equals("prompt") }
            return check.position(of: key)?.position == check.promptAt
        }
        // One value alone is the prompt, and it is written as it reads.
        let named = input.members.filter { isPrompt($0.key) }
        guard named.count == 1, let text = named[0].value.utf8,
            !envelope.root.members.contains(where: { isPrompt($0.key) }),
            !body.contains(UInt8(ascii: "\\")), let gap = Self.gap(text, in: body), Self.isPlain(text),
            lengths.contains(text.count), let meaning = BodyMeaning.Open(envelope, but: named[0].key, named[0].value)
        else { return nil }
        (self.policy, self.lengths, self.meaning, self.gap) = (policy, lengths, meaning, gap)
        rest = FixedTable(Array(body[..<gap] + body[(gap + text.count)...]))
        switch outcome {
        case .success(let order): finding = .order(order.terms)
        case .failure(let refusal): finding = .refusal(refusal)
        }
    }

    deinit { rest.deallocate() }

    var sight: Sight { Sight(rest, gap: gap) }

    /// What the check of a body finds; nil for one of another form, or whose prompt must be looked at.
    func outcome(of text: [UInt8], _ body: UnsafeBufferPointer<UInt8>, _ policy: CheckPolicy, _ bodyHash: UInt64?)
        -> Result<Order, Refusal>?
    {
        let length = body.count - rest.count
        guard length >= lengths.lowerBound, length <= lengths.upperBound, length > 0, let start = body.baseAddress,
            let known = rest.buffer.baseAddress, UnsafeBufferPointer.areEqual(start, known, gap),
            UnsafeBufferPointer.areEqual(start + (gap + length), known + gap, rest.count - gap), policy == self.policy
        else { return nil }
        let prompt = UnsafeBufferPointer(start: start + gap, count: length)
        guard Self.isPlain(prompt) else { return nil }
        let meaning = meaning.closed(with: prompt)
        switch finding {
        case .order(let terms):
            return .success(Order(terms, promptIn: text, gap..<(gap + length), meaning: meaning, bodyHash: bodyHash))
        case .refusal(var refusal):
            refusal.meaning = meaning
            return .failure(refusal)
        }
    }

    /// Where a text stands in a body as a whole string; nil when that is not clear.
    private static func gap(_ text: UnsafeBufferPointer<UInt8>, in body: [UInt8]) -> Int? {
        let quoted = ByteSearch([UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")])
        return body.withUnsafeBufferPointer { body in
            guard let first = quoted.first(in: body),
                !quoted.isFound(in: UnsafeBufferPointer(rebasing: body[(first + 1)...]))
            else { return nil }
            return first + 1
        }
    }

    /// Whether a text is ASCII that stands in JSON as it reads, and is not blank.
    private static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = text.first, first != UInt8(ascii: " ") else { return false }
        // Without a way out of the loop, and a choice within it, the compiler looks at sixteen bytes at once.
        var found: UInt8 = 0
        for byte in text {
            found |=
                (byte &- 0x20 >= 0x5F ? 1 : 0) | (byte == UInt8(ascii: "\"") ? 1 : 0)
                | (byte == UInt8(ascii: "\\") ? 1 : 0)
        }
        return found == 0
    }
}

/// The forms of bodies that were seen; of one thread, and small.
public final class BodyForms {
    /// The most forms that are kept.
    public static let limit = 16

    private var known = KnownForms()

    public init() {}

    func outcome(of body: [UInt8], _ policy: CheckPolicy, _ bodyHash: UInt64? = nil) -> Result<Order, Refusal>? {
        known.outcome(of: body, policy, bodyHash)
    }

    /// Keeps the form of a body that was not known; of most, where they hardly ever come again, nothing is kept.
    func learn(_ form: () -> BodyForm?) { known.learn(form) }
}

private struct KnownForms {
    private var forms: [BodyForm] = []
    /// Of the form at the same place.
    private var sights: [BodyForm.Sight] = []
    /// Whether the form at the same place was seen again, since it was last spared.
    private var isUseful: [Bool] = []
    /// Where the last one was found, and which is looked at next when one must go.
    private var (last, next) = (0, 0)
    /// How many unknown bodies pass before the form of one is kept, and how many of those are left.
    private var (pause, left) = (0, 0)

    /// Where no form is seen again, that of one body in so many is kept.
    private static let longestPause = 64

    mutating func outcome(of body: [UInt8], _ policy: CheckPolicy, _ bodyHash: UInt64?) -> Result<Order, Refusal>? {
        body.withUnsafeBufferPointer { bytes in
            let (count, first) = (forms.count, last)
            for step in 0..<count {
                let place = first + step < count ? first + step : first + step - count
                // The first is likely to be the one.
                if step > 0 {
                    let sight = sights[place]
                    guard sight.fits(UnsafeRawBufferPointer(bytes)) else { continue }
                }
                let form = forms[place]
                guard let outcome = form.outcome(of: body, bytes, policy, bodyHash) else { continue }
                if step > 0 || !isUseful[place] { wasFound(place) }
                return outcome
            }
            return nil
        }
    }

    private mutating func wasFound(_ place: Int) {
        last = place
        guard !isUseful[place] else { return }
        isUseful[place] = true
        (pause, left) = (0, 0)
    }

    mutating func learn(_ form: () -> BodyForm?) {
        guard left == 0 else { return left -= 1 }
        guard let form = form() else { return wait() }
        guard forms.count == BodyForms.limit else {
            last = forms.count
            forms.append(form)
            sights.append(form.sight)
            return isUseful.append(false)
        }
        while isUseful[next] {
            isUseful[next] = false
            next = (next + 1) % BodyForms.limit
        }
        (forms[next], sights[next], last) = (form, form.sight, next)
        next = (next + 1) % BodyForms.limit
        wait()
    }

    private mutating func wait() {
        pause = min(max(1, 2 * pause), Self.longestPause)
        left = pause
    }
}
