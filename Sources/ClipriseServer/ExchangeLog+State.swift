internal import ClipriseState
internal import ClipriseWire

extension ExchangeLog {
    /// Reports that the state file cannot be written, or, with nil, that it can be again.
    func report(_ trouble: StateError?, time: Int64) {
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
            bytes = JSONWriter.line {
                $0.member("level", level.rawValue)
                $0.member("state", message)
            }
        }
        bytes.withUnsafeBufferPointer(append)
    }
}
