import ClipriseWire
import Testing

@testable import ClipriseEngine

@Suite struct DueQueueTests {
    @Test func `what is not due stays`() {
        var queue = DueQueue()
        let none = queue.takeFirst(by: .seconds(1_000))
        #expect(none == nil)
        queue.add(7, at: .seconds(2))
        let early = queue.takeFirst(by: .milliseconds(1_999))
        #expect(early == nil)
        let due = queue.takeFirst(by: .seconds(2))
        #expect(due == 7)
        let again = queue.takeFirst(by: .seconds(2))
        #expect(again == nil)
    }

    @Test(arguments: [1, 2, 3, 7, 64, 1_000])
    func `positions come by instant, then in the order they were added`(count: Int) {
        var queue = DueQueue()
        let items = (0..<count).map { (at: Int64(Draw.mix(9, UInt64($0)) % 20), position: $0) }
        for item in items { queue.add(item.position, at: .seconds(item.at)) }
        var taken: [Int] = []
        while let position = queue.takeFirst(by: .seconds(20)) { taken.append(position) }
        let expected = items.sorted { ($0.at, $0.position) < ($1.at, $1.position) }.map(\.position)
        #expect(taken == expected)
    }

    @Test func `adding and taking may alternate`() {
        var queue = DueQueue()
        queue.add(0, at: .seconds(5))
        queue.add(1, at: .seconds(1))
        let first = queue.takeFirst(by: .seconds(10))
        queue.add(2, at: .seconds(3))
        let rest = [
            queue.takeFirst(by: .seconds(10)), queue.takeFirst(by: .seconds(10)), queue.takeFirst(by: .seconds(10)),
        ]
        #expect(first == 1)
        #expect(rest == [2, 0, nil])
    }
}
