internal import ClipriseWire
internal import MicroHTTPD

private let processing = ResponsePlan(
    status: 300, contentType: .json, body: .plain(Array(#"{"status":"processing"}"#.utf8)))
private let accepted = ResponsePlan(
    status: 200, contentType: .json,
    body: .plain(Array(#"[{"code":200,"taskId":"0123456789abcdef0123456789abcdef"}]"#.utf8)))
private let missing = ResponsePlan(status: 404)

/// Answers from constants; looks up what every request of the real server needs.
@Sendable func answerConstantly(_ request: Request, _ exchange: Exchange) -> ResponsePlan? {
    guard request.fields.first("host") != nil else { return missing }
    switch request.method {
    case .get:
        return request.query.isEmpty ? missing : processing
    case .post:
        guard request.fields.first("authorization") != nil, !request.body.isEmpty else { return missing }
        return accepted
    default:
        return missing
    }
}
