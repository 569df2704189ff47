import ClipriseHTTP
import ClipriseLocks
import ClipriseVersion
import ClipriseWire
import RawSocket
import Testing

@testable import ClipriseCallbacks

/// Over real sockets of this machine.
@Suite(.ownThreads) struct CallbackSenderTests {
    @Test func `body, type and signature arrive as one POST`() async throws {
        let receiver = try Receiver(answer: Sample.ok)
        let signature = CallbackSignature(taskID: "t", seconds: 7, key: "k")
        let delivery = Sample.delivery(
            "http://127.0.0.1:\(receiver.port)/hook%2Fa?x=[1]&y=%zz#top", body: #"{"code":200,"é":1}"#,
            signature: signature)
        #expect(await CallbackSender().result(of: delivery) == .answered(200))
        let request = try #require(receiver.requests.first)
        let parts = request.split(separator: "\r\n\r\n")
        let lines = try #require(parts.first).split(separator: "\r\n").map(String.init)
        #expect(lines.first == "POST /hook%2Fa?x=%5B1%5D&y=%25zz HTTP/1.1")
        let fields = Set(lines.dropFirst().map { $0.lowercased() })
        #expect(
            fields.isSuperset(of: [
                "host: 127.0.0.1:\(receiver.port)", "content-type: application/json",
                "user-agent: cliprise-mock/\(Version.number)",
                "content-length: 19", "x-webhook-timestamp: 7",
                "x-webhook-signature: \(signature.signature.lowercased())",
            ]))
        #expect(request.contains(signature.signature))
        #expect(!fields.contains { $0.hasPrefix("x-cliprise") })
        #expect(parts.last == #"{"code":200,"é":1}"#)
        #expect(receiver.requests.count == 1)
    }

    @Test func `without a key there is no signature`() async throws {
        let receiver = try Receiver(answer: Sample.ok)
        #expect(
            await CallbackSender().result(of: Sample.delivery("http://127.0.0.1:\(receiver.port)")) == .answered(200))
        #expect(receiver.requests.first?.lowercased().contains("x-webhook") == false)
    }

    @Test(arguments: [204, 400, 404, 429, 500, 503])
    func `the receiver's status is the result, with no second try`(status: Int) async throws {
        let receiver = try Receiver(answer: "HTTP/1.1 \(status) X\r\nContent-Length: 0\r\n\r\n")
        let result = await CallbackSender().result(of: Sample.delivery("http://127.0.0.1:\(receiver.port)/"))
        #expect(result == .answered(status))
        #expect(result.error == nil)
        #expect(receiver.requests.count == 1)
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `a redirect is not followed`(status: Int) async throws {
        let second = try Receiver(answer: Sample.ok)
        let first = try Receiver(
            answer: "HTTP/1.1 \(status) X\r\nLocation: http://127.0.0.1:\(second.port)/\r\nContent-Length: 0\r\n\r\n")
        let result = await CallbackSender().result(of: Sample.delivery("http://127.0.0.1:\(first.port)/"))
        #expect(result == .answered(status))
        #expect(result.error == "a redirect; callbacks follow none")
        #expect(second.requests.isEmpty)
    }

    @Test func `a name that leads elsewhere is refused before anything is sent`() async throws {
        let receiver = try Receiver(answer: Sample.ok)
        let sender = CallbackSender(lookup: Sample.lookup("127.0.0.1", "192.0.2.1"))
        let result = await sender.result(of: Sample.delivery("http://hooks.example:\(receiver.port)/"))
        let elsewhere = try #require(IPAddress("192.0.2.1"))
        #expect(result == .failed(.refused(.nameNotAllowed("hooks.example", elsewhere))))
        #expect(receiver.requests.isEmpty)
    }

    @Test(arguments: ["http://0.0.0.0", "http://[::]", "http://10.0.0.1", "http://127.1", "http://u@127.0.0.1"])
    func `an address that is not plainly this machine is refused without a lookup`(origin: String) async throws {
        let receiver = try Receiver(answer: Sample.ok)
        let sender = CallbackSender(lookup: { _ in
            Issue.record("looked up")
            return []
        })
        let result = await sender.result(of: Sample.delivery("\(origin):\(receiver.port)/"))
        guard case .failed(.refused) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(receiver.requests.isEmpty)
    }

    @Test func `the name is looked up once, and the connection goes where the check was`() async throws {
        let checked = try Receiver(lastByte: 1, answer: Sample.ok)
        let other = try Receiver(lastByte: 2, port: checked.port, answer: Sample.ok)
        let answers = Locked([IPAddress.v4(0x7F00_0002), .v4(0x7F00_0001)])
        let sender = CallbackSender(lookup: { _ in answers.withLock { [$0.popLast() ?? .v4(0)] } })
        let result = await sender.result(of: Sample.delivery("http://rebinding.invalid:\(checked.port)/"))
        #expect(result == .answered(200))
        #expect(
            checked.requests.first?.lowercased().contains("\r\nhost: rebinding.invalid:\(checked.port)\r\n") == true)
        #expect(other.requests.isEmpty)
        #expect(answers.withLock { $0.count } == 1)
    }

    @Test func `an address that takes no connection gives way to the next`() async throws {
        let receiver = try Receiver(lastByte: 1, answer: Sample.ok)
        let sender = CallbackSender(lookup: Sample.lookup("::1", "127.0.0.2", "127.0.0.1"))
        #expect(
            await sender.result(of: Sample.delivery("http://hooks.invalid:\(receiver.port)/")) == .answered(200))
    }

    @Test func `a name that the user allowed may lead anywhere`() async throws {
        let receiver = try Receiver(answer: Sample.ok)
        let sender = CallbackSender(
            settings: CallbackSettings(allowedHosts: [.name("hooks.example")]),
            lookup: Sample.lookup("127.0.0.1", "192.0.2.1"))
        let result = await sender.result(of: Sample.delivery("http://hooks.example:\(receiver.port)/"))
        #expect(result == .answered(200))
    }

    @Test func `a lookup that fails says why`() async {
        let failure = CallbackFailure.lookup(name: "hooks.invalid", reason: "no such name")
        let sender = CallbackSender(lookup: { _ throws(CallbackFailure) in throw failure })
        let result = await sender.result(of: Sample.delivery("http://hooks.invalid/"))
        #expect(result == .failed(failure))
        #expect(result.error == "hooks.invalid: no such name")
    }

    @Test func `the system knows this machine`() throws {
        #expect(try NameLookup.system("localhost").contains { $0.isLoopback })
    }

    @Test func `a silent receiver is left after the time limit`() async throws {
        let receiver = try Receiver(answer: nil)
        let delivery = Sample.delivery("http://127.0.0.1:\(receiver.port)/", timeout: .milliseconds(200))
        let result = await CallbackSender().result(of: delivery)
        #expect(result == .failed(.timedOut(.milliseconds(200))))
        #expect(result.error == "no answer within 200 ms")
    }

    @Test func `an answer that never ends counts as none`() async throws {
        let receiver = try Receiver(answer: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        let delivery = Sample.delivery("http://127.0.0.1:\(receiver.port)/", timeout: .milliseconds(200))
        #expect(await CallbackSender().result(of: delivery) == .failed(.timedOut(.milliseconds(200))))
    }

    @Test func `a lookup that hangs does not outlast the time limit`() async {
        let gate = Gate()
        let sender = CallbackSender(lookup: { _ in
            gate.pass()
            return []
        })
        let delivery = Sample.delivery("http://hooks.invalid/", timeout: .milliseconds(50))
        #expect(await sender.result(of: delivery) == .failed(.timedOut(.milliseconds(50))))
        gate.open()
    }

    @Test func `a long answer is cut, and its status counts`() async throws {
        let receiver = try Receiver(
            answer: "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + String(repeating: "x", count: 70_000))
        #expect(
            await CallbackSender().result(of: Sample.delivery("http://127.0.0.1:\(receiver.port)/")) == .answered(200))
    }

    static let broken = [
        "nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    ]

    @Test(arguments: broken)
    func `an answer that is not HTTP is a failure, and the error holds nothing of the URL's query`(
        answer: String
    ) async throws {
        let receiver = try Receiver(answer: answer)
        let result = await CallbackSender().result(
            of: Sample.delivery("http://127.0.0.1:\(receiver.port)/secret?key=secret"))
        guard case .failed(.connection) = result else {
            Issue.record("\(result)")
            return
        }
        let error = try #require(result.error)
        #expect(error.hasPrefix("the answer is not HTTP"))
        #expect(!error.contains("secret"))
    }

    @Test func `a closed port refuses`() async throws {
        let port = try Receiver(answer: nil).port
        let receiver = try Receiver(lastByte: 2, port: port, answer: nil)
        let result = await CallbackSender().result(of: Sample.delivery("http://127.0.0.1:\(receiver.port)/"))
        #expect(result == .failed(.connection("Connection refused")))
    }

    @Test func `all callbacks go to the destination, with their own URL in a field`() async throws {
        let receiver = try Receiver(answer: Sample.ok)
        let destination = try CallbackDestination("http://127.0.0.1:\(receiver.port)")
        let sender = CallbackSender(
            settings: CallbackSettings(destination: destination),
            lookup: { _ in
                Issue.record("looked up")
                return []
            })
        #expect(await sender.result(of: Sample.delivery("https://hooks.example/a?b=é#c")) == .answered(200))
        let request = try #require(receiver.requests.first)
        #expect(request.hasPrefix("POST /a?b=%C3%A9 HTTP/1.1\r\n"))
        #expect(request.contains("\r\nX-Cliprise-Callback-Url: https://hooks.example/a?b=%C3%A9#c\r\n"))
        #expect(request.lowercased().contains("\r\nhost: 127.0.0.1:\(receiver.port)\r\n"))
    }

    @Test func `the destination's name needs no other leave`() async throws {
        let receiver = try Receiver(answer: Sample.ok)
        let destination = try CallbackDestination("http://receiver.invalid:\(receiver.port)")
        let sender = CallbackSender(
            settings: CallbackSettings(destination: destination), lookup: Sample.lookup("127.0.0.1", "192.0.2.1"))
        #expect(await sender.result(of: Sample.delivery("https://hooks.example/")) == .answered(200))
    }
}
