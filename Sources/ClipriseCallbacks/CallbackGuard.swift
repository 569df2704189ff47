package import ClipriseHTTP

/// Decides where callbacks may go, so that a `callBackUrl` cannot make this machine call others on a client's behalf.
///
/// Without more, only this machine is called. A host that the user allowed is called wherever its name leads to.
package struct CallbackGuard: Sendable, Hashable {
    private let allowed: Set<CallbackHost>

    /// - Parameter allowed: Hosts beyond this machine. Each allows exactly itself: no subdomain, no other spelling.
    package init(allowing allowed: [CallbackHost] = []) {
        self.allowed = Set(allowed)
    }

    /// Checks what a host turned out to be.
    ///
    /// - Parameter addresses: For a name all its addresses, in the order of preference; for an address itself.
    /// - Returns: The only addresses to connect to, in that order.
    /// - Throws: `addressNotAllowed` or `nameNotAllowed` with the first address that is not this machine, when the host
    ///   was not allowed; `noAddress` when there is none.
    package func check(
        _ host: CallbackHost, addresses: [IPAddress]
    ) throws(CallbackRefusal) -> [IPAddress] {
        guard !addresses.isEmpty else { throw .noAddress("\(host)") }
        if allowed.contains(host) { return addresses }
        // One address elsewhere spoils all: which of them is called must not depend on chance.
        for address in addresses where !address.isLoopback {
            switch host {
            case .address: throw .addressNotAllowed(address)
            case .name(let name): throw .nameNotAllowed(name, address)
            }
        }
        return addresses
    }
}
