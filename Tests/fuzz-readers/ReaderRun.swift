internal import CClipriseCrash
internal import Glibc
internal import ReaderFuzz
internal import Synchronization

/// One reader at work on inputs, as many at once as it may read.
final class ReaderRun: Sendable {
    private let reader: FuzzedReader
    private let seed: UInt64
    private let end: Int
    private let next: Atomic<Int>
    private let taken = Atomic(0)

    init(_ reader: FuzzedReader, seed: UInt64, _ indices: Range<Int>) {
        self.reader = reader
        self.seed = seed
        end = indices.upperBound
        next = Atomic(indices.lowerBound)
    }

    /// The inputs that were not refused.
    var takenCount: Int { taken.load(ordering: .relaxed) }

    /// Returns when all inputs were read.
    func finish() {
        var threads: [pthread_t] = []
        for _ in 1..<max(reader.width, 1) {
            let retained = Unmanaged.passRetained(self)
            var thread = pthread_t()
            let status = pthread_create(
                &thread, nil,
                { argument in
                    guard let argument else { return nil }
                    ccrash_prepare_thread()
                    Unmanaged<ReaderRun>.fromOpaque(argument).takeRetainedValue().work()
                    return nil
                }, retained.toOpaque())
            if status == 0 { threads.append(thread) } else { retained.release() }
        }
        work()
        for thread in threads { pthread_join(thread, nil) }
    }

    private func work() {
        while true {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < end else { break }
            let place = "\(reader.name) 1 \(seed) \(index)"
            place.withCString { ccrash_doing("reading", $0, strlen($0)) }
            if reader.read(reader.input(seed: seed, index: index)) { taken.add(1, ordering: .relaxed) }
        }
        ccrash_doing(nil, nil, 0)
    }
}
