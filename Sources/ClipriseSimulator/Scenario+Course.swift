internal import ClipriseScenario
internal import ClipriseWire

extension Scenario {
    /// Whether no task ends by the number of its polls, or shows an end that is none.
    var livesByClock: Bool {
        func isByPolls(_ fault: TaskFault?) -> Bool {
            if case .flap = fault { return true }
            return false
        }
        let flaps = rules.contains { rule in
            let faults: [Fault?] =
                switch rule.act {
                case .fault(let fault), .chance(_, let fault): [fault]
                case .plan(let faults, repeats: _): faults
                }
            return faults.contains { fault in
                if case .task(.flap) = fault?.kind { return true }
                return false
            }
        }
        return !flaps
            && !tasks.contains { task in
                if case .polls = task.life { return true }
                return isByPolls(task.outcome)
            }
    }

    /// From the beginning of the first window in which a rule acts to the end of the last, in nanoseconds; nil when no
    /// rule has a window.
    var outage: Range<Int64>? {
        let windows = rules.compactMap(\.during)
        guard let start = windows.map(\.from.nanoseconds).min(),
            let end = windows.map({ $0.from.nanoseconds &+ $0.length.nanoseconds }).max()
        else { return nil }
        return start..<end
    }
}
