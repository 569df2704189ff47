import ClipriseHTTP
import ProgramRunner
import RawSocket
import Testing

@testable import ClipriseCallbacks

/// Over real sockets of this machine, with certificates that the program `openssl` makes.
@Suite(.ownThreads) struct CallbackTLSTests {
    @Test(arguments: ["hooks.example", "a_b.hooks.example", "xn--bcher-kva.example"])
    func `a receiver on this machine may sign its own certificate, and is asked for by name`(name: String) async throws
    {
        let receiver = try TLSReceiver(name: "other.example")
        let sender = CallbackSender(lookup: Sample.lookup("127.0.0.1"))
        let result = await sender.result(of: Sample.delivery("https://\(name):\(receiver.port)/a"))
        #expect(result == .answered(200))
        #expect(receiver.all.names == [name])
        let request = try #require(receiver.all.requests.first)
        #expect(request.hasPrefix("POST /a HTTP/1.1\r\n"))
        #expect(request.lowercased().contains("\r\nhost: \(name):\(receiver.port)\r\n"))
    }

    @Test func `an address is called without a name`() async throws {
        let receiver = try TLSReceiver(name: "other.example")
        let result = await CallbackSender().result(of: Sample.delivery("https://127.0.0.1:\(receiver.port)/"))
        #expect(result == .answered(200))
        #expect(receiver.all.names == [""])
    }

    @Test(arguments: ["https://hooks.example", "https://127.0.0.1"])
    func `certificates are checked where that is asked for`(origin: String) async throws {
        let receiver = try TLSReceiver(name: "hooks.example")
        let sender = CallbackSender(
            settings: CallbackSettings(acceptsAnyCertificateOnLoopback: false), lookup: Sample.lookup("127.0.0.1"))
        let result = await sender.result(of: Sample.delivery("\(origin):\(receiver.port)/secret"))
        let error = try #require(result.error)
        #expect(error.hasPrefix("TLS: "))
        #expect(!error.contains("secret"))
        // Nothing of the machine that built it or runs it.
        #expect(!error.contains("/") && !error.contains(".c:") && !error.contains("file"), "\(error)")
        #expect(receiver.all.requests.isEmpty)
    }
}
