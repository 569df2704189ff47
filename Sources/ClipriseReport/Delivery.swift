internal import ClipriseJournal
internal import ClipriseWire

/// What of the file of one task reached the client.
///
/// A file is delivered when all bytes of one entity tag arrived unspoilt, in whatever pieces. An answer that was cut delivers
/// the bytes before the cut; of one that the client left, or that ran out of time, all but the last byte may have come. A HEAD
/// delivers nothing, and neither does a file whose bytes a fault changed; a wrong type or field spoils no byte.
struct Delivery {
    /// The bytes that came of one entity, as ranges that neither overlap nor touch, in order.
    private struct Pieces {
        let size: Int
        var ranges: [Range<Int>] = []

        var isWhole: Bool { size == 0 || ranges.first == 0..<size }

        mutating func add(_ range: Range<Int>) {
            guard !range.isEmpty else { return }
            let start = ranges.startOfSuffix { $0.upperBound >= range.lowerBound }
            var joined = range
            var end = start
            while end < ranges.count, ranges[end].lowerBound <= range.upperBound {
                joined = min(joined.lowerBound, ranges[end].lowerBound)..<max(joined.upperBound, ranges[end].upperBound)
                end += 1
            }
            ranges.replaceSubrange(start..<end, with: [joined])
        }
    }

    private var entities: [UInt64: Pieces] = [:]
    private(set) var isComplete = false

    /// Takes in one answer.
    mutating func add(_ exchange: ExchangeEvent) {
        guard exchange.operation == .download else { return }
        guard let file = exchange.file else {
            // A journal of an earlier version, which knew of each file only that it came.
            if exchange.shape == .file, exchange.outcome == .completed, exchange.method != .head { isComplete = true }
            return
        }
        guard let range = exchange.delivered else { return }
        var pieces = entities[file.entity] ?? Pieces(size: file.size)
        pieces.add(range)
        entities[file.entity] = pieces
        if pieces.isWhole { isComplete = true }
    }
}

extension ExchangeEvent {
    /// The bytes of its file that an answer delivered; nil for none.
    var delivered: Range<Int>? {
        guard let file, file.isSound, method != .head, outcome != .inFlight else { return nil }
        let end = min(file.start + bytes, file.size)
        // Whoever left, or was cut off, has not got the last byte of what was on its way.
        let isCut = outcome == .clientLeft || outcome == .timedOut || outcome == .stopped
        let last = isCut ? end - 1 : end
        return file.start <= last ? file.start..<last : nil
    }
}
