import ClipriseWire
import Testing

@testable import ClipriseCallbacks

@Suite struct CallbackSignatureTests {
    static let task = "0123456789abcdef0123456789abcdef"

    @Test func `task and time are signed with the key`() {
        let signature = CallbackSignature(taskID: Self.task, seconds: 1_764_000_000, key: "secret")
        #expect(signature.timestamp == "1764000000")
        // printf 0123456789abcdef0123456789abcdef.1764000000 | openssl dgst -sha256 -hmac secret -binary | base64
        #expect(signature.signature == "xJORLkHn16JRDTLwQGiMPb/HdTk4ebPbj5l7E3hwBMc=")
    }

    @Test(arguments: ["secret", "", String(repeating: "k", count: 64), String(repeating: "k", count: 65)])
    func `a wrong signature differs under every key, and in nothing else`(key: String) {
        let right = CallbackSignature(taskID: Self.task, seconds: 1, key: key)
        let wrong = CallbackSignature(taskID: Self.task, seconds: 1, key: key, isWrong: true)
        #expect(right.signature != wrong.signature)
        #expect(right.signature.count == wrong.signature.count)
        #expect(right.timestamp == wrong.timestamp)
    }
}

@Suite struct WaitingLineTests {
    @Test func `first in, first out, however both are mixed`() {
        var line = WaitingLine<Int>()
        #expect(line.popFirst() == nil)
        for number in 1...3 { line.append(number) }
        #expect(line.popFirst() == 1)
        line.append(4)
        #expect(line.all == [2, 3, 4])
        #expect(line.count == 3)
        #expect((0..<4).map { _ in line.popFirst() } == [2, 3, 4, nil])
    }
}
