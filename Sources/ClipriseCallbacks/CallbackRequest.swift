// What is asked of the HTTP module, and what its errors mean.
//
// A name is looked up once, and what was found is checked before anything is connected to.

internal import ClipriseHTTP
internal import ClipriseVersion
internal import ClipriseWire

enum CallbackRequest {
    /// How long connecting to one address may take; with a name of several addresses the next one is tried then.
    static let connectLimit = TimeSpan.seconds(5)

    static let originalURLField = "X-Cliprise-Callback-Url"

    /// - Throws: What speaks against the target, as far as no lookup is needed to know.
    static func call(
        for delivery: CallbackDelivery, to target: CallbackTarget, settings: CallbackSettings, rules: CallbackGuard,
        lookup: @escaping CallbackLookup
    ) throws(CallbackRefusal) -> HTTPCall {
        let host: HTTPCall.Host
        switch target.host {
        case .address(let address):
            _ = try rules.check(target.host, addresses: [address])
            host = .address(address.unmapped)
        case .name(let name):
            let checked = SharedLookup {
                try rules.check(target.host, addresses: lookup(name)).map(\.unmapped)
            }
            host = .name(name, lookup: checked)
        }
        var fields = [
            HTTPField("Host", target.authority), HTTPField("Content-Type", "application/json"),
            HTTPField("User-Agent", "cliprise-mock/\(Version.number)"),
        ]
        if let signature = delivery.signature {
            fields.append(HTTPField(CallbackSignature.timestampField, signature.timestamp))
            fields.append(HTTPField(CallbackSignature.signatureField, signature.signature))
        }
        if settings.destination != nil {
            let original = CallbackTarget.escaped(delivery.url[...])
            fields.append(HTTPField(originalURLField, String(decoding: original, as: UTF8.self)))
        }
        let limits = HTTPLimits(connect: connectLimit, total: delivery.timeout ?? settings.timeout)
        var call = HTTPCall(
            .post, scheme: target.scheme, host: host, port: target.port, target: target.pathAndQuery, fields: fields,
            body: delivery.body, limits: limits)
        // An attempt is one request: trying again is up to the schedule.
        call.connection = .single
        call.triesInOrder = true
        call.acceptsAnyCertificateOnLoopback = settings.acceptsAnyCertificateOnLoopback
        return call
    }

    /// What an error means; short, and without anything of the URL but its host.
    ///
    /// - Parameter limit: What the attempt had in all.
    static func failure(_ failure: HTTPFailure, limit: TimeSpan) -> CallbackFailure {
        let reason = String(failure.reason.prefix(200))
        return switch failure.kind {
        case .lookup(let error as CallbackFailure): error
        case .lookup(let error as CallbackRefusal): .refused(error)
        case .timedOut(.total): .timedOut(limit)
        case .tls: .connection("TLS: \(reason)")
        case .notHTTP: .connection("the answer is not HTTP: \(reason)")
        case .shutDown: .shutDown
        case .lookup, .notConnected, .timedOut, .broken: .connection(reason)
        }
    }
}
