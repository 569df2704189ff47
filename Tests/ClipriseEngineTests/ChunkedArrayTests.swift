import ClipriseWire
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

extension ByteArenaTests {
    @Test func `strings at rest come back too, in any order, beside those that are not at rest`() {
        var arena = ByteArena()
        let texts = (0..<4_000).map { Array("a lighthouse at dusk, oil on canvas, variant \($0)".utf8) }
        let kept = texts.map { arena.keep($0) }
        for (index, reference) in kept.enumerated() where index % 1_000 != 999 { arena.rest(reference) }
        for index in (0..<4_000).reversed() { #expect(arena[kept[index]].elementsEqual(texts[index])) }
        for index in stride(from: 0, to: 4_000, by: 7) { #expect(arena[kept[index]].elementsEqual(texts[index])) }
        for (index, reference) in kept.enumerated() where index % 1_000 == 999 { arena.rest(reference) }
        for index in 0..<4_000 { #expect(arena[kept[index]].elementsEqual(texts[index])) }
        let again = arena.keep(texts[0])
        #expect(arena[again].elementsEqual(texts[0]))
    }

    @Test func `strings at rest take a fraction of their memory, whether they came to rest early or late`() {
        for restsEarly in [true, false] {
            var arena = ByteArena()
            var kept: [ByteArena.Reference] = []
            for number in 0..<10_000 {
                kept.append(arena.keep(Array("a lighthouse at dusk, oil on canvas, variant \(number)".utf8)))
                if restsEarly { arena.rest(kept[number]) }
            }
            if !restsEarly { for reference in kept { arena.rest(reference) } }
            #expect(arena.chunks.reduce(0) { $0 + $1.bytes.capacity } < 10_000 * 20)
        }
    }

    @Test func `what cannot be compressed is left as it is`() {
        var arena = ByteArena()
        var word: UInt64 = 1
        let texts = (0..<12).map { _ in
            (0..<8_000).map { _ in
                word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: word >> 56)
            }
        }
        let kept = texts.map { arena.keep($0) }
        for reference in kept { arena.rest(reference) }
        for (text, reference) in zip(texts, kept) { #expect(arena[reference].elementsEqual(text)) }
    }

    @Test func `a string that was forgotten may come to rest`() {
        var arena = ByteArena()
        let kept = (0..<20).map { arena.keep([UInt8](repeating: UInt8($0), count: 9_000)) }
        arena.forget(before: kept[15])
        for reference in kept { arena.rest(reference) }
        #expect(arena[kept[15]].elementsEqual([UInt8](repeating: 15, count: 9_000)))
        #expect(arena[kept[19]].elementsEqual([UInt8](repeating: 19, count: 9_000)))
    }
}

@Suite struct LedgerEntriesTests {
    @Test func `entries come back as they were, the largest too`() {
        var entries = LedgerEntries()
        var expected: [Ledger.Entry] = []
        for kind in Ledger.Kind.allCases {
            for task in [nil, 0, 1, Int(Int32.max)] {
                for credits: Int64 in [0, 1, 1 << 29 - 2, 1 << 29 - 1, 1 << 29, Ledger.limit, -1, -Ledger.limit] {
                    for at: Int64 in [0, 1, .max - 1] {
                        expected.append(
                            Ledger.Entry(kind: kind, task: task, credits: credits, at: Instant(nanoseconds: at)))
                    }
                }
            }
        }
        for entry in expected { entries.append(entry) }
        #expect(entries.indices.map { entries[$0] } == expected)
        for _ in 0..<100 { entries.removeFirst() }
        #expect((entries.first, entries.count) == (100, expected.count))
        #expect(entries.indices.map { entries[$0] } == Array(expected[100...]))
    }
}

@Suite struct TaskSizeTests {
    /// A long run makes millions: the text of a task lies elsewhere, and what it was ordered as is shared.
    @Test func `a task takes 48 bytes`() {
        #expect(MemoryLayout<TaskRecord>.stride == 48)
    }
}

@Suite struct BodyCountsTests {
    /// Multiples of 2⁶³ and of 2³² want the same places as many others.
    @Test(arguments: [1, 1 << 32, 1 << 63, 0x9E37_79B9_7F4A_7C15] as [UInt64])
    func `each body counts by itself, however many there are`(step: UInt64) {
        var counts = BodyCounts()
        var expected: [UInt64: Int] = [:]
        for number in 0..<3_000 as Range<UInt64> {
            let hash = number % 1_000 &* step
            expected[hash, default: 0] += 1
            #expect(counts.add(hash, limit: 10_000) == expected[hash])
        }
        #expect(counts.count == expected.count)
        #expect(counts[1_001 &* step &+ 7] == nil)
        #expect(Dictionary(uniqueKeysWithValues: counts.all.map { ($0.hash, $0.count) }) == expected)
    }

    /// A hash is no secret: whoever makes bodies for it can have them all want one place.
    @Test func `bodies that all want one place make no look longer than is stated`() {
        var counts = BodyCounts()
        // The inverse of the factor, so that the products are 0, 1, 2, …, of which the upper half decides.
        let hashes = (0..<20_000 as Range<UInt64>).map { $0 &* 0xF1DE_83E1_9937_733D }
        for hash in hashes { #expect(counts.add(hash, limit: 100_000) == 1) }
        #expect(counts.count == BodyCounts.mostPlaces)
        #expect(hashes.prefix(BodyCounts.mostPlaces).allSatisfy { counts.add($0, limit: 100_000) == 2 })
        #expect(hashes.dropFirst(BodyCounts.mostPlaces).allSatisfy { counts.add($0, limit: 100_000) == 1 })
    }

    @Test func `100,000 bodies that nobody chose all have a place`() {
        var counts = BodyCounts()
        for number in 0..<100_000 as Range<UInt64> { _ = counts.add(Draw.mix(7, number), limit: 100_000) }
        #expect(counts.count == 100_000)
        #expect((0..<100_000 as Range<UInt64>).allSatisfy { counts[Draw.mix(7, $0)] == 1 })
    }

    @Test func `a new body beyond the most counts as its first, and one that is known goes on`() {
        var counts = BodyCounts()
        for hash in 0..<10 as Range<UInt64> { _ = counts.add(hash, limit: 10) }
        #expect((counts.add(10, limit: 10), counts.add(10, limit: 10)) == (1, 1))
        #expect((counts.add(9, limit: 10), counts.count, counts[10]) == (2, 10, nil))
    }

    @Test func `counting stops at the most that can be read again`() {
        var counts = BodyCounts()
        counts.set(7, to: Int(Int32.max) - 1)
        #expect((counts.add(7, limit: 10), counts.add(7, limit: 10)) == (Int(Int32.max), Int(Int32.max)))
    }
}
