internal import ClipriseAdmin
internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseLocks
internal import ClipriseWire
internal import Dispatch
internal import MicroHTTPD

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
    /// Nearly every line is shorter, in bytes.
    private static let usualLine = 512
    /// Memory beyond this is given back after it was written.
    private static let keptMemory = 256 << 10

    private struct Backlog: Sendable {
        var bytes: [UInt8] = []
        /// Memory for the next lines.
        var spare: [UInt8] = []
        var hasWriter = false
        var dropped = 0

        mutating func append(_ line: UnsafeBufferPointer<UInt8>) -> Wish {
            let before = bytes.count
            guard before + line.count <= ExchangeLog.backlogLimit else {
                dropped += 1
                return .nothing
            }
            bytes.append(contentsOf: line)
            bytes.prefetchEnd(line.count)
            guard hasWriter else {
                hasWriter = true
                return .writer
            }
            return before < ExchangeLog.usualWrite && before + line.count >= ExchangeLog.usualWrite ? .haste : .nothing
        }
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

    /// Reports one exchange, if its level is wanted.
    func report(_ line: borrowing ExchangeLine) {
        let level = line.level
        guard isWanted(level) else { return }
        switch settings.format {
        case .text:
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.usualLine) { memory in
                var buffer = LineBuffer(memory)
                line.appendText(to: &buffer, level: level)
                append(buffer.bytes)
            }
        case .json:
            var bytes: [UInt8] = []
            line.appendJSON(to: &bytes, level: level)
            bytes.withUnsafeBufferPointer(append)
        }
    }

    /// Reports an exchange in words that are known, but for the time.
    ///
    /// - Parameters:
    ///   - time: Nanoseconds since 1970.
    ///   - task: Put in the place of the one that the words name, where each exchange has its own.
    func report(_ line: KnownLine, time: Int64, task: TaskID? = nil) {
        guard isWanted(line.level) else { return }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.usualLine) { memory in
            var buffer = LineBuffer(memory)
            buffer.append(timeOfDay: time)
            buffer.append(line.rest)
            if let place = line.taskAt, let task { buffer.put(task, at: LineBuffer.timeOfDayLength + place) }
            append(buffer.bytes)
        }
    }

    /// The words of an exchange that has no hint, fault or warning, for other exchanges like it; nil for a log in JSON.
    func known(_ line: borrowing ExchangeLine) -> KnownLine? {
        guard settings.format == .text else { return nil }
        let level = line.level
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.usualLine) { memory in
            var buffer = LineBuffer(memory)
            line.appendText(to: &buffer, level: level)
            return KnownLine(
                line.event, status: line.status, label: line.label, level: level,
                rest: Array(buffer.bytes[LineBuffer.timeOfDayLength...]))
        }
    }

    /// The line is complete: within the lock it is only copied, so that lines keep their order and nobody waits long.
    func append(_ line: UnsafeBufferPointer<UInt8>) {
        let place = backlog.lock()
        let wish = place.pointee.append(line)
        backlog.unlock()
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
        // What cannot be written is lost: there is nowhere else to say so.
        _ = OutputPath.write(lines[...], to: settings.descriptor)
        if dropped > 0 {
            let note = "… \(dropped) log lines were dropped: the reader of the log is too slow\n"
            _ = OutputPath.write(Array(note.utf8)[...], to: settings.descriptor)
        }
        guard lines.capacity <= Self.keptMemory else { return }
        var emptied = lines
        emptied.removeAll(keepingCapacity: true)
        backlog.withLock { [emptied] in $0.spare = emptied }
    }
}

/// A model's id, and the same without what could move the cursor of a terminal.
final class ModelName: Sendable {
    let id: String
    let shown: [UInt8]

    init(_ id: String) {
        self.id = id
        shown = Array(Printable.line(id).utf8)
    }
}

/// One exchange, about to be told.
struct ExchangeLine {
    let event: DecisionEvent
    let method: Request.Method
    let path: ArraySlice<UInt8>
    let status: Int
    let key: ArraySlice<UInt8>
    let model: ModelName?
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
        case _ where status >= 500 || event.hasWords && event.fault != nil: .warning
        case .gen11?, .sta3?, .sta4?, .sta5?, .sta6?:
            !event.hasWords || event.warnings.isEmpty ? .info : .warning
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
        if refusal == nil, !event.operation.isAdmin {
            line.append(UInt8(ascii: " "))
            if let clause = event.clause { line.append(text: clause.rawValue) } else { line.append(UInt8(ascii: "-")) }
        }
        if let model {
            line.append(UInt8(ascii: " "))
            line.append(model.shown)
        }
        if let credits = event.credits {
            line.append(UInt8(ascii: " "))
            line.append(decimal: credits)
            line.append(literal: credits == 1 ? " credit" : " credits")
        }
        if let task = event.task {
            line.append(literal: " task=")
            line.append(task)
        }
        if let shownKey {
            line.append(literal: " key=")
            line.append(shownKey)
        } else if !key.isEmpty {
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
        guard event.hasWords else { return line.append(UInt8(ascii: "\n")) }
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
        if event.operation.isAdmin { return line.append(shownPath) }
        if event.operation.isGenerate, path.withUnsafeBufferPointer({ $0.equals(Contract.generatePath) }) {
            return line.append(literal: Contract.generatePath)
        }
        line.append(visible: path.prefix(200))
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
            if refusal == nil, !event.operation.isAdmin, let clause = event.clause {
                writer.member("clause", clause.rawValue)
            }
            if let fault = event.fault { writer.member("fault", fault) }
            if let model { writer.member("model", model.id) }
            if let credits = event.credits { writer.member("credits", credits) }
            if let task = event.task { writer.member("task", task.description) }
            if shownKey != nil || !key.isEmpty { writer.member("key", String(decoding: redactedKey, as: UTF8.self)) }
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
        guard event.operation.isAdmin else { return printable(shown) }
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
