internal import ClipriseEngine
internal import ClipriseLocks
internal import ClipriseMedia
internal import ClipriseWire
internal import Dispatch

extension FileAnswer {
    static func plan(_ file: ResultFile, _ spec: ResultSpec, for request: Request) -> ResponsePlan {
        plan(
            file.bytes, contentType: file.contentType, fileName: file.fileName, entityTag: spec.entityTag, for: request)
    }
}

/// Makes result files off the loops and keeps the last ones.
final class FileStore: Sendable {
    /// The most bytes of files that are kept.
    static let cacheLimit = 32 << 20
    /// The most files that wait to be made; further requests are asked to come again.
    static let waitingLimit = 1_000

    private struct Cache: Sendable {
        var files: [ResultSpec: ResultFile] = [:]
        /// Oldest first.
        var order: [ResultSpec] = []
        var bytes = 0
        var waiting = 0
    }

    private let cache = Locked(Cache())
    /// One at a time: files are large while they are made, and a loop of the listener wants the other core.
    private let queue = DispatchQueue(label: "cliprise-mock.files")

    /// The file, if it is at hand.
    func cached(_ spec: ResultSpec) -> ResultFile? {
        cache.withLock { $0.files[spec] }
    }

    /// Makes the file and hands it, or nil when it cannot be made, to `body` on another thread.
    ///
    /// - Returns: False when too many wait; `body` is not called then.
    func make(_ spec: ResultSpec, _ body: @escaping @Sendable (ResultFile?) -> Void) -> Bool {
        let isTaken = cache.withLock { cache in
            guard cache.waiting < Self.waitingLimit else { return false }
            cache.waiting += 1
            return true
        }
        guard isTaken else { return false }
        queue.async {
            // Someone may have asked for the same file while this request waited.
            let file = self.cached(spec) ?? (try? render(spec))
            self.cache.withLock { cache in
                cache.waiting -= 1
                if let file { Self.keep(file, for: spec, in: &cache) }
            }
            body(file)
        }
        return true
    }

    private static func keep(_ file: ResultFile, for spec: ResultSpec, in cache: inout Cache) {
        guard file.bytes.count <= cacheLimit / 2, cache.files[spec] == nil else { return }
        cache.files[spec] = file
        cache.order.append(spec)
        cache.bytes += file.bytes.count
        while cache.bytes > cacheLimit {
            let oldest = cache.order.removeFirst()
            cache.bytes -= cache.files.removeValue(forKey: oldest)?.bytes.count ?? 0
        }
    }
}
