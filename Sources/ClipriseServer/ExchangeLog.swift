internal import ClipriseAdmin
internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseLocks
internal import ClipriseState
internal import ClipriseWire
internal import Dispatch
internal import Glibc
internal import MicroHTTPD

/// What is logged, and how.
package struct LogSettings: Sendable, Hashable {
    package enum Level: String, Sendable, Hashable, CaseIterable, Comparable {
        case error, warning, info, debug

        package static func < (left: Level, right: Level) -> Bool {
            left.rank < right.rank
        }

        private var rank: Int {
            switch self {
            case .error: 0
            case .warning: 1
            case .info: 2
            case .debug: 3
            }
        }
    }

    package enum Format: String, Sendable, Hashable, CaseIterable {
        case text, json
    }

    /// `info` tells every exchange; `warning` those that were refused or warned of; `error` none of them.
    package var level: Level
    package var format: Format
    /// The descriptor that is written to.
    package var descriptor: Int32

    package init(level: Level = .info, format: Format = .text, descriptor: Int32 = 2) {
        self.level = level
        self.format = format
        self.descriptor = descriptor
    }
}

/// Writes one line for each exchange.
///
/// Lines are gathered in memory and written together a few milliseconds later, so that a request never waits for the
/// terminal. When the reader cannot keep up, lines are dropped and counted.
final class ExchangeLog: Sendable {
    /// The most bytes that wait to be written.
    static let backlogLimit = 4 << 20
    private static let delay = DispatchTimeInterval.milliseconds(5)

    private struct Backlog: Sendable {
        var bytes: [UInt8] = []
        var isFlushPlanned = false
        var dropped = 0
    }

    private let settings: LogSettings
    private let backlog = Locked(Backlog())
    private let queue = DispatchQueue(label: "cliprise-mock.log")

    init(_ settings: LogSettings) {
        self.settings = settings
    }

    func isWanted(_ level: LogSettings.Level) -> Bool { level <= settings.level }

    /// Tells one exchange, if its level is wanted.
    func tell(_ line: ExchangeLine) {
        let level = line.level
        guard isWanted(level) else { return }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(192)
        switch settings.format {
        case .text: line.appendText(to: &bytes, level: level)
        case .json: line.appendJSON(to: &bytes, level: level)
        }
        append(bytes)
    }

    /// Tells how a callback went: a failure is a warning.
    func tell(_ outcome: CallbackOutcome, time: Int64) {
        let level: LogSettings.Level = outcome.isFine ? .info : .warning
        guard isWanted(level) else { return }
        var bytes: [UInt8] = []
        switch settings.format {
        case .text: outcome.appendText(to: &bytes, level: level, time: time)
        case .json: outcome.appendJSON(to: &bytes, level: level, time: time)
        }
        append(bytes)
    }

    /// Tells that the state file cannot be written, or, with nil, that it can be again.
    func tell(_ trouble: StateError?, time: Int64) {
        let level: LogSettings.Level = trouble == nil ? .warning : .error
        guard isWanted(level) else { return }
        let message =
            trouble.map { "\($0); new work is refused with 503 until that changes" }
            ?? "the state file is written again"
        var bytes: [UInt8] = []
        switch settings.format {
        case .text:
            bytes.append(timeOfDay: time)
            bytes += Array(" \(level.rawValue) state: \(message.printable)\n".utf8)
        case .json:
            var writer = JSONWriter()
            writer.object {
                $0.member("level", level.rawValue)
                $0.member("state", message)
            }
            writer.endLine()
            bytes = writer.bytes
        }
        append(bytes)
    }

    private func append(_ line: [UInt8]) {
        let mustPlan = backlog.withLock { backlog in
            guard backlog.bytes.count + line.count <= Self.backlogLimit else {
                backlog.dropped += 1
                return false
            }
            backlog.bytes.append(contentsOf: line)
            defer { backlog.isFlushPlanned = true }
            return !backlog.isFlushPlanned
        }
        if mustPlan { queue.asyncAfter(deadline: .now() + Self.delay) { self.write() } }
    }

    /// Writes what waits; returns when it is written.
    func flush() {
        queue.sync { write() }
    }

    private func write() {
        var (bytes, dropped) = backlog.withLock { backlog in
            let taken = (backlog.bytes, backlog.dropped)
            backlog = Backlog()
            return taken
        }
        if dropped > 0 {
            bytes.append(contentsOf: "… \(dropped) log lines were dropped: the reader of the log is too slow\n".utf8)
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(settings.descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var wait = pollfd(fd: settings.descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wait, 1, 1_000)
            } else if errno != EINTR {
                return
            }
        }
    }
}

/// One exchange, about to be told.
struct ExchangeLine {
    let event: Event
    let method: Request.Method
    let path: ArraySlice<UInt8>
    let status: Int
    let key: ArraySlice<UInt8>
    let model: String?
    /// Nanoseconds since 1970.
    let time: Int64
    /// Set when the listener refused the request, or cut it.
    var refusal: RefusedRequest?

    /// Refusals, failures of the mock, and answers that carry a warning are `warning`; polls and the rest `info`.
    var level: LogSettings.Level {
        switch event.clause {
        case _ where status >= 500 || event.fault != nil: .warning
        case .gen11?, .sta3?, .sta4?, .sta5?, .sta6?: event.warnings.isEmpty ? .info : .warning
        case .http2?: status < 400 ? .info : .warning
        default: .warning
        }
    }

