import ClipriseHTTP
import ClipriseWire
import RawSocket
import Testing

@testable import ClipriseCallbacks

/// Over real sockets of this machine.
@Suite(.ownThreads) struct CallbackQueueTests {
    static func settings(concurrent: Int, waiting: Int, bytes: Int = 1_000) -> CallbackSettings {
        CallbackSettings(concurrentLimit: concurrent, waitingLimit: waiting, waitingBytesLimit: bytes)
    }

    @Test func `what is beyond both limits is dropped, and a shutdown ends the rest at once`() throws {
        let receiver = try Receiver(answer: nil)
        let sender = CallbackSender(settings: Self.settings(concurrent: 2, waiting: 1))
        let results = Results()
        let delivery = Sample.delivery("http://127.0.0.1:\(receiver.port)/")
        for name in ["a", "b", "c", "d"] { sender.send(delivery, completion: results.completion(name)) }
        #expect(results["d"] == .failed(.dropped))
        #expect(receiver.arrivals.pass())
        #expect(receiver.arrivals.pass())
        for name in ["a", "b", "c"] { #expect(results[name] == nil) }
        sender.shutdown()
        for name in ["a", "b", "c"] { #expect(results[name] == .failed(.shutDown)) }
        #expect(receiver.requests.count == 2)
        sender.send(delivery, completion: results.completion("e"))
        #expect(results["e"] == .failed(.shutDown))
    }

    @Test func `bodies that wait have a limit of their own`() throws {
        let receiver = try Receiver(answer: nil)
        let sender = CallbackSender(settings: Self.settings(concurrent: 1, waiting: 10, bytes: 20))
        let results = Results()
        let delivery = Sample.delivery("http://127.0.0.1:\(receiver.port)/", body: "0123456789")
        for name in ["a", "b", "c", "d"] { sender.send(delivery, completion: results.completion(name)) }
        #expect(results["c"] == nil)
        #expect(results["d"] == .failed(.dropped))
        sender.shutdown()
        #expect(results["c"] == .failed(.shutDown))
    }

    @Test func `what waits is sent in the order of its coming`() throws {
        let receiver = try Receiver(answer: Sample.ok)
        let sender = CallbackSender(settings: Self.settings(concurrent: 1, waiting: 100))
        let results = Results()
        for number in 1...20 {
            sender.send(
                Sample.delivery("http://127.0.0.1:\(receiver.port)/\(number)"),
                completion: results.completion("\(number)"))
        }
        for _ in 1...20 { #expect(receiver.arrivals.pass()) }
        #expect(
            receiver.requests.compactMap { $0.split(separator: " ").dropFirst().first } == (1...20).map { "/\($0)" })
        sender.shutdown()
        #expect((1...19).allSatisfy { results["\($0)"] == .answered(200) })
    }

    @Test func `a refusal frees its place for the next`() throws {
        let receiver = try Receiver(answer: Sample.ok)
        let sender = CallbackSender(settings: Self.settings(concurrent: 1, waiting: 5_000, bytes: 1 << 20))
        let results = Results()
        for number in 1...5_000 {
            sender.send(Sample.delivery("http://10.0.0.1/"), completion: results.completion("\(number)"))
        }
        sender.send(Sample.delivery("http://127.0.0.1:\(receiver.port)/"), completion: results.completion("last"))
        #expect(receiver.arrivals.pass())
        #expect(results["1"] == .failed(.refused(.addressNotAllowed(.v4(0x0A00_0001)))))
        #expect(results["5000"] == results["1"])
        sender.shutdown()
    }

    @Test func `a shutdown does not wait for a lookup`() {
        let gate = Gate()
        let begun = Gate()
        let sender = CallbackSender(lookup: { _ in
            begun.open()
            gate.pass()
            return []
        })
        let results = Results()
        sender.send(Sample.delivery("http://hooks.invalid/"), completion: results.completion("a"))
        #expect(begun.pass())
        sender.shutdown()
        #expect(results["a"] == .failed(.shutDown))
        gate.open()
    }
}
