import ClipriseWire
import Testing

@Suite struct ByteTableTests {
    @Test(arguments: [0, 1, 7, 8, 9, 1_000, 20_000])
    func `every key leads to its value and no other does`(count: Int) {
        var table = ByteTable<Int>()
        for number in 0..<count { table[Array("key-\(number)".utf8)] = number }
        #expect(table.count == count)
        for number in 0..<count { #expect(table[Array("key-\(number)".utf8)] == number) }
        #expect(table[Array("key-\(count)".utf8)] == nil)
        #expect(table[Array("key-".utf8)] == nil)
        #expect(table[[]] == nil)
    }

    @Test func `a key set again has its new value`() {
        var table = ByteTable<String>()
        table[[1]] = "a"
        table[[1]] = "b"
        #expect((table.count, table[[1]]) == (1, "b"))
    }

    @Test func `keys differ by every byte and by length`() {
        var table = ByteTable<Int>()
        let keys: [[UInt8]] = [[], [0], [0, 0], [1], [0, 1], [255], [65], [97]]
        for (number, key) in keys.enumerated() { table[key] = number }
        #expect(table.count == keys.count)
        for (number, key) in keys.enumerated() { #expect(table[key] == number) }
    }

    @Test func `a piece of a larger text finds its key`() {
        var table = ByteTable<Int>()
        table[Array("key".utf8)] = 1
        let text = Array("a key here".utf8)
        #expect(table[text[2..<5]] == 1)
        #expect(table[text[2..<6]] == nil)
    }

    @Test func `a copy keeps what it has`() {
        var table = ByteTable<Int>()
        table[[1]] = 1
        let copy = table
        table[[2]] = 2
        #expect((copy.count, copy[[2]]) == (1, nil))
    }
}
