import Testing

@testable import ClipriseHTTP

@Suite struct HeadReaderTests {
    /// Hands lines over as libcurl does.
    private static func head(_ lines: [String]) throws -> HTTPHead? {
        var reader = HeadReader()
        var head: HTTPHead?
        for line in lines {
            let bytes = Array(line.utf8)
            if let found = try bytes.withUnsafeBytes({ try reader.take($0) }) { head = found }
        }
        return head
    }

    @Test func `fields come in their order, without blanks around values`() throws {
        let head = try Self.head(["HTTP/1.1 206 Part\r\n", "A: 1\r\n", "b:\t2 x \r\n", "a:\r\n", "\r\n"])
        #expect(
            head == HTTPHead(status: 206, fields: [HTTPField("A", "1"), HTTPField("b", "2 x"), HTTPField("a", "")]))
    }

    @Test func `interim answers and trailers are passed over`() throws {
        let head = try Self.head([
            "HTTP/1.1 103 Early\r\n", "Link: x\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "A: 1\r\n", "\r\n", "T: 2\r\n",
            "\r\n",
        ])
        #expect(head == HTTPHead(status: 200, fields: [HTTPField("A", "1")]))
    }

    @Test func `what is no field is left out`() throws {
        let head = try Self.head(["HTTP/1.1 200\r\n", "no colon\r\n", ": x\r\n", "a b: x\r\n", "c: \u{1}\r\n", "\r\n"])
        #expect(head == HTTPHead(status: 200, fields: []))
    }

    @Test func `a head has a limit`() throws {
        let line = "A: " + String(repeating: "x", count: 1_019) + "\r\n"
        #expect(line.utf8.count == 1_024)
        #expect(throws: Never.self) { try Self.head(Array(repeating: line, count: 256)) }
        #expect(throws: HeadReader.TooLong.self) { try Self.head(Array(repeating: line, count: 257)) }
    }
}
