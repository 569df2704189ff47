import ClipriseWire
import Testing

@testable import ClipriseEngine

@Suite struct TaskIDsTests {
    let ids = TaskIDs(seed: 1, account: Array("test-key".utf8))

    @Test func `100,000 ids differ, read as 32 lower-case digits and turn back into their positions`() {
        var seen = Set<TaskID>()
        for position in 0..<100_000 {
            let id = ids.id(of: position)
            #expect(ids.position(of: id) == position)
            seen.insert(id)
        }
        #expect(seen.count == 100_000)
        let text = ids.id(of: 99_999).description
        #expect(text.utf8.count == 32)
        #expect(text.allSatisfy { "0123456789abcdef".contains($0) })
    }

    @Test func `the next position changes about half of the bits`() {
        var changed = 0
        for position in 0..<1_000 {
            let (one, other) = (ids.id(of: position), ids.id(of: position + 1))
            changed += (one.high ^ other.high).nonzeroBitCount + (one.low ^ other.low).nonzeroBitCount
        }
        #expect((60_000...68_000).contains(changed))
    }

    @Test func `an id of another account, another seed or of chance is nobody's`() {
        let others = [
            TaskIDs(seed: 1, account: Array("other-key".utf8)), TaskIDs(seed: 2, account: Array("test-key".utf8)),
            TaskIDs(seed: 1, account: []),
        ]
        for position in 0..<10_000 {
            for other in others { #expect(ids.position(of: other.id(of: position)) == nil) }
            let word = UInt64(position)
            #expect(ids.position(of: TaskID(high: Draw.mix(7, word), low: Draw.mix(8, word))) == nil)
        }
        #expect(ids.position(of: TaskID(high: 0, low: 0)) == nil)
        #expect(ids.position(of: TaskID(high: .max, low: .max)) == nil)
    }

    @Test func `an id with one changed bit is nobody's`() {
        let id = ids.id(of: 5)
        for bit in 0..<64 {
            #expect(ids.position(of: TaskID(high: id.high ^ 1 << UInt64(bit), low: id.low)) == nil)
            #expect(ids.position(of: TaskID(high: id.high, low: id.low ^ 1 << UInt64(bit))) == nil)
        }
    }
}
