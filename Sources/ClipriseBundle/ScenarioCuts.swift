package import ClipriseScenario

/// Leaves out of a scenario what is not needed for something to fail.
package enum ScenarioCuts {
    /// The scenario with the fewest task rules, rules and faults within plans that `fails` still accepts.
    ///
    /// For a client's command, `fails` runs it and looks at its exit code.
    ///
    /// - Parameter tries: Counted down with each question; at 0 the best so far is the answer.
    package static func minimise(
        _ scenario: Scenario, tries: inout Int, _ fails: (Scenario) throws -> Bool
    ) rethrows -> Scenario {
        var scenario = scenario
        scenario.rules = try DeltaDebugging.minimise(scenario.rules, tries: &tries) { rules in
            var smaller = scenario
            smaller.rules = rules
            return try fails(smaller)
        }
        scenario.tasks = try DeltaDebugging.minimise(scenario.tasks, tries: &tries) { tasks in
            var smaller = scenario
            smaller.tasks = tasks
            return try fails(smaller)
        }
        for index in scenario.rules.indices {
            guard case .plan(let faults, let repeats) = scenario.rules[index].act else { continue }
            // A fault becomes a pass, so that those behind it keep their turn.
            let places = faults.indices.filter { faults[$0] != nil }
            let kept = try DeltaDebugging.minimise(places, tries: &tries) { places in
                let smaller = with(places, of: faults, repeats, at: index, in: scenario)
                return try fails(smaller)
            }
            scenario = with(kept, of: faults, repeats, at: index, in: scenario)
        }
        if scenario.capacity != nil, tries > 0 {
            var smaller = scenario
            smaller.capacity = nil
            tries -= 1
            if try fails(smaller) { scenario = smaller }
        }
        return scenario
    }

    private static func with(
        _ places: [Int], of faults: [Fault?], _ repeats: Bool, at index: Int, in scenario: Scenario
    ) -> Scenario {
        let kept = Set(places)
        var cut = faults.indices.map { kept.contains($0) ? faults[$0] : nil }
        if !repeats { while cut.count > 1, cut[cut.count - 1] == nil { cut.removeLast() } }
        var scenario = scenario
        scenario.rules[index].act = .plan(cut, repeats: repeats)
        return scenario
    }

    /// Faults in rules and outcomes of task rules.
    package static func faultCount(_ scenario: Scenario) -> Int {
        scenario.tasks.count { $0.outcome != nil }
            + scenario.rules.reduce(0) { sum, rule in
                switch rule.act {
                case .fault, .chance: sum + 1
                case .plan(let faults, _): sum + faults.count { $0 != nil }
                }
            }
    }
}
