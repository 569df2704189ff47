internal import ArgumentParser
internal import ClipriseBundle
internal import ClipriseReport
internal import ClipriseScenario
internal import ClipriseServer
internal import ClipriseSimulator
internal import ClipriseWire

extension SimulateCommand {
    /// One run that is recorded, or reported as `exec` reports, or both.
    func runJudged(_ settings: FleetSettings, _ input: ScenarioInput, _ plot: PlotTarget?) throws {
        guard policy.count == 1 else {
            throw Failure.usage(
                record != nil
                    ? "--record records one run: give --policy once" : "--report shows one run: give --policy once")
        }
        if let record { try checkWritable(record) }
        let reports = try OpenReport.all(report, beside: [record, self.plot])
        var bundle: [UInt8] = []
        let recording = FleetRun.Recording(
            version: Service.version, scenario: .init(name: input.name, text: input.text),
            origin: Bundle.Origin(.simulate, again)
        ) { bundle += $0 }
        let progress = ProgressBar()
        let run = try FleetRun.judge(
            settings, policy: try PolicyInput.load(policy[0]), recording: record == nil ? nil : recording,
            progress: progress.show)
        progress.clear()
        if let record { try writeFile(bundle, to: record, isPrivate: true) }
        for open in reports { try open.write(run.report, run.views, journals: run.witnesses) }
        try show(Comparison(settings, [run.result], arrival: arrivalName, version: Service.version), plot)
    }

    /// The options that make the same run under another scenario.
    private var again: [String] {
        var words = ["--clients", "\(clientCount)"]
        func option(_ name: String, _ value: String?) { if let value { words += ["--\(name)", value] } }
        for policy in policy { option("policy", policy) }
        for share in jobs { option("jobs", share) }
        if arrival != "burst" { option("arrival", arrival) }
        option("arrivals", arrivals)
        option("from-log", fromLog)
        option("for", length)
        option("lives", lives)
        option("seed", seed.map(String.init))
        option("credits", credits.map(String.init))
        if sharedAccount { words.append("--shared-account") }
        if timeScale != 1 { option("time-scale", "\(timeScale)") }
        if profile != .documented { option("profile", profile.rawValue) }
        option("catalog", catalogOption.catalog)
        return words
    }

    /// The options that a bundle may have been made with; all others are not taken from it.
    private static let repeatable: Set = [
        "clients", "policy", "jobs", "arrival", "arrivals", "from-log", "for", "lives", "seed", "credits",
        "shared-account",
        "time-scale", "profile", "catalog",
    ]

    /// Runs the policy of a recorded run once more: whether this fails under a scenario.
    ///
    /// - Returns: Nil when the bundle does not say how it was made, or by what is not there any more.
    static func again(_ origin: Bundle.Origin?) -> Shrink.Again? {
        guard let origin, origin.program == .simulate,
            origin.arguments.allSatisfy({ !$0.hasPrefix("-") || repeatable.contains(String($0.dropFirst(2))) }),
            let command = try? SimulateCommand.parse(["again"] + origin.arguments + ["--graded", "10000"]),
            command.policy.count == 1, let policy = try? PolicyInput.load(command.policy[0]),
            let base = try? command.settings(Scenario())
        else { return nil }
        return Shrink.Again(clients: command.clientCount) { scenario, clients, title in
            var settings = base
            settings.scenario = scenario
            settings.clients = clients
            // As the scenario will be read from its file.
            settings.seedGoesFirst = command.seed != nil
            let report = try FleetRun.judge(settings, policy: policy).report
            return report.failed && report.verdicts.contains { $0.title == title && $0.outcome == .fail }
        }
    }
}

extension Bundle.Origin {
    /// The command that fails again with a scenario in a file, for people.
    ///
    /// - Parameter clients: Of `simulate`.
    func command(_ file: String, clients: Int?) -> String {
        var words = arguments
        if program == .simulate, let clients, words.count > 1, words[0] == "--clients" { words[1] = "\(clients)" }
        let rest = words.map(ShellWord.text).joined(separator: " ")
        return switch program {
        case .simulate: "cliprise-mock simulate \(file) \(rest) --strict"
        case .exec: "cliprise-mock exec --scenario \(file) -- \(rest)"
        }
    }
}
