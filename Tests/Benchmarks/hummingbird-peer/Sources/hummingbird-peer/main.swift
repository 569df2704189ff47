// The same constant answers as the plain C program's, from Hummingbird with one thread: a peer that does nothing else.

import Foundation
import Hummingbird
import Logging
import NIOPosix

let port = Int(CommandLine.arguments.dropFirst().first ?? "0") ?? 0
let router = Router()
router.get("/app/cliprise/status") { _, _ in
    Response(
        status: .init(code: 300), headers: [.contentType: "application/json; charset=utf-8"],
        body: .init(byteBuffer: .init(string: #"{"status":"processing"}"#)))
}
router.post("/app/cliprise/generate") { request, _ in
    let body = try await request.body.collect(upTo: 1 << 20)
    guard body.readableBytes > 0 else { return Response(status: .badRequest) }
    return Response(
        status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
        body: .init(byteBuffer: .init(string: #"[{"code":200,"taskId":"0123456789abcdef0123456789abcdef"}]"#)))
}
let application = Application(
    router: router,
    configuration: .init(address: .hostname("127.0.0.1", port: port)),
    onServerRunning: { channel in
        print("{\"url\":\"http://127.0.0.1:\(channel.localAddress?.port ?? 0)\"}")
        fflush(nil)
    }, eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup(numberOfThreads: 1)),
    logger: Logger(label: "peer", factory: { _ in SwiftLogNoOpLogHandler() }))
try await application.runService()
