internal import ClipriseWire

/// Who takes a CONNECT, and the loops that serve what comes through it.
struct Tunnels: Sendable {
    var accept: @Sendable (Request) -> Bool
    /// Not empty.
    var inboxes: [Inbox]

    func accepts(_ request: Request) -> Bool {
        guard case .extended("CONNECT") = request.method else { return false }
        return accept(request)
    }
}
