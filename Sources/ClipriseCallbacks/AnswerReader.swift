internal import AsyncHTTPClient
internal import ClipriseLocks
internal import NIOCore
internal import NIOHTTP1

/// Keeps the status of an answer and throws its body away.
final class AnswerReader: HTTPClientResponseDelegate {
    /// The most bytes of a body that are read; then the connection is closed and the status counts.
    static let bodyLimit = 65_536

    /// The body went on beyond the limit.
    struct BodyTooLong: Error {
        var status: Int
    }

    private let seen = Locked((status: 0, bytes: 0))

    func didReceiveHead(task: HTTPClient.Task<Int>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        seen.withLock { $0.status = Int(head.status.code) }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<Int>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
        let (status, bytes) = seen.withLock { seen in
            seen.bytes += part.readableBytes
            return seen
        }
        guard bytes <= Self.bodyLimit else { return task.eventLoop.makeFailedFuture(BodyTooLong(status: status)) }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<Int>) -> Int {
        seen.withLock { $0.status }
    }
}
