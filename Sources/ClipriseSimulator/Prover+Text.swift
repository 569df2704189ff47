internal import ClipriseClient
internal import ClipriseWire

extension Prover {
    package func text(_ result: Result) -> String {
        let states = FigureText.grouped(Int64(result.states))
        let kinds = SearchedFault.all.count
        let space =
            "every schedule of at most \(faults) of \(kinds) kinds of faults, waits at their shortest and at their longest"
        var text = ""
        if let found = result.counterexample {
            text +=
                "\(policy.name): up to \(found.doubleCharged) credits are charged twice. Tried: \(space), in \(states) "
                + "states.\n\nBy \(DecimalText.count(found.faults, "fault")):\n\(Self.lines(found))"
        } else {
            text += "\(policy.name): 0 double charges in \(states) states: \(space).\n"
        }
        if let worst = result.worst, worst != result.counterexample {
            text +=
                "\nThe most that is lost: \(DecimalText.count(worst.lost, "credit"))"
                + (worst.neverFetched > 0 ? " (\(worst.neverFetched) for what was never fetched)" : "")
                + ", by \(DecimalText.count(worst.faults, "fault")):\n\(Self.lines(worst))"
        } else if result.worst == nil {
            text += "No credits are lost in any other way either.\n"
        }
        return text
    }

    private static func lines(_ outcome: Outcome) -> String {
        outcome.steps.enumerated().map { index, step in
            "  \(index + 1). \(step.operation.rawValue)\(step.fault.map { "  ← \($0.what)" } ?? "")\n"
        }.joined()
    }

    package func json(_ result: Result) -> String {
        let line = JSONWriter.line { writer in
            writer.member("policy", policy.name)
            writer.member("faults", faults)
            writer.member("kinds", SearchedFault.all.count)
            writer.member("states", result.states)
            writer.member("schedules", result.schedules)
            writer.member("double_charged", result.counterexample?.doubleCharged ?? 0)
            Self.write(result.counterexample, as: "counterexample", to: &writer)
            writer.member("lost", result.worst?.lost ?? 0)
            Self.write(result.worst, as: "worst", to: &writer)
        }
        return String(decoding: line, as: UTF8.self)
    }

    private static func write(_ outcome: Outcome?, as key: StaticString, to writer: inout JSONWriter) {
        guard let outcome else { return writer.member(key, json: "null") }
        writer.member(key) { writer in
            writer.member("double_charged", outcome.doubleCharged)
            writer.member("never_fetched", outcome.neverFetched)
            writer.member("requests", objects: outcome.steps) { writer, step in
                writer.member("operation", step.operation.rawValue)
                if let fault = step.fault { writer.member("fault", fault.title) }
            }
        }
    }
}
