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

    /// Parts that may fail, each of which reports how much of it is done.
    ///
    /// - Parameter progress: Called from any thread with how much of all is done, 0 to 1.
    /// - Throws: The error of the first part, by number, that failed.
    static func map<Value: Sendable>(
        _ count: Int, progress: (@Sendable (Double) -> Void)? = nil,
        _ body: @Sendable (_ index: Int, _ progress: @escaping @Sendable (Double) -> Void) throws(FleetError) -> Value
    ) throws(FleetError) -> [Value] {
        let done = Locked([Double](repeating: 0, count: count))
        let results = map(count) { index in
            Result { () throws(FleetError) in
                try body(index) { part in
                    done.withLock { $0[index] = part }
                    progress?(done.withLock { $0.reduce(0, +) / Double(count) })
                }
            }
        }
        return try results.map { (result) throws(FleetError) in try result.get() }
    }
}