    func appendText(to line: inout [UInt8], level: LogSettings.Level) {
        line.append(timeOfDay: time)
        line.append(literal: level == .info ? "  " : " !")
        if let refusal {
            if let method = refusal.method {
                line.append(printable: method.description)
                line.append(UInt8(ascii: " "))
            }
            line.append(contentsOf: refusal.target.isEmpty ? [UInt8(ascii: "-")] : shownPath)
            line.append(UInt8(ascii: " "))
            if status == 0 { line.append(literal: "cut") } else { line.append(decimal: status) }
            line.append(literal: " refused by the listener, ")
            line.append(contentsOf: refusal.reason.rawValue.utf8)
        } else {
            line.append(printable: method.description)
            line.append(UInt8(ascii: " "))
            line.append(contentsOf: shownPath)
            line.append(UInt8(ascii: " "))
            line.append(decimal: status)
        }
        if refusal == nil, event.operation != .admin {
            line.append(UInt8(ascii: " "))
            line.append(contentsOf: (event.clause?.rawValue ?? "-").utf8)
        }
        if let model {
            line.append(UInt8(ascii: " "))
            line.append(printable: model)
        }
        if let credits = event.credits {
            line.append(UInt8(ascii: " "))
            line.append(decimal: credits)
            line.append(literal: " credits")
        }
        if let task = event.task {
            line.append(literal: " task=")
            task.appendHex(to: &line)
        }
        if !key.isEmpty {
            line.append(literal: " key=")
            line.append(contentsOf: redactedKey)
        }
        if let fault = event.fault {
            line.append(literal: " [")
            line.append(printable: fault)
            line.append(literal: "]")
        }
        if let hint = event.hint {
            line.append(literal: ": ")
            line.append(printable: hint)
        }
        line.append(UInt8(ascii: "\n"))
        for warning in event.warnings {
            line.append(literal: "              ! ")
            line.append(printable: warning.description)
            line.append(UInt8(ascii: "\n"))
        }
    }

    func appendJSON(to line: inout [UInt8], level: LogSettings.Level) {
        var writer = JSONWriter(capacity: 256, isShown: true)
        writer.object { writer in
            writer.key("time")
            writer.date(time)
            writer.member("level", level.rawValue)
            if refusal == nil || refusal?.method != nil { writer.member("method", method.description) }
            if refusal == nil || !path.isEmpty {
                writer.member("path", String(decoding: shownPath, as: UTF8.self))
            }
            writer.member("operation", event.operation.rawValue)
            if refusal == nil || status > 0 { writer.member("status", status) }
            if let refusal { writer.member("refusal", refusal.reason.rawValue) }
            if refusal == nil, event.operation != .admin, let clause = event.clause {
                writer.member("clause", clause.rawValue)
            }
            if let fault = event.fault { writer.member("fault", fault) }
            if let model { writer.member("model", model) }
            if let credits = event.credits { writer.member("credits", credits) }
            if let task = event.task { writer.member("task", task.description) }
            if !key.isEmpty { writer.member("key", String(decoding: redactedKey, as: UTF8.self)) }
            if let hint = event.hint { writer.member("hint", hint) }
            if !event.warnings.isEmpty {
                writer.member("warnings", array: event.warnings) { $0.string($1.description) }
            }
        }
        writer.endLine()
        line.append(contentsOf: writer.bytes)
    }

    /// The path without its query, which may hold a key.
    ///
    /// A key may stand in an admin path too, in more than one spelling, so only what is known to be none is shown whole.
    private var shownPath: [UInt8] {
        let shown = path.prefix(200)
        guard event.operation == .admin else { return printable(shown) }
        let segments = shown.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let safe = segments.map { segment in
            Self.isAdminWord(segment) || TaskID(hex: segment) != nil ? Array(segment) : ShortenedKey.bytes(segment)
        }
        return Array(safe.joined(separator: CollectionOfOne(UInt8(ascii: "/"))))
    }

    private static func isAdminWord(_ segment: ArraySlice<UInt8>) -> Bool {
        segment.isEmpty || AdminRoutes.words.contains { segment.elementsEqual($0.utf8) }
    }

    private var redactedKey: [UInt8] { ShortenedKey.bytes(key) }

    private func printable(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        bytes.map { (0x21...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
    }
}

extension CallbackOutcome {
    fileprivate func appendText(to line: inout [UInt8], level: LogSettings.Level, time: Int64) {
        line.append(timeOfDay: time)
        line.append(literal: level == .info ? "  callback to " : " !callback to ")
        line.append(printable: String(url.prefix(300)))
        line.append(literal: " attempt ")
        line.append(decimal: attempt)
        line.append(literal: " task=")
        task.appendHex(to: &line)
        line.append(literal: " key=")
        line.append(contentsOf: ShortenedKey.bytes(key[...]))
        if let fault {
            line.append(literal: " [")
            line.append(printable: fault)
            line.append(literal: "]")
        }
        line.append(literal: ": ")
        line.append(printable: words)
        line.append(UInt8(ascii: "\n"))
    }

    fileprivate func appendJSON(to line: inout [UInt8], level: LogSettings.Level, time: Int64) {
        var writer = JSONWriter(capacity: 256, isShown: true)
        writer.object { writer in
            writer.key("time")
            writer.date(time)
            writer.member("level", level.rawValue)
            writer.member("callback", String(url.prefix(300)))
            writer.member("attempt", attempt)
            writer.member("task", task.description)
            writer.member("key", ShortenedKey.text(key[...]))
            if let fault { writer.member("fault", fault) }
            if let status { writer.member("status", status) }
            writer.member("hint", words)
        }
        writer.endLine()
        line.append(contentsOf: writer.bytes)
    }
}

extension [UInt8] {
    /// Appends text that no request can move the cursor of a terminal with.
    fileprivate mutating func append(printable text: String) {
        append(contentsOf: Printable.line(text).utf8)
    }
}
