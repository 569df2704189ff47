// A receiver that speaks TLS, with a certificate that nobody vouches for.

import ClipriseLocks
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import ProgramRunner

final class TLSReceiver: Sendable {
    let port: UInt16
    private let channel: any Channel
    private let seen: Locked<Seen>

    struct Seen: Sendable, Equatable {
        /// The names that TLS asked for; "" where it asked for none.
        var names: [String] = []
        var requests: [String] = []
    }

    /// - Parameter name: What the certificate is for.
    init(name: String) async throws {
        let pem = try Child(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-keyout", "/dev/stdout",
            ])
        try pem.wait()
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(pem.output).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: pem.output, format: .pem)))
        let context = try NIOSSLContext(configuration: configuration)
        let seen = Locked(Seen())
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = SNIHandler { result in
                        let name = if case .hostname(let name) = result { name } else { "" }
                        seen.withLock { $0.names.append(name) }
                        return channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandlers([
                                NIOSSLServerHandler(context: context), Answerer(seen),
                            ])
                        }
                    }
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(handler))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = UInt16(channel.localAddress?.port ?? 0)
        self.seen = seen
    }

    deinit { channel.close(promise: nil) }

    var all: Seen { seen.withLock { $0 } }

    private final class Answerer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let seen: Locked<Seen>
        private var text = RequestText()

        init(_ seen: Locked<Seen>) { self.seen = seen }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text.bytes += Array(unwrapInboundIn(data).readableBytesView)
            guard let request = text.next() else { return }
            seen.withLock { $0.requests.append(request) }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: Sample.ok)), promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
