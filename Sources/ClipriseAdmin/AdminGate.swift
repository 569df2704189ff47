internal import ClipriseEngine
internal import ClipriseWire

/// Decides who may use the admin API.
///
/// A peer on the loopback may, when it names this machine as the host, so that a web page whose host name was rebound
/// to 127.0.0.1 cannot. Anyone else needs the token. No web page of another origin may at all.
package struct AdminGate: Sendable {
    /// What a peer beyond the loopback must send as `Authorization: Bearer TOKEN`; nil lets none of them in.
    private let token: [UInt8]?
    private let acceptedHosts: [[UInt8]]

    /// - Parameter acceptedHosts: Host names in lower case that count as this machine.
    package init(token: String?, acceptedHosts: [String]) {
        self.token = token.map { Array($0.utf8) }
        self.acceptedHosts = acceptedHosts.map { Array($0.utf8) }
    }

    /// Nil lets the request pass.
    func problem(with request: Request) -> AdminProblem? {
        let field = request.fields.find("host")
        guard field.count == 1, let host = Host(field.first) else {
            return AdminProblem(status: 400, title: "Bad Host", detail: "Send exactly one well-formed Host field.")
        }
        if let origin = request.fields.first("origin"), !origin.elementsEqual(Array("http://".utf8) + field.first) {
            return AdminProblem(
                status: 403, title: "Foreign origin", detail: "Web pages of other origins may not use the admin API.")
        }
        if let site = request.fields.first("sec-fetch-site"),
            !site.elementsEqual("same-origin".utf8), !site.elementsEqual("none".utf8)
        {
            return AdminProblem(
                status: 403, title: "Foreign site", detail: "Web pages of other sites may not use the admin API.")
        }
        if hasToken(request.fields) { return nil }
        guard request.isFromLoopback else {
            return AdminProblem(
                status: 401, title: "Token required",
                detail: "Beyond the loopback send Authorization: Bearer TOKEN; the server prints the token at start.",
                fields: [.init("WWW-Authenticate", "Bearer")])
        }
        guard host.isLoopback || acceptedHosts.contains(where: host.isNamed) else {
            return AdminProblem(
                status: 403, title: "Host is not this machine",
                detail: "Use http://127.0.0.1:PORT/__admin, or start the server with --accept-host NAME.")
        }
        return nil
    }

    private func hasToken(_ fields: HeaderFields) -> Bool {
        guard let token, let value = fields.first("authorization") else { return false }
        let expected = Array("Bearer ".utf8) + token
        guard value.count == expected.count else { return false }
        // Every byte is compared, so that the time tells nothing of the token.
        return zip(value, expected).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
