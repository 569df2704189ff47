internal import ClipriseScenario
internal import ClipriseWire

/// Bodies that gateways and services are known to send with a status.
enum ReadyBody {
    private static let json = ResponsePlan.ContentType.json.text

    static func plan(_ code: Int, _ body: StatusFault.Body) -> ResponsePlan {
        switch body {
        case .usual:
            switch code {
            case 502, 503, 504: plan(code, .html)
            case 429: plan(code, .json)
            default: ResponsePlan(status: code)
            }
        case .empty: ResponsePlan(status: code)
        case .html:
            ResponsePlan(status: code, contentType: .html, body: .plain(page(code)))
        case .json:
            ResponsePlan(status: code, contentType: .json, body: .plain(json(code)))
        case .text(let text, let type):
            ResponsePlan(
                status: code, contentType: type.map { $0 == Self.json ? .json : .custom($0) } ?? .text,
                body: .plain(Array(text.utf8)))
        }
    }

    /// The page of a gateway that got no answer from the service behind it.
    private static func page(_ code: Int) -> [UInt8] {
        let title = "\(code) \(reason(code))"
        return Array(
            """
            <html>\r
            <head><title>\(title)</title></head>\r
            <body>\r
            <center><h1>\(title)</h1></center>\r
            <hr><center>gateway</center>\r
            </body>\r
            </html>\r

            """.utf8)
    }

    private static func json(_ code: Int) -> [UInt8] {
        JSONWriter.object {
            $0.member("code", code)
            $0.member("message", reason(code))
        }
    }

    /// The reason phrases of RFC 9110 §15 and RFC 6585 that faults are likely to need.
    private static func reason(_ code: Int) -> String {
        switch code {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 402: "Payment Required"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Temporarily Unavailable"
        case 504: "Gateway Time-out"
        default: "Error"
        }
    }
}
