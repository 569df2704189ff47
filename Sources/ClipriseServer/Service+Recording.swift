internal import ClipriseAdmin
internal import ClipriseEngine
internal import ClipriseWire

/// What a recorder gets.
extension Service {
    /// Reports the answer of an exchange whose beginning was reported.
    func record(_ plan: ResponsePlan, _ handled: Handled) {
        if let number = handled.recording { configuration.recorder?.finish(number, plan) }
    }

    /// Reports that a command changes accounts, before it does; not one that finds no account.
    func recordChange(by command: AdminCommand) {
        guard let recorder = configuration.recorder, let key = keyChanged(by: command) else { return }
        guard key.isEmpty || directory.find(key[...]) != nil else { return }
        recorder.changedByHand(key, now.monotonic)
    }

    func changesAccounts(_ command: AdminCommand) -> Bool {
        command.change == .oneMore || keyChanged(by: command) != nil
    }

    /// The account that a command changes, as far as answers show it; empty for all of them, nil for none.
    private func keyChanged(by command: AdminCommand) -> [UInt8]? {
        switch command.change {
        case .nothing, .oneMore: nil
        case .account(let key): key
        case .task(let id):
            directory.all.lazy.map { $0.withLock { $0.position(of: id) == nil ? nil : $0.key } }
                .first { $0 != nil } ?? nil
        case .all: []
        }
    }
}
