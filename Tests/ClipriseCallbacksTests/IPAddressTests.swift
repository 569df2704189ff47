import ClipriseCallbacks
import ClipriseHTTP
import Testing

@Suite struct IPAddressTests {
    static let loopback = ["127.0.0.1", "127.0.0.53", "127.255.255.255", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1"]

    @Test(arguments: loopback)
    func `what cannot leave this machine is loopback`(text: String) throws {
        #expect(try #require(IPAddress(text)).isLoopback)
    }

    static let others = [
        "0.0.0.0", "::", "126.255.255.255", "128.0.0.0", "10.0.0.1", "192.168.1.1", "169.254.169.254",
        "255.255.255.255",
        "8.8.8.8", "::2", "1::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:0.0.0.0", "::fffe:127.0.0.1",
        "64:ff9b::7f00:1", "fe80::1", "fc00::1", "2001:db8::1",
    ]

    @Test(arguments: others)
    func `all else is not`(text: String) throws {
        #expect(try #require(IPAddress(text)).isLoopback == false)
    }

    static let odd = [
        "", "127.1", "127.0.1", "2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "127.0.0.01", "127.0.0.1.", "1.2.3",
        "1.2.3.4.5", "256.0.0.1", " 127.0.0.1", "127.0.0.1 ", "[::1]", "::1%lo", ":::1", "1:2:3", "localhost",
    ]

    @Test(arguments: odd)
    func `only the full spelling is an address`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `an address is written in the usual way`() {
        #expect(IPAddress.v4(0x7F00_0001).description == "127.0.0.1")
        #expect(IPAddress.v6(high: 0, low: 1).description == "::1")
        #expect(IPAddress.v6(high: 0x2001_0DB8_0000_0000, low: 0x0A).description == "2001:db8::a")
        #expect(IPAddress.v6(high: 0, low: 1).inURL == "[::1]")
        #expect(IPAddress.v4(0x0A00_0001).inURL == "10.0.0.1")
    }
}
