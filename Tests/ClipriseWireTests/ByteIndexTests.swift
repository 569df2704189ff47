import ClipriseWire
import Testing

@Suite struct ByteIndexTests {
    @Test(arguments: [0, 1, 7, 8, 9, 1_000, 20_000])
    func `every string leads to its number and no other does`(count: Int) {
        var index = ByteIndex()
        for number in 0..<count { #expect(index.add(Array("key-\(number)".utf8)) == number) }
        #expect(index.count == count)
        let isFound = (0..<count).allSatisfy { index.number(of: Array("key-\($0)".utf8)[...]) == $0 }
        #expect(isFound)
        #expect(index.number(of: Array("key-\(count)".utf8)[...]) == nil)
        #expect(index.number(of: Array("key-".utf8)[...]) == nil)
        #expect(index.number(of: [UInt8]()[...]) == nil)
    }

    @Test func `strings differ by every byte and by length`() {
        var index = ByteIndex()
        let keys: [[UInt8]] = [[], [0], [0, 0], [1], [0, 1], [255], [65], [97]]
        for (number, key) in keys.enumerated() { #expect(index.add(key) == number) }
        for (number, key) in keys.enumerated() { #expect(index.number(of: key[...]) == number) }
    }

    @Test func `a piece of a larger text finds its string`() {
        var index = ByteIndex()
        _ = index.add(Array("key".utf8))
        let text = Array("a key here".utf8)
        #expect(index.number(of: text[2..<5]) == 0)
        #expect(index.number(of: text[2..<6]) == nil)
    }

    @Test func `a copy keeps what it has`() {
        var index = ByteIndex()
        _ = index.add([1])
        let copy = index
        _ = index.add([2])
        #expect((copy.count, copy.number(of: [2])) == (1, nil))
    }
}
