extension JobMachine {
    /// What the driver must do now.
    public enum Action: Sendable, Hashable {
        /// Send this, and hand in what came of it.
        case send(Call)
        /// Ask again after this long. Asked earlier, the machine says how much is left.
        case wait(Duration)
        /// The job is over; asked again, the machine says the same.
        case finish(Result<JobResult, ClipriseError>)
    }

    /// What `next` says, in a few bytes: for who drives very many machines.
    package enum Move: Sendable {
        /// Nanoseconds.
        case wait(Int64)
        /// `call`, and it is a poll.
        case poll
        /// `call`, and it is none.
        case send
        /// `result`.
        case finish
    }
}

extension ClipriseError.Kind {
    /// Whether it says that a generate may have been charged.
    var isOfUnknownOutcome: Bool {
        switch self {
        case .outcomeUnknown, .emptyAnswer: true
        default: false
        }
    }
}
