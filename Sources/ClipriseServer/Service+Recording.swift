internal import ClipriseAdmin
internal import ClipriseEngine
internal import ClipriseWire

/// What is told to a recorder.
extension Service {
    /// Tells the answer of an exchange whose beginning was told.
    func record(_ plan: ResponsePlan, _ handled: Handled) {
        if let number = handled.recording { configuration.recorder?.finish(number, plan) }
    }

    /// Tells that a command changes accounts, before it does; a command that finds no account is not told.
    func recordChange(by command: AdminCommand) {
        guard let recorder = configuration.recorder, let key = keyChanged(by: command) else { return }
        guard key.isEmpty || directory.find(key[...]) != nil else { return }
        recorder.changedByHand(key, now.monotonic)
    }

    /// Whether a command changes any account.
    func changesAccounts(_ command: AdminCommand) -> Bool {
        if case .account(.create) = command { return true }
        return keyChanged(by: command) != nil
    }

    /// The account that a command changes, as far as answers show it; empty for all of them, nil for none.
    private func keyChanged(by command: AdminCommand) -> [UInt8]? {
        switch command {
        case .account(.addCredits(let key, _)), .account(.follow(let key, _)), .account(.remove(let key)): key
        // Without a scenario of its own it is an account as any other.
        case .account(.create(_, _, _, let scenario)): scenario == nil ? nil : []
        case .account(.list), .account(.show), .account(.ledger), .account(.tasks), .account(.showScenario): nil
        case .clock(_, .show): nil
        case .clock(let key, _): key
        case .task(let id, .end):
            directory.all.lazy.map { $0.withLock { $0.position(of: id) == nil ? nil : $0.key } }
                .first { $0 != nil } ?? nil
        case .task: nil
        case .rule(.list): nil
        case .rule(.add(_, let key, _)): key ?? []
        case .rule(.replace(_, let key, _)), .rule(.remove(_, let key)): key
        case .state(.snapshot), .state(.reset(.journal, _)): nil
        case .state(.reset(_, let key)): key ?? []
        case .state(.restore): []
        case .health, .ready, .version, .metrics, .openAPI, .page, .redirectToPage, .catalog, .model, .scenarios,
            .journal, .report:
            nil
        }
    }
}
