internal import ClipriseScenario
internal import ClipriseWire

/// How one attempt to call a client went.
struct CallbackOutcome: Sendable {
    var task: TaskID
    var url: String
    /// 1-based.
    var attempt: Int
    /// The receiver's; nil when it gave none.
    var status: Int?
    var error: String?
    /// The fault that shaped the attempt.
    var fault: FaultWord?
    var key: [UInt8]
    /// What the key's account is called; nil when it has no name.
    var label: String?

    /// Whether the receiver took it, or a fault kept it from being made.
    var isFine: Bool { status.map { (200..<300).contains($0) } ?? (error == nil) }

    /// What a person should know, and can do.
    var words: String {
        if let error { return "\(error); --callback-to URL sends all callbacks to a receiver of yours" }
        guard let status else { return "kept back by a fault" }
        return isFine ? "taken with \(status)" : "answered with \(status)"
    }
}
