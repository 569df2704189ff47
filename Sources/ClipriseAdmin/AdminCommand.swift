public import ClipriseWire

/// What an admin request asks for.
public enum AdminCommand: Sendable, Hashable {
    case health
    case ready
    case version
    case metrics
    case openAPI
    case page(AdminPage.File)
    case redirectToPage
    case catalog
    /// `GET models/ID`.
    case model(id: String)
    case scenarios
    case account(AccountCommand)
    case clock(key: [UInt8], ClockCommand)
    case task(id: TaskID, TaskCommand)
    case rule(RuleCommand)
    case journal(JournalCommand)
    case report(ReportCommand)
    case state(StateCommand)
}

extension AdminCommand {
    /// What of accounts the command changes, as far as answers show it.
    public var change: AdminChange {
        switch self {
        case .account(let command): command.change
        case .clock(_, .show): .nothing
        case .clock(let key, _): .account(key)
        case .task(let id, .end): .task(id)
        case .rule(let command): command.change
        case .state(let command): command.change
        case .health, .ready, .version, .metrics, .openAPI, .page, .redirectToPage, .catalog, .model, .scenarios, .task,
            .journal, .report:
            .nothing
        }
    }
}
