import RawSocket
import ReaderFuzz
import Testing

/// Every reader of what comes from outside, with inputs that are sound but for a place or three.
///
/// Nothing is expected but that all is read or refused: a trap would end the run. More inputs: `swift run -c release
/// fuzz-readers`.
@Suite(.ownThreads) struct ReaderFuzzTests {
    static let seed: UInt64 = 0x0C11_9B15_E000_0003
    static let counts = [
        "body": 600, "scenario": 15, "policy": 150, "catalogue": 60, "journal": 15, "bundle": 15, "snapshot": 15,
        "admin": 25, "query": 40, "head": 1_500, "state": 1_500,
    ]

    @Test(arguments: counts.keys.sorted())
    func `a reader reads or refuses whatever comes`(name: String) throws {
        let reader = try #require(FuzzedReader.all().first { $0.name == name })
        // Of requests some are sound and refused all the same.
        let mayRefuse = name == "admin" || name == "query"
        for input in reader.sound where !reader.read(input) && !mayRefuse {
            Issue.record("a sound input is refused: \(String(decoding: input.prefix(200), as: UTF8.self))")
        }
        for kept in reader.kept { #expect(!reader.read(kept.input), "\(kept.name) is taken") }
        for index in 0..<(Self.counts[name] ?? 0) { reader.read(reader.input(seed: Self.seed, index: index)) }
    }

    @Test func `every folder of hostile inputs is of a reader`() throws {
        let names = try FuzzedReader.all().map(\.name)
        #expect(Set(FuzzedReader.names(in: "fixtures/hostile")).isSubset(of: names))
        #expect(Set(names) == Set(Self.counts.keys))
    }
}
