internal import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

/// Why a run fails, so that a smaller one can be asked whether it fails for the same reason.
struct FailingReason {
    private let title: String
    /// Positions in the bundle of the requests that prove it; empty for what is missing.
    private let proof: Set<Int>
    /// What each request was answered in the whole run.
    private let answers: [Int: Answered]
    /// The job of each request, as a number; equal for requests of one job.
    private let jobs: [Int]
    let keepsWholeJobs: Bool
    /// Whether requests are left out by whole accounts only, for what is missing is seen all the more in less.
    private let keepsAccounts: Bool

    private struct Answered: Hashable {
        var status: Int
        var outcome: ExchangeEvent.Outcome
        var operation: Operation

        init(_ event: ExchangeEvent) {
            (status, outcome, operation) = (event.status, event.outcome, event.operation)
        }
    }

    /// Whether it is seen in what came until then, whatever came later: the end of a run may be left out.
    let isSeenEarly: Bool

    /// - Parameter requests: How many the bundle has.
    init(_ title: String, in whole: PlayedBundle, requests: Int) {
        self.title = title
        proof = whole.proof(of: title)
        answers = whole.events.mapValues(Answered.init)
        let name = String(title.prefix { $0 != " " })
        let isCount = CountExpectation.Subject(rawValue: name) != nil
        let property = ClientProperty.all.first { $0.word == name }
        let isOfRequests = property?.proof == .requests || title == PlayedBundle.audit
        keepsWholeJobs = !isOfRequests && !(isCount && !proof.isEmpty)
        isSeenEarly = (property?.proof == .beginning || name == "gap") && !proof.isEmpty
        keepsAccounts = proof.isEmpty && title != PlayedBundle.audit
        jobs = Self.jobs(of: whole, requests)
    }

    /// Whether a run of some of the requests fails for this reason.
    func holds(in run: PlayedBundle) -> Bool {
        guard run.fails(title) else { return false }
        let own = run.proof(of: title)
        guard own.isSubset(of: proof), proof.isEmpty || !own.isEmpty else { return false }
        // What proves it was answered as in the whole run; where waits are judged, all was.
        return (keepsWholeJobs ? run.kept : Array(own)).allSatisfy {
            run.events[$0].map(Answered.init) == answers[$0]
        }
    }

    /// What is left out or kept together.
    func units(of kept: [Int]) -> [[Int]] {
        guard !keepsAccounts else { return kept.isEmpty ? [] : [kept] }
        var order: [Int] = []
        var units: [Int: [Int]] = [:]
        for index in kept {
            if units[jobs[index]] == nil { order.append(jobs[index]) }
            units[jobs[index], default: []].append(index)
        }
        return order.map { units[$0] ?? [] }
    }

    /// Requests of one task are of one job, and so are generates of an account that ask for the same.
    private static func jobs(of whole: PlayedBundle, _ requests: Int) -> [Int] {
        var parents = Array(0..<requests)
        func root(_ index: Int) -> Int {
            var index = index
            while parents[index] != index { index = parents[index] }
            return index
        }
        struct Tie: Hashable {
            var account: Int
            var kind: Int
            var value: UInt64
        }
        var ties: [Tie: Int] = [:]
        func tie(_ index: Int, _ tie: Tie) {
            if let other = ties[tie] {
                let (one, two) = (root(index), root(other))
                parents[max(one, two)] = min(one, two)
            } else {
                ties[tie] = index
            }
        }
        for index in whole.kept {
            guard let event = whole.events[index], let account = whole.account(of: index) else { continue }
            if let task = event.task { tie(index, Tie(account: account, kind: 0, value: UInt64(task))) }
            if event.operation == .generate, event.meaning != 0 {
                tie(index, Tie(account: account, kind: 1, value: event.meaning))
            }
        }
        return (0..<requests).map(root)
    }
}
