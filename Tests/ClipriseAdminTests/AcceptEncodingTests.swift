import ClipriseAdmin
import ClipriseWire
import Testing

@Suite struct AcceptEncodingTests {
    /// RFC 9110 §12.4.2 and §12.5.3.
    static let rows: [(fields: [String], prefersGzip: Bool)] = [
        ([], false), ([""], false), (["gzip"], true), (["GZip"], true), (["x-gzip"], true),
        (["deflate, gzip"], true), (["deflate", "gzip"], true), (["br"], false), (["gzip;q=0"], false),
        (["gzip;q=0.000"], false), (["gzip; q=0.001"], true), (["gzip;Q=0.5"], true), (["gzip ; q=1.000"], true),
        (["*"], true), (["*;q=0"], false), (["gzip;q=0, *"], false), (["*;q=0, gzip"], true),
        (["identity"], false), (["identity;q=0.5"], false), (["identity;q=0.5, gzip"], true),
        (["identity, gzip;q=0.5"], false), (["identity;q=0.5, gzip;q=0.5"], true), (["identity;q=0, *;q=0.1"], true),
        (["gzip;q=2"], false), (["gzip;q=0.1234"], false), (["gzip;q="], false), (["gzip;q=x"], false),
        (["gzip;q=-1"], false), (["gzipx"], false), ([",,gzip,,"], true),
    ]

    @Test(arguments: rows)
    func `gzip is taken when it is asked for, and not when something else is liked better`(
        fields: [String], prefersGzip: Bool
    ) {
        let fields = HeaderFields(fields.map { ("Accept-Encoding", $0) })
        #expect(AcceptEncoding(fields).prefersGzip == prefersGzip)
    }
}
