public import ClipriseWire

/// Why an admin request was not carried out (RFC 9457).
public struct AdminProblem: Error, Sendable, Hashable {
    public var status: Int
    public var title: String
    /// What to do about it.
    public var detail: String
    /// What HTTP wants beside the body: `Allow` with 405, `WWW-Authenticate` with 401.
    public var fields: [ResponsePlan.Field]

    public init(status: Int, title: String, detail: String, fields: [ResponsePlan.Field] = []) {
        self.status = status
        self.title = title
        self.detail = detail
        self.fields = fields
    }

    /// A body or query that says something wrong.
    static func bad(_ title: String, _ detail: String) -> AdminProblem {
        AdminProblem(status: 400, title: title, detail: detail)
    }

    public var plan: ResponsePlan {
        let json = JSONWriter.line(capacity: 256) {
            $0.member("type", "about:blank")
            $0.member("title", title)
            $0.member("status", status)
            $0.member("detail", detail)
        }
        return ResponsePlan(
            status: status, contentType: .problemJSON, fields: [.init("Cache-Control", "no-store")] + fields,
            body: .plain(json))
    }
}

extension String {
    /// With a full stop, unless it ends as a sentence already.
    var asSentence: String { hasSuffix(".") || hasSuffix("?") ? self : self + "." }
}
