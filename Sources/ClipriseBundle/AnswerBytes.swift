package import ClipriseWire

/// A plan as bytes, so that two answers can be compared to the byte, with all that happens between them.
///
/// The status line, the content type and the fields stand as lines; then the body. Whatever is not a byte of the answer
/// (a pause, a drip, an abort) stands between marks that no JSON or HTML of the contract has.
package enum AnswerBytes {
    package static func of(_ plan: ResponsePlan) -> [UInt8] {
        var bytes: [UInt8] = []
        line(&bytes, "HTTP \(plan.status)")
        if let type = plan.contentType { line(&bytes, "Content-Type: \(type.text)") }
        for field in plan.fields { line(&bytes, "\(field.name): \(field.value)") }
        switch plan.body {
        case .plain(let body):
            line(&bytes, "")
            bytes += body
        case .steps(let length, let steps):
            line(&bytes, "Content-Length: \(length.map(String.init) ?? "chunked")")
            line(&bytes, "")
            for step in steps { append(step, to: &bytes) }
        }
        return bytes
    }

    private static func append(_ step: ResponsePlan.Step, to bytes: inout [UInt8]) {
        switch step {
        case .send(let body):
            mark(&bytes, "send \(body.count)")
            bytes += body
        case .pause(let span): mark(&bytes, "pause \(span.nanoseconds) ns")
        case .hold: mark(&bytes, "hold")
        case .drip(let body, let size, let pace):
            let words =
                switch pace {
                case .bytesPerSecond(let rate): "\(rate) B/s"
                case .interval(let span): "every \(span.nanoseconds) ns"
                }
            mark(&bytes, "drip \(body.count) by \(size), \(words)")
            bytes += body
        case .abort(.close): mark(&bytes, "close")
        case .abort(.reset): mark(&bytes, "reset")
        }
    }

    private static func line(_ bytes: inout [UInt8], _ text: String) {
        bytes += text.utf8
        bytes += [0x0D, 0x0A]
    }

    private static func mark(_ bytes: inout [UInt8], _ text: String) {
        bytes += [0x00]
        bytes += text.utf8
        bytes += [0x0A]
    }
}
