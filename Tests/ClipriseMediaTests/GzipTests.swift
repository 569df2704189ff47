import ClipriseMedia
import RawSocket
import Testing

@Suite(.ownThreads) struct GzipTests {
    static let texts = ["", "a", String(repeating: "{\"key\":\"a value\"}", count: 50_000)]

    @Test(arguments: texts)
    func `gunzip gives back what was compressed`(text: String) throws {
        let file = try #require(gzipped(Array(text.utf8)))
        #expect(file == gzipped(Array(text.utf8)))
        let back = try withFile(file, named: "x.gz") { try Tool.gzip.run(["-dc", $0]) }
        #expect(back == Tool.Outcome(status: 0, text: text))
    }
}
