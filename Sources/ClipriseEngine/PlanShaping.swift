package import ClipriseWire

extension ResponsePlan.Body {
    package static func throttled(_ bytes: [UInt8], bytesPerSecond: Int) -> ResponsePlan.Body {
        sliced(bytes, size: max(1, bytesPerSecond / 20), every: .milliseconds(50))
    }
    package static func sliced(_ bytes: [UInt8], size: Int, every pause: TimeSpan) -> ResponsePlan.Body {
        var steps: [ResponsePlan.Step] = []
        var start = 0
        while start < bytes.count {
            let end = min(start + size, bytes.count)
            steps += [.send(Array(bytes[start..<end])), .pause(pause)]
            start = end
        }
        return .steps(announcedLength: bytes.count, steps)
    }
}
