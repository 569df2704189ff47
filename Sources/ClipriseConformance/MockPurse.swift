internal import ClipriseJSON
internal import ClipriseWire

/// Asks a mock for an account's credits; the service itself has no such request, and is not asked.
package struct MockPurse {
    private let sender: any Sender
    private let key: String?

    package init(_ sender: any Sender, key: String?) {
        self.sender = sender
        self.key = key
    }

    /// Nil when the server is no mock that reports them.
    package func credits() -> Int64? {
        // First a path without the key: it goes to nobody but a mock.
        guard let key, let ready = get("ready"), ready.status == 200,
            case .success(true?) = withJSON(ready.body, { $0.member("ready")?.boolean })
        else { return nil }
        guard let account = get("accounts/\(String(percentEncoded: key.utf8))"), account.status == 200,
            case .success(let credits) = withJSON(account.body, { $0.member("credits")?.integer })
        else { return nil }
        return credits
    }

    private func get(_ path: String) -> Observation? {
        try? sender.send(
            Probe(.host3, "admin", .get, "\(Contract.adminPath)/\(path)", fields: [("Host", "localhost")]))
    }
}
