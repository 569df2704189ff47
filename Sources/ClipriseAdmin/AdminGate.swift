internal import ClipriseEngine
internal import ClipriseWire

/// Decides who may use the admin API.
///
/// A peer on the loopback may, when it names this machine as the host, so that a web page whose host name was rebound
/// to 127.0.0.1 cannot. Anyone else needs the token. No web page of another origin may at all.
public struct AdminGate: Sendable {
    /// What a peer beyond the loopback must send as `Authorization: Bearer TOKEN`, or as the password of the Basic
    /// scheme, which is what browsers ask their users for; nil lets none of them in.
    private let token: [UInt8]?
    private let acceptedHosts: [[UInt8]]

    /// - Parameter acceptedHosts: Host names in lower case that count as this machine.
    public init(token: String?, acceptedHosts: [String]) {
        self.token = token.map { Array($0.utf8) }
        self.acceptedHosts = acceptedHosts.map { Array($0.utf8) }
    }

    /// Nil lets the request pass.
    func problem(with request: Request) -> AdminProblem? {
        if request.security?.isTunnelled == true {
            return AdminProblem(
                status: 403, title: "Through a proxy", detail: "The admin API is not for connections through CONNECT.")
        }
        let field = request.fields.find("host")
        // An absolute-form target stands above the field (RFC 9112 §3.2.2).
        let named = Target(request.target).authority ?? field.first
        guard field.count == 1, let host = Host(named) else {
            return AdminProblem(status: 400, title: "Bad Host", detail: "Send exactly one well-formed Host field.")
        }
        let scheme = request.security == nil ? "http://" : "https://"
        if let origin = request.fields.first("origin"), !origin.elementsEqual(Array(scheme.utf8) + named) {
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
                detail: "Beyond the loopback send Authorization: Bearer TOKEN, or in a browser any user name and the "
                    + "token as the password; the server prints the token at start.",
                fields: [
                    .init("WWW-Authenticate", "Bearer"),
                    .init("WWW-Authenticate", "Basic realm=\"cliprise-mock\", charset=\"UTF-8\""),
                ])
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
        // Schemes compare without case (RFC 9110 §11.1).
        let end = value.firstIndex(of: UInt8(ascii: " ")) ?? value.endIndex
        let (scheme, rest) = (value[..<end], value[end...].dropFirst())
        if scheme.elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 }) { return Self.areEqual(rest, token) }
        guard scheme.elementsEqual("basic".utf8, by: { $0 | 0x20 == $1 }), let pair = Base64.decode(Array(rest)),
            let colon = pair.firstIndex(of: UInt8(ascii: ":"))
        else { return false }
        return Self.areEqual(pair[(colon + 1)...], token)
    }

    /// Every byte is compared, so that the time reveals nothing of the token.
    private static func areEqual(_ given: ArraySlice<UInt8>, _ token: [UInt8]) -> Bool {
        given.count == token.count && zip(given, token).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
