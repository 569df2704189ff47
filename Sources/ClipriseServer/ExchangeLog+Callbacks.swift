internal import ClipriseCatalog
internal import ClipriseScenario
internal import ClipriseWire

extension ExchangeLog {
    /// Reports how a callback went: a failure is a warning.
    func report(_ outcome: CallbackOutcome, time: Int64) {
        let level: LogSettings.Level = outcome.isFine ? .info : .warning
        guard isWanted(level) else { return }
        var bytes: [UInt8] = []
        switch settings.format {
        case .text: outcome.appendText(to: &bytes, level: level, time: time)
        case .json: outcome.appendJSON(to: &bytes, level: level, time: time)
        }
        bytes.withUnsafeBufferPointer(append)
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
            line.append(printable: fault.rawValue)
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
            if let fault { writer.member("fault", fault.rawValue) }
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
