import Testing

@testable import MicroHTTPD

struct YieldPolicyTests {
    @Test func `a yield is worthwhile after three requests, and after one as long as yields bring some`() {
        var policy = YieldPolicy()
        #expect((0...4).map(policy.isWorthwhile) == [false, false, false, true, true])
        policy.note(brought: 1)
        #expect((0...2).map(policy.isWorthwhile) == [false, true, true])
    }

    @Test(arguments: [(gains: 1, losses: 4), (2, 8), (8, 32), (100, 32)])
    func `yields that bring nothing are given up, after thirty-two at most`(gains: Int, losses: Int) {
        var policy = YieldPolicy()
        for _ in 0..<gains { policy.note(brought: 5) }
        for _ in 1..<losses { policy.note(brought: 0) }
        #expect(policy.isWorthwhile(after: 1))
        policy.note(brought: 0)
        #expect(!policy.isWorthwhile(after: 2))
        // However many more of them came to nothing.
        for _ in 0..<10 { policy.note(brought: 0) }
        #expect(policy.isWorthwhile(after: 3))
        policy.note(brought: 1)
        #expect(policy.isWorthwhile(after: 1))
    }
}
