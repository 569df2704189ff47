internal import ClipriseLocks
package import ClipriseWire
internal import Dispatch

/// Keeps what a server reports, writes it to a part file as it comes, and at the end the whole bundle.
///
/// The part file is there in case that the end never comes, and `replay` reads it. A recording of the same name stays as
/// it is until the new one is whole.
package final class BundleRecorder: Sendable {
    /// The most exchanges of a bundle; recording stops there.
    static let exchangeLimit = 1_000_000
    /// The most bytes of all lines but the header; recording stops there, so that `replay` can read the bundle.
    static let byteLimit = Bundle.byteLimit / 4 * 3
    /// How long what was reported waits to be written.
    private static let delay = DispatchTimeInterval.milliseconds(100)

    /// A line to be; the request waits for its answer.
    private struct Entry: Sendable {
        var key: [UInt8]
        var at: Instant
        var request: Request?
        var line: [UInt8] = []
        var isByHand = false
        /// Whether it stands in the part file.
        var isWritten = false
    }

    private struct State: Sendable {
        var accounts: [Bundle.AccountStart] = []
        var keys: Set<[UInt8]> = []
        var entries: [Entry] = []
        var exchanges = 0
        var bytes = 0
        var isFull = false
        /// Accounts and entries before these stand in the part file.
        var writtenAccounts = 0
        var firstUnwritten = 0
        var isWritePlanned = false
    }

    private let file: RecordingFile
    private let origin: Bundle.Origin?
    private let say: @Sendable (String) -> Void
    private let state = Locked(State())
    private let queue = DispatchQueue(label: "cliprise-mock.record")

    /// - Parameters:
    ///   - command: The command of `exec`, which may hold secrets; nil for `serve`.
    ///   - say: Gets lines for the user while the recording goes on.
    /// - Throws: `RecordingError` when the recording could not be written.
    package init(
        file: String, command: [String]?, say: @escaping @Sendable (String) -> Void
    ) throws(RecordingError) {
        self.file = try RecordingFile(file, say: say)
        self.say = say
        origin = command.map { Bundle.Origin(.exec, CommandWords.withoutSecrets($0)) }
    }

    // MARK: What the server reports

    /// An account was made, with the credits that it opens with.
    package func accountMade(_ key: [UInt8], _ credits: Int64, _ now: Instant) {
        change { state in
            // One that is made again, after a reset, stands behind a change by hand.
            guard state.keys.insert(key).inserted else { return }
            state.accounts.append(.init(key: key, credits: credits, at: now))
        }
    }

    /// A request is about to be decided.
    ///
    /// - Returns: A number for `finish`; nil when the exchange is not recorded.
    package func begin(_ key: [UInt8], _ request: Request, _ now: Instant) -> Int? {
        state.withLock { state in
            guard !state.isFull, state.exchanges < Self.exchangeLimit else { return nil }
            state.exchanges += 1
            state.entries.append(Entry(key: key, at: now, request: request))
            return state.entries.count - 1
        }
    }

    /// Someone is about to change an account otherwise than by a request; an empty key stands for all accounts.
    package func changedByHand(_ key: [UInt8], _ now: Instant) {
        change { state in
            guard !state.isFull else { return }
            let line = BundleWriter.changeByHand(key: key, at: now)
            state.bytes += line.count
            state.entries.append(Entry(key: key, at: now, line: line, isByHand: true))
        }
    }

    /// Changes the state, and plans that the part file gets what is new.
    private func change(_ body: (inout State) -> Void) {
        let mustPlan = state.withLock { state in
            body(&state)
            defer { state.isWritePlanned = true }
            return !state.isWritePlanned
        }
        // A lock of the server may be held here, and a disk may keep a writer waiting.
        if mustPlan { queue.asyncAfter(deadline: .now() + Self.delay) { [self] in writeOn() } }
    }

    /// The whole answer of an exchange, as it leaves.
    package func finish(_ number: Int, _ plan: ResponsePlan) {
        let open = state.withLock { state -> Entry? in
            state.entries.indices.contains(number) ? state.entries[number] : nil
        }
        guard let open, let request = open.request else { return }
        // Long answers are hashed here, outside the lock.
        let line = BundleWriter.line(
            Bundle.Exchange(key: open.key, request: request, at: open.at, answer: AnswerBytes.of(plan)))
        var isFullNow = false
        change { state in
            guard state.entries.indices.contains(number) else { return }
            state.entries[number].request = nil
            state.entries[number].line = line
            state.bytes += line.count
            isFullNow = !state.isFull && (state.exchanges >= Self.exchangeLimit || state.bytes >= Self.byteLimit)
            if isFullNow { state.isFull = true }
        }
        guard isFullNow else { return }
        let text =
            "recording stopped: a bundle holds at most \(Self.exchangeLimit) exchanges and \(Self.byteLimit >> 20) MiB\n"
        queue.async { [say] in say(text) }
    }

    // MARK: The part file

    /// Begins the part file, once the server listens.
    ///
    /// - Parameter header: Its accounts and its origin are filled in here.
    package func begin(_ header: Bundle.Header) {
        let accounts = state.withLock { state in
            state.writtenAccounts = state.accounts.count
            return state.accounts
        }
        var writer = BundleWriter(complete(header, accounts), isPartial: true)
        let line = writer.take()
        queue.async { [self] in file.begin(with: line) }
    }

    /// Appends what is new: of each account only what comes before its first exchange without an answer.
    private func writeOn() {
        let bytes = state.withLock { state in
            state.isWritePlanned = false
            guard file.hasBegun else { return [UInt8]() }
            var bytes: [UInt8] = []
            for account in state.accounts[state.writtenAccounts...] { bytes += BundleWriter.account(account) }
            state.writtenAccounts = state.accounts.count
            var waiting: Set<[UInt8]> = []
            for index in state.firstUnwritten..<state.entries.count where !state.entries[index].isWritten {
                if state.entries[index].line.isEmpty { waiting.insert(state.entries[index].key) }
                guard waiting.isEmpty || !waiting.contains(state.entries[index].key) else { continue }
                bytes += state.entries[index].line
                state.entries[index].isWritten = true
            }
            while state.firstUnwritten < state.entries.count, state.entries[state.firstUnwritten].isWritten {
                state.firstUnwritten += 1
            }
            return bytes
        }
        file.append(bytes)
    }

    // MARK: The end

    /// Writes the bundle, once, after the server has stopped.
    ///
    /// - Returns: A line for the user.
    package func write(_ header: Bundle.Header) throws(RecordingError) -> String {
        queue.sync { writeOn() }
        let state = state.withLock { state in
            defer { state = State() }
            return state
        }
        var writer = BundleWriter(complete(header, state.accounts))
        var whole = try file.whole()
        try whole.write(writer.take())
        // What came behind an exchange without an answer cannot be played: the account's state is not known.
        var broken: Set<[UInt8]> = []
        var (written, leftOut) = (0, 0)
        for entry in state.entries {
            if entry.line.isEmpty { broken.insert(entry.key) }
            if broken.contains(entry.key) {
                if !entry.isByHand { leftOut += 1 }
                continue
            }
            try whole.write(entry.line)
            if !entry.isByHand { written += 1 }
        }
        try whole.write(BundleWriter.end(written))
        try whole.finish()
        let rest = leftOut == 0 ? "" : " (\(leftOut) left out: an answer was not finished)"
        return "recorded \(written) exchanges in \(file.path.printable)\(rest); replay with: cliprise-mock replay "
            + "\(file.path.printable)\n"
    }

    private func complete(_ header: Bundle.Header, _ accounts: [Bundle.AccountStart]) -> Bundle.Header {
        var header = header
        (header.accounts, header.origin) = (accounts, origin)
        return header
    }
}
