internal import ClipriseLocks
internal import Dispatch

/// Work on all cores whose results come in the order of their numbers.
enum Parallel {
    static func map<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
        let values = Locked([Value?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let value = body(index)
            values.withLock { $0[index] = value }
        }
        return values.withLock { $0.compactMap(\.self) }
    }
}

/// The progress of several parts together.
final class PartsDone: Sendable {
    private let parts: Locked<[Double]>

    init(count: Int) { parts = Locked(Array(repeating: 0, count: count)) }

    /// - Returns: The part of the whole that is done.
    func note(_ index: Int, _ part: Double) -> Double {
        parts.withLock { parts in
            parts[index] = part
            return parts.reduce(0, +) / Double(parts.count)
        }
    }
}
