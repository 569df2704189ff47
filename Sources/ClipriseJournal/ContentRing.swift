internal import ClipriseWire

/// What the last exchanges of one account said, within a bound on its memory: the oldest goes first.
public struct ContentRing: Sendable {
    /// The most bytes of all accounts together, and so of one.
    public static let budget = 64 << 20

    public let policy: BodyPolicy
    private let limit: Int
    /// Neighbours, which go together, and are copied together when someone reads meanwhile.
    private struct Piece: Sendable {
        static let length = 128
        static let memory = 1 << 20

        var items: [KeptContent] = []
        /// What the requests said, one behind the other, and the short answers.
        var text: [UInt8] = []
        var bytes = 0
    }

    /// Oldest first, by rising sequence numbers; none is empty.
    private var pieces: [Piece] = []
    /// The memory of the last that went, for the next: to take and to give large pieces costs the system a lot.
    private var spare = Piece()
    /// About how much memory they take.
    public private(set) var bytes = 0

    public init(_ policy: BodyPolicy = .none, limit: Int = ContentRing.budget) {
        self.policy = policy
        self.limit = limit
    }

    public var isEmpty: Bool { pieces.isEmpty }

    public var isKept: Bool { policy != .none }

    /// Keeps an exchange, whose sequence number is higher than all before.
    mutating func keep(_ sequence: Int, _ request: Request, _ answer: ResponsePlan?) {
        guard isKept else { return }
        if pieces.isEmpty || isFull(pieces.count - 1) { addPiece() }
        let last = pieces.count - 1
        var item = KeptContent(sequence, request, to: &pieces[last].text, policy)
        if let answer { item.add(answer, to: &pieces[last].text, policy) }
        let memory = item.memory
        pieces[last].items.appendPrefetching(consume item)
        count(memory, at: last)
    }

    /// Asked of the numbers alone: to ask the piece would be to hold it meanwhile.
    private func isFull(_ piece: Int) -> Bool {
        pieces[piece].items.count >= Piece.length || pieces[piece].bytes >= Piece.memory
    }

    private mutating func addPiece() {
        pieces.append(spare)
        spare = Piece()
        // The first grows by itself, so that an account with few exchanges stays small.
        guard let before = pieces.dropLast().last else { return }
        pieces[pieces.count - 1].items.reserveCapacity(Piece.length)
        pieces[pieces.count - 1].text.reserveCapacity(before.text.count + before.text.count / 8)
    }

    /// Keeps the answer of an exchange that was noted without it.
    mutating func keep(answer: ResponsePlan, of sequence: Int, hasFile: Bool) {
        guard let (piece, place) = place(of: sequence) else { return }
        var item = pieces[piece].items[place]
        let before = item.memory
        item.add(answer, to: &pieces[piece].text, policy, keepsBody: !hasFile)
        pieces[piece].items[place] = item
        count(item.memory - before, at: piece)
    }

    private mutating func count(_ growth: Int, at piece: Int) {
        pieces[piece].bytes += growth
        bytes += growth
        if bytes > limit { shrink(to: limit) }
    }

    mutating func shrink(to limit: Int) {
        while bytes > limit, !pieces.isEmpty { dropFirst() }
    }

    /// Forgets what lies up to a sequence number, as far as none behind it goes with it.
    mutating func forget(upTo sequence: Int) {
        while let last = pieces.first?.items.last, last.sequence <= sequence { dropFirst() }
    }

    private mutating func dropFirst() {
        bytes -= pieces[0].bytes
        var first = pieces.removeFirst()
        // One whose bodies were long is given back.
        guard first.text.capacity <= Piece.memory, !pieces.isEmpty else { return }
        first.items.removeAll(keepingCapacity: true)
        first.text.removeAll(keepingCapacity: true)
        first.bytes = 0
        spare = first
    }

    private func place(of sequence: Int) -> (piece: Int, item: Int)? {
        let piece = pieces.startOfSuffix { ($0.items.last?.sequence ?? 0) >= sequence }
        guard piece < pieces.count else { return nil }
        let items = pieces[piece].items
        let item = items.startOfSuffix { $0.sequence >= sequence }
        return item < items.count && items[item].sequence == sequence ? (piece, item) : nil
    }

    /// What an exchange said, without secrets; nil when it is not kept.
    func content(_ sequence: Int, _ mask: SecretMask) -> ExchangeContent? {
        place(of: sequence).map { pieces[$0.piece].items[$0.item].content(in: pieces[$0.piece].text, mask) }
    }
}
