package import ClipriseWire

/// What an admin request asks for.
package enum AdminCommand: Sendable, Hashable {
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
    /// The scenarios that are built in.
    case scenarios
    case account(AccountCommand)
    case clock(key: [UInt8], ClockCommand)
    case task(id: TaskID, TaskCommand)
    case rule(RuleCommand)
    case journal(JournalCommand)
    case report(ReportCommand)
    case state(StateCommand)

    /// The credits of an account that is made without a number.
    package static let defaultCredits: Int64 = 10_000
    /// The longest label of an account, in bytes.
    package static let labelLimit = 256

    /// The longest message of a failed task, in bytes.
    package static let messageLimit = 4_000

    /// Reads a request to a path below `/__admin`.
    package init(_ request: Request) throws(AdminProblem) {
        self = try AdminRoutes.command(request)
    }
}
