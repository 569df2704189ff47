internal import ClipriseAdmin
internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseLocks
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
/// Lines are gathered in memory and written together a little later, so that a request never waits for the terminal.
/// When the reader cannot keep up, lines are dropped and counted.
final class ExchangeLog: Sendable {
    /// The most bytes that wait to be written.
    static let backlogLimit = 4 << 20
    /// How long a line waits for others, unless there are `usualWrite` bytes of them before.
    private static let delay = DispatchTimeInterval.milliseconds(50)
    private static let usualWrite = 64 << 10
    /// Memory beyond this is given back after it was written.
    private static let keptMemory = 256 << 10

    private struct Backlog: Sendable {
        var bytes: [UInt8] = []
        /// Memory for the next lines.
        var spare: [UInt8] = []
        var hasWriter = false
        var dropped = 0
    }

    private enum Wish {
        case nothing, writer, haste
    }

    let settings: LogSettings
    private let backlog = Locked(Backlog())
    private let queue = DispatchQueue(label: "cliprise-mock.log")
    /// Ends the writer's wait for more lines.
    ///
    /// A wait with a limit costs no timer.
    private let haste = DispatchSemaphore(value: 0)

    init(_ settings: LogSettings) {
        self.settings = settings
    }

    func isWanted(_ level: LogSettings.Level) -> Bool { level <= settings.level }

    /// Tells one exchange, if its level is wanted.
    func tell(_ line: ExchangeLine) {
        let level = line.level
        guard isWanted(level) else { return }
        switch settings.format {
        case .text:
            var buffer = LineBuffer()
            line.appendText(to: &buffer, level: level)
            append(buffer.bytes)
        case .json:
            var bytes: [UInt8] = []
            line.appendJSON(to: &bytes, level: level)
            bytes.withUnsafeBufferPointer(append)
        }
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
        bytes.withUnsafeBufferPointer(append)
    }

    /// The line is complete: within the lock it is only copied, so that lines keep their order and nobody waits long.
    func append(_ line: UnsafeBufferPointer<UInt8>) {
        let wish = backlog.visit { backlog -> Wish in
            let before = backlog.bytes.count
            guard before + line.count <= Self.backlogLimit else {
                backlog.dropped += 1
                return .nothing
            }
            backlog.bytes.append(contentsOf: line)
            guard backlog.hasWriter else {
                backlog.hasWriter = true
                return .writer
            }
            return before < Self.usualWrite && before + line.count >= Self.usualWrite ? .haste : .nothing
        }
        switch wish {
        case .nothing: break
        case .haste: haste.signal()
        case .writer:
            queue.async {
                _ = self.haste.wait(timeout: .now() + Self.delay)
                self.write()
            }
        }
    }

    /// Writes what waits; returns when it is written.
    func flush() {
        haste.signal()
        queue.sync { write() }
    }

    private func write() {
        let (lines, dropped) = backlog.withLock { backlog in
            let taken = (backlog.bytes, backlog.dropped)
            backlog.bytes = backlog.spare
            backlog.spare = []
            backlog.dropped = 0
            backlog.hasWriter = false
            return taken
        }
        write(lines)
        if dropped > 0 {
            write(Array("… \(dropped) log lines were dropped: the reader of the log is too slow\n".utf8))
        }
        guard lines.capacity <= Self.keptMemory else { return }
        var emptied = lines
        emptied.removeAll(keepingCapacity: true)
        backlog.withLock { [emptied] in $0.spare = emptied }
    }

    private func write(_ bytes: [UInt8]) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                return Glibc.write(settings.descriptor, rest.baseAddress, rest.count)
            }
            if count > 0 {
                written += count
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
    /// What the key's account is called; nil when it has no name.
    var label: String?
    /// Set when the listener refused the request, or cut it.
    var refusal: RefusedRequest?
    /// The key as it may be told, where that is known already.
    var shownKey: [UInt8]?

    /// Refusals, failures of the mock, and answers that carry a warning are `warning`; polls and the rest `info`.
    var level: LogSettings.Level {
        switch event.clause {
        case _ where status >= 500 || event.fault != nil: .warning
        case .gen11?, .sta3?, .sta4?, .sta5?, .sta6?: event.warnings.isEmpty ? .info : .warning
        case .http2?: status < 400 ? .info : .warning
        default: .warning
        }
    }

    func appendText(to line: inout LineBuffer, level: LogSettings.Level) {
        line.append(timeOfDay: time)
        line.append(literal: level == .info ? "  " : " !")
        if let refusal {
            if let method = refusal.method {
                append(method, to: &line)
                line.append(UInt8(ascii: " "))
            }
            if refusal.target.isEmpty { line.append(UInt8(ascii: "-")) } else { appendPath(to: &line) }
            line.append(UInt8(ascii: " "))
            if status == 0 { line.append(literal: "cut") } else { line.append(decimal: Int64(status)) }
            line.append(literal: " refused by the listener, ")
            line.append(text: refusal.reason.rawValue)
        } else {
            append(method, to: &line)
            line.append(UInt8(ascii: " "))
            appendPath(to: &line)
            line.append(UInt8(ascii: " "))
            line.append(decimal: Int64(status))
        }
        if refusal == nil, event.operation != .admin {
            line.append(UInt8(ascii: " "))
            if let clause = event.clause { line.append(text: clause.rawValue) } else { line.append(UInt8(ascii: "-")) }
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
            line.append(task)
        }
        if !key.isEmpty {
            line.append(literal: " key=")
            line.append(redactedKey)
        }
        if let label {
            line.append(literal: " (")
            line.append(printable: label)
            line.append(literal: ")")
        }
        appendWords(to: &line)
    }

    /// What most lines have not: a fault, a hint, warnings.
    private func appendWords(to line: inout LineBuffer) {
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

    private func append(_ method: Request.Method, to line: inout LineBuffer) {
        switch method {
        case .get: line.append(literal: "GET")
        case .post: line.append(literal: "POST")
        default: line.append(printable: method.description)
        }
    }

    private func appendPath(to line: inout LineBuffer) {
        if event.operation == .admin { line.append(shownPath) } else { line.append(visible: path.prefix(200)) }
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
            if let label { writer.member("label", label) }
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

    private var redactedKey: [UInt8] { shownKey ?? ShortenedKey.bytes(key) }

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
        line.append(label: label)
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
            if let label { writer.member("label", label) }
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

    /// Appends what an account is called, behind its key.
    fileprivate mutating func append(label: String?) {
        guard let label else { return }
        append(literal: " (")
        append(printable: label)
        append(literal: ")")
    }
}
