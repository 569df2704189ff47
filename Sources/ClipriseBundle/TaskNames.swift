internal import ClipriseWire

/// Puts the ids of a run in the place of those that were recorded, so that polls still ask for the task of their
/// generate when generates before it are left out.
struct TaskNames {
    private var newByOld: [[UInt8]: [UInt8]] = [:]

    /// - Parameter answer: The answer of this run to the recorded request.
    mutating func learn(from exchange: Bundle.Exchange, _ answer: [UInt8]) {
        guard let old = exchange.answer.bytes.flatMap(Self.taskID), let new = Self.taskID(answer) else { return }
        newByOld[old] = new
    }

    func renamed(_ exchange: Bundle.Exchange) -> Request {
        var request = exchange.request
        let mark = Array("taskId=".utf8)
        guard let start = Self.end(of: mark, in: request.target), request.target.count >= start + 32,
            let new = newByOld[Array(request.target[start..<(start + 32)])]
        else { return request }
        request.target.replaceSubrange(start..<(start + 32), with: new)
        return request
    }

    /// The 32 digits behind `"taskId":"`.
    private static func taskID(_ bytes: [UInt8]) -> [UInt8]? {
        guard let start = end(of: Array(#""taskId":""#.utf8), in: bytes), bytes.count >= start + 32 else { return nil }
        return Array(bytes[start..<(start + 32)])
    }

    private static func end(of mark: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= mark.count else { return nil }
        for start in 0...(bytes.count - mark.count) where bytes[start] == mark[0] {
            if bytes[start..<(start + mark.count)].elementsEqual(mark) { return start + mark.count }
        }
        return nil
    }
}
