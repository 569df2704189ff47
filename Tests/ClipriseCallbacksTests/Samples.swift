import ClipriseCallbacks
import ClipriseHTTP
import ClipriseLocks
import ClipriseWire

enum Sample {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    static func delivery(
        _ url: String, body: String = #"{"code":200}"#, signature: CallbackSignature? = nil,
        timeout: TimeSpan? = nil
    ) -> CallbackDelivery {
        CallbackDelivery(url: Array(url.utf8), body: Array(body.utf8), signature: signature, timeout: timeout)
    }

    /// A lookup without a network: the same answer for every name.
    static func lookup(_ addresses: String...) -> CallbackLookup {
        let addresses = addresses.compactMap { IPAddress($0) }
        return { _ in addresses }
    }
}

extension CallbackSender {
    func result(of delivery: CallbackDelivery) async -> CallbackResult {
        await withCheckedContinuation { continuation in
            send(delivery) { continuation.resume(returning: $0) }
        }
    }
}

/// Results in the order of their coming.
final class Results: Sendable {
    private let list = Locked<[String: CallbackResult]>([:])

    func completion(_ name: String) -> CallbackSender.Completion {
        { result in self.list.withLock { $0[name] = result } }
    }

    subscript(name: String) -> CallbackResult? { list.withLock { $0[name] } }
}
