import ClipriseCallbacks
import ClipriseHTTP
import Testing

@Suite struct CallbackGuardTests {
    static func check(_ host: String, _ addresses: [String], allowing allowed: [String] = []) throws -> [String] {
        let rules = CallbackGuard(allowing: try allowed.map { try CallbackHost($0) })
        return try rules.check(CallbackHost(host), addresses: addresses.compactMap { IPAddress($0) }).map { "\($0)" }
    }

    static let passing: [(host: String, addresses: [String], allowed: [String])] = [
        ("127.0.0.1", ["127.0.0.1"], []), ("[::1]", ["::1"], []), ("127.8.9.10", ["127.8.9.10"], []),
        ("localhost", ["::1", "127.0.0.1"], []), ("hooks.example", ["127.0.0.1"], []),
        ("hooks.example", ["203.0.113.7"], ["hooks.example"]), ("hooks.example", ["10.0.0.1"], ["HOOKS.Example."]),
        ("hooks.example", ["10.0.0.1", "127.0.0.1"], ["other.example", "hooks.example"]),
        ("10.0.0.1", ["10.0.0.1"], ["10.0.0.1"]), ("[fc00::1]", ["fc00::1"], ["fc00:0::1"]),
        ("[fc00::1]", ["fc00::1"], ["[fc00::1]"]),
    ]

    @Test(arguments: passing)
    func `this machine and what was allowed is called, at all its addresses in order`(
        host: String, addresses: [String], allowed: [String]
    ) throws {
        #expect(try Self.check(host, addresses, allowing: allowed) == addresses)
    }

    static let refused: [(host: String, addresses: [String], allowed: [String], culprit: String)] = [
        ("10.0.0.1", ["10.0.0.1"], [], "10.0.0.1"), ("0.0.0.0", ["0.0.0.0"], [], "0.0.0.0"), ("[::]", ["::"], [], "::"),
        ("169.254.169.254", ["169.254.169.254"], [], "169.254.169.254"),
        ("[::ffff:10.0.0.1]", ["::ffff:10.0.0.1"], [], "::ffff:10.0.0.1"),
        ("10.0.0.2", ["10.0.0.2"], ["10.0.0.1"], "10.0.0.2"),
        ("hooks.example", ["203.0.113.7"], [], "203.0.113.7"),
        ("hooks.example", ["127.0.0.1", "203.0.113.7"], [], "203.0.113.7"),
        ("hooks.example", ["::1", "::", "203.0.113.7"], [], "::"),
        ("localhost", ["203.0.113.7"], [], "203.0.113.7"),
        ("a.hooks.example", ["203.0.113.7"], ["hooks.example"], "203.0.113.7"),
        ("hooks.example", ["203.0.113.7"], ["a.hooks.example"], "203.0.113.7"),
        ("hooks.example", ["203.0.113.7"], ["203.0.113.7"], "203.0.113.7"),
        ("203.0.113.7", ["203.0.113.7"], ["hooks.example"], "203.0.113.7"),
    ]

    @Test(arguments: refused)
    func `one address beyond this machine spoils a host that was not allowed`(
        host: String, addresses: [String], allowed: [String], culprit: String
    ) throws {
        let address = try #require(IPAddress(culprit))
        let refusal: CallbackRefusal =
            if case .name(let name) = try CallbackHost(host) { .nameNotAllowed(name, address) } else {
                .addressNotAllowed(address)
            }
        #expect(throws: refusal) { try Self.check(host, addresses, allowing: allowed) }
    }

    @Test func `a name without an address is refused even where it is allowed`() {
        #expect(throws: CallbackRefusal.noAddress("hooks.example")) {
            try Self.check("hooks.example", [], allowing: ["hooks.example"])
        }
    }

    @Test(arguments: ["https://hooks.example", "hooks.example:443", "*.example", "hooks.example/", "", "127.1", "::1:"])
    func `what is allowed is a host and nothing else`(text: String) {
        #expect(throws: CallbackRefusal.self) { try CallbackHost(text) }
    }

    @Test func `a refusal says how to allow it`() throws {
        let address = IPAddress.v4(0x0A00_0001)
        #expect(
            CallbackRefusal.nameNotAllowed("hooks.example", address).description
                == "hooks.example is 10.0.0.1, which is not this machine; allow it with --callback-allow hooks.example")
    }
}
