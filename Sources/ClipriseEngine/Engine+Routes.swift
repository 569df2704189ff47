internal import ClipriseWire

extension Engine {
    /// The key behind `Authorization: Bearer`, or nil when the field is missing, doubled or malformed (GEN-1).
    func bearer(_ fields: HeaderFields) -> ArraySlice<UInt8>? {
        let field = fields.find("authorization")
        guard field.count == 1, field.first.count > 7 else { return nil }
        // The scheme compares without case (RFC 9110 §11.1).
        let isBearer = field.first.prefix(7).withUnsafeBufferPointer { scheme in
            let expected: StaticString = "bearer "
            for index in 0..<7
            where (scheme[index] &- 0x41 < 26 ? scheme[index] | 0x20 : scheme[index]) != expected.utf8Start[index] {
                return false
            }
            return true
        }
        guard isBearer else { return nil }
        var key = field.first.dropFirst(7)
        while key.first == 0x20 { key = key.dropFirst() }
        while key.last == 0x20 || key.last == 0x09 { key = key.dropLast() }
        return key.isEmpty || key.contains(0x20) ? nil : key
    }

    func refuseHost(
        _ operation: Operation, _ verdict: HostJudge.Verdict, _ host: Host?, wantsFile: Bool, port: UInt16
    ) -> Decision {
        let clause: Clause = verdict == .malformed ? .host4 : operation == .generate ? .host1 : .host2
        let plan =
            operation == .generate
            ? ResponsePlan(status: 400)
            : ResponsePlan(status: 400, contentType: .json, body: .plain(WireBody.methodNotAllowed))
        let hint =
            switch verdict {
            case .malformed: "the request needs exactly one well-formed Host field"
            case .accepted, .refused: hint(onRefused: host, wantsFile: wantsFile, port: port)
            }
        return Decision(plan, DecisionEvent(wantsFile ? .download : operation, clause, hint: hint))
    }

    func unknownRoute(_ method: Request.Method, _ target: Target, _ host: Host?) -> Decision {
        guard host != nil else { return Decision(ResponsePlan(status: 400), DecisionEvent(.other, .host4)) }
        let hasSlash = target.path.first == UInt8(ascii: "/")
        let path = String(decoding: target.path.dropFirst(hasSlash ? 1 : 0).prefix(200), as: UTF8.self)
        return Decision(
            ResponsePlan(
                status: 404, contentType: .json,
                body: .plain(WireBody.notFound(method: method.description, path: path))),
            DecisionEvent(.other, .http1, hint: routeHint(method, target)))
    }

    private func routeHint(_ method: Request.Method, _ target: Target) -> String {
        if method.description == "OPTIONS" {
            return """
                the service answers no CORS preflight (OPTIONS), so that a key cannot be used from a browser's page: \
                call it from a server
                """
        }
        if target.isPath(Contract.generatePath) { return "generate is POST, not \(method)" }
        if target.isPath(Contract.statusPath) { return "status is GET, not \(method)" }
        return "the routes are POST \(Contract.generatePath) and GET \(Contract.statusPath)"
    }

    /// The status URL of a task with `download=true`, as the newest edition prints it (STA-4).
    func fileURL(base: [UInt8], key: ArraySlice<UInt8>, task: TaskID) -> [UInt8] {
        var url = base
        url.append(literal: Contract.statusPath)
        url.append(literal: "?apiKey=")
        url.append(percentEncoded: key)
        url.append(literal: "&taskId=")
        task.appendHex(to: &url)
        url.append(literal: "&download=true")
        return url
    }
}
