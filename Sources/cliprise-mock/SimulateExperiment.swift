internal import ArgumentParser
internal import ClipriseCharts
internal import ClipriseClient
internal import ClipriseServer
internal import ClipriseSimulator
internal import Glibc

extension SimulateCommand {
    /// Several fleets on one service, side by side in one run.
    func runFleets(_ settings: FleetSettings, _ plot: PlotTarget?) throws {
        guard clients == nil, policy.isEmpty, seeds == nil, sweep.isEmpty, goal.isEmpty, record == nil, hunt == nil,
            report.isEmpty,
            vary == nil, shard == nil
        else {
            throw Failure.usage(
                "--fleet names clients and policies of one run: no --clients, --policy, --seeds, --sweep, --record, --hunt"
            )
        }
        let groups = try fleet.map { text in
            let (name, clients, policy) = try FleetGroup.read(text)
            return FleetGroup(name: name ?? policy, clients: clients, policy: try PolicyInput.load(policy))
        }
        for (index, group) in groups.enumerated() where groups[..<index].contains(where: { $0.name == group.name }) {
            throw FleetError.badFleet(
                fleet[index], reason: "\"\(group.name)\" is a fleet already; give this one name=…")
        }
        var settings = settings
        settings.clients = groups.reduce(0) { $0 + $1.clients }
        if strict, graded == nil, settings.clients > 10_000 {
            throw Failure.usage("--strict judges all accounts, at most 10000: give --graded COUNT")
        }
        let progress = ProgressBar()
        let results = try FleetRun.run(settings, groups: groups, progress: progress.show)
        progress.clear()
        try show(Comparison(settings, results, arrival: arrivalName, version: Service.version), plot)
    }

    /// Many seeds: of policies side by side, or of a grid.
    func runSeeds(_ seeds: Int, _ settings: FleetSettings, _ policies: [RetryPolicy], _ plot: PlotTarget?) throws {
        guard record == nil else { throw Failure.usage("--record records one run, of one seed") }
        let axes = try axes()
        guard goal.isEmpty || !axes.isEmpty else { throw Failure.usage("--goal is for a --sweep") }
        guard axes.isEmpty || !strict else {
            throw Failure.usage("--strict is for policies as they are, not for a --sweep")
        }
        let plan = Experiment.Plan(
            seeds: seeds, factor: vary ?? (axes.isEmpty ? 1 : 2),
            goals: try goals(axes.isEmpty ? ["p95", "waste"] : ["p95"]), policies: policies, axes: axes,
            arrival: arrivalName, version: Service.version)
        let shard = try shard.map { try Shard($0) }
        guard shard == nil || (json && plot == nil && !strict) else {
            throw Failure.usage("--shard prints a part for simulate merge: give --json, and no report")
        }
        let progress = ProgressBar()
        let experiment = try Experiment.run(settings, plan, shard: shard, progress: progress.show)
        progress.clear()
        if let shard { return write(String(decoding: experiment.part(shard), as: UTF8.self), to: STDOUT_FILENO) }
        try show(experiment, plot)
    }

    /// Puts the parts of all shards together, and shows what one run would have shown.
    func merge() throws {
        let plot = try plot.map { try PlotTarget($0) }
        let parts = try files.map { (file: $0, text: try readFile($0, of: [.shard], limit: Experiment.byteLimit)) }
        try show(try Experiment.merge(parts), plot)
    }

    private func show(_ experiment: Experiment, _ plot: PlotTarget?) throws {
        try plot?.write(page: experiment.html, picture: experiment.svg)
        write(
            json
                ? String(decoding: experiment.json, as: UTF8.self) : csv ? experiment.csv : experiment.table,
            to: STDOUT_FILENO)
        if strict, experiment.failed { throw ExitCode(1) }
    }
}
