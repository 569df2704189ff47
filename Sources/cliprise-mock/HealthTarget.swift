internal import ClipriseClient

/// A server that is asked without TLS.
struct HealthTarget: Hashable {
    /// In lower case, without the brackets of an address of version 6.
    let host: String
    let port: UInt16

    /// Nil when it is no URL as `BaseURL` takes it, or not of the scheme `http`.
    init?(_ url: String) {
        guard let base = BaseURL(url), base.scheme == "http" else { return nil }
        host = base.host.lowercased()
        port = base.port.map(UInt16.init) ?? 80
    }

    /// As it stands in `Host`.
    var authority: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}
