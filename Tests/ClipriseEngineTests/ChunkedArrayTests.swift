import Testing

@testable import ClipriseEngine

@Suite struct ChunkedArrayTests {
    @Test(arguments: [0, 1, 511, 512, 513, 1_024, 2_000])
    func `elements stand where they were put`(count: Int) {
        var array = ChunkedArray<Int>()
        for number in 0..<count { array.append(number) }
        #expect(array.count == count)
        #expect(array.indices == 0..<count)
        #expect(array.indices.allSatisfy { array[$0] == $0 })
        if count > 0 {
            array[count - 1] = -1
            #expect(array[count - 1] == -1)
        }
    }

    @Test func `a copy keeps what it has`() {
        var one = ChunkedArray<Int>()
        one.append(1)
        let copy = one
        one[0] = 2
        one.append(3)
        #expect((copy.count, copy[0], one.count, one[0]) == (1, 1, 2, 2))
    }
}

@Suite struct ByteArenaTests {
    @Test func `strings come back, at the ends of chunks and beyond`() {
        var arena = ByteArena()
        let lengths = [0, 1, 16_383, 1, 1, 16_384, 5_000, 5_000, 5_000, 5_000, 0]
        let kept = lengths.enumerated().map { index, length in
            let bytes = [UInt8](repeating: UInt8(index + 1), count: length)
            return (bytes: bytes, reference: arena.keep(bytes))
        }
        for (bytes, reference) in kept { #expect(arena[reference].elementsEqual(bytes)) }
    }

    @Test func `a string that is too long is cut`() {
        var arena = ByteArena()
        let reference = arena.keep([UInt8](repeating: 7, count: 20_000))
        #expect(arena[reference].count == 16_384)
    }

    @Test func `the same string again is kept once`() {
        var arena = ByteArena()
        let one = arena.keep([1, 2, 3])
        let two = arena.keep([1, 2, 3])
        let other = arena.keep([1, 2])
        #expect((one.chunk, one.start, one.length) == (two.chunk, two.start, two.length))
        #expect(other.start != one.start)
        #expect(arena[other].elementsEqual([1, 2]))
    }
}
