import ClipriseWire
import MicroHTTPD

/// Answers that wait in every way that there is, beside one that does not.
enum Routes {
    static let status = Array(#"{"status":"processing"}"#.utf8)
    /// Five seconds at the rate of `/throttle`.
    static let bytes = [UInt8](repeating: 0x61, count: 51_200)

    static func plan(for request: Request) -> ResponsePlan {
        switch String(decoding: request.path, as: UTF8.self) {
        case "/hang": ResponsePlan(status: 200, body: .steps(announcedLength: nil, [.pause(.seconds(600))]))
        case "/hang-body":
            ResponsePlan(status: 200, body: .steps(announcedLength: 9, [.send([]), .pause(.seconds(600))]))
        case "/hold": ResponsePlan(status: 200, body: .steps(announcedLength: nil, [.hold]))
        case "/hold-body": ResponsePlan(status: 200, body: .steps(announcedLength: nil, [.send([]), .hold]))
        case "/throttle": ResponsePlan(status: 200, body: .throttled(bytes, bytesPerSecond: 10_240))
        default: ResponsePlan(status: 300, contentType: .json, body: .plain(status))
        }
    }
}
