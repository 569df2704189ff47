internal import ClipriseClient
internal import ClipriseWire

extension Prover {
    /// The result for people.
    package func text(_ result: Result) -> String {
        let states = FigureText.grouped(Int64(result.states))
        let kinds = SearchedFault.all.count
        let space =
            "every schedule of at most \(faults) of \(kinds) kinds of faults, waits at their shortest and at their longest"
        var text = ""
        if let found = result.counterexample {
            text +=
                "\(policy.name): up to \(found.doubleCharged) credits are charged twice. Tried: \(space), in \(states) "
                + "states.\n\nBy \(Self.count(found.faults, "fault")):\n\(Self.lines(found))"
        } else {
            text += "\(policy.name): 0 double charges in \(states) states: \(space).\n"
        }
        if let worst = result.worst, worst != result.counterexample {
            text +=
                "\nThe most that is lost: \(worst.lost) credits"
                + (worst.neverFetched > 0 ? " (\(worst.neverFetched) for what was never fetched)" : "")
                + ", by \(Self.count(worst.faults, "fault")):\n\(Self.lines(worst))"
        } else if result.worst == nil {
            text += "No credits are lost in any other way either.\n"
        }
        return text
    }

    private static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

    private static func lines(_ outcome: Outcome) -> String {
        outcome.steps.enumerated().map { index, step in
            "  \(index + 1). \(step.operation.rawValue)\(step.fault.map { "  ← \($0.what)" } ?? "")\n"
        }.joined()
    }

    /// The result for programs.
    package func json(_ result: Result) -> String {
        var line = JSONLine()
        line.text("policy", policy.name)
        line.number("faults", Int64(faults))
        line.number("kinds", Int64(SearchedFault.all.count))
        line.number("states", Int64(result.states))
        line.number("schedules", Int64(result.schedules))
        line.number("double_charged", result.counterexample?.doubleCharged ?? 0)
        line.raw("counterexample", result.counterexample.map(Self.json) ?? "null")
        line.number("lost", result.worst?.lost ?? 0)
        line.raw("worst", result.worst.map(Self.json) ?? "null")
        return line.object + "\n"
    }

    private static func json(_ outcome: Outcome) -> String {
        var line = JSONLine()
        line.number("double_charged", outcome.doubleCharged)
        line.number("never_fetched", outcome.neverFetched)
        line.list(
            "requests",
            outcome.steps.map { step in
                var object = JSONLine()
                object.text("operation", step.operation.rawValue)
                if let fault = step.fault { object.text("fault", fault.title) }
                return object.object
            })
        return line.object
    }
}
