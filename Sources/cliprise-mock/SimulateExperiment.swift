internal import ArgumentParser
internal import ClipriseClient
internal import ClipriseServer
internal import ClipriseSimulator
internal import Glibc

extension SimulateCommand {
    /// Many seeds: of policies side by side, or of a grid.
    func runSeeds(_ seeds: Int, _ settings: FleetSettings, _ policies: [RetryPolicy], _ plot: PlotTarget?) throws {
        guard record == nil else { throw Failure(code: .usage, message: "--record records one run, of one seed") }
        let axes = try axes()
        guard goal.isEmpty || !axes.isEmpty else { throw Failure(code: .usage, message: "--goal is for a --sweep") }
        guard axes.isEmpty || !strict else {
            throw Failure(code: .usage, message: "--strict is for policies as they are, not for a --sweep")
        }
        let plan = Experiment.Plan(
            seeds: seeds, factor: vary ?? (axes.isEmpty ? 1 : 2),
            goals: try goals(axes.isEmpty ? ["p95", "waste"] : ["p95"]), policies: policies, axes: axes,
            arrival: arrivalName, version: Service.version)
        let shard = try shard.map { try Shard($0) }
        guard shard == nil || (json && plot == nil && !strict) else {
            throw Failure(code: .usage, message: "--shard prints a part for simulate merge: give --json, and no report")
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
        do {
            let parts = try files.map { (file: $0, text: try readFile($0, limit: Experiment.byteLimit)) }
            try show(try Experiment.merge(parts), plot)
        } catch let error as ShardError {
            throw Failure(code: .usage, message: error.description)
        }
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
