import ClipriseMedia
import ClipriseWire
import RawSocket
import Testing

@testable import ClipriseServer

@Suite(.ownThreads) struct AdminGzipTests {
    private static func head(_ socket: RawSocket, _ running: AdminSocketTests.Running, _ path: String, _ fields: String)
        throws -> (fields: RawResponse, body: [UInt8])
    {
        try running.send("GET /__admin\(path)", fields: fields, to: socket)
        let text = try #require(socket.read(through: "\r\n\r\n"))
        var response = RawResponse(status: 0, head: String(text.dropLast(2)), body: "", isComplete: true)
        let size = try #require(response.field("Content-Length").flatMap { Int($0) })
        response.status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return (response, socket.read(size).bytes)
    }

    @Test func `long JSON comes in gzip to those who ask for it, with the same content`() throws {
        let running = try AdminSocketTests.Running()
        let socket = try running.open()
        // The second is answered beside the traffic.
        for path in ["/catalog", "/requests?format=har"] {
            if path != "/catalog" {
                for _ in 0..<4 { _ = try running.ask(AdminSocketTests.status) }
            }
            let plain = try Self.head(socket, running, path, "")
            #expect(plain.fields.field("Content-Encoding") == nil)
            #expect(plain.fields.field("Vary") == "Accept-Encoding")
            let short = try Self.head(socket, running, path, "Accept-Encoding: br, gzip;q=0.8\r\n")
            #expect(short.fields.status == 200)
            #expect(short.fields.field("Content-Encoding") == "gzip")
            #expect(short.fields.field("Vary") == "Accept-Encoding")
            #expect(short.body == gzipped(plain.body), "\(path)")
            let refused = try Self.head(socket, running, path, "Accept-Encoding: gzip;q=0\r\n")
            #expect(refused.fields.field("Content-Encoding") == nil)
            #expect(refused.body == plain.body)
        }
    }

    @Test(arguments: ["/version", "/", "/nowhere"])
    func `short JSON, and what is none, comes as it is`(path: String) throws {
        let running = try AdminSocketTests.Running()
        let socket = try running.open()
        let answer = try Self.head(socket, running, path, "Accept-Encoding: gzip\r\n")
        #expect(answer.fields.field("Content-Encoding") == nil)
        #expect(answer.fields.field("Vary") == nil)
    }
}
