internal import ClipriseJSON
internal import ClipriseWire

/// Why parts of an experiment cannot be put together.
package enum ShardError: Error, Sendable, Hashable, CustomStringConvertible {
    case notShard(file: String, reason: String)
    case otherExperiment(file: String, first: String)
    case twice(file: String, trial: Int)
    case missing(trials: Int, of: Int)
    case none

    package var description: String {
        switch self {
        case .notShard(let file, let reason):
            "\(file.printable): is no part of an experiment, as simulate --shard I/N --json prints it: \(reason)"
        case .otherExperiment(let file, let first):
            "\(file.printable): is a part of another experiment than \(first.printable): give all shards the same "
                + "scenario, options and version"
        case .twice(let file, let trial): "\(file.printable): run \(trial) stands in an earlier file too"
        case .missing(let trials, let all):
            "missing: \(trials) of \(DecimalText.count(all, "run")): give the files of all shards"
        case .none: "name the files of all shards: simulate merge FILE…"
        }
    }
}

extension Experiment {
    private static let format = "cliprise-mock/experiment/v1"
    /// The most bytes of a part that is read.
    package static let byteLimit = 256 << 20

    /// The runs of a shard as one JSON document; numbers are written so that they are read back to the bit.
    package func part(_ shard: Shard) -> [UInt8] {
        JSONWriter.line { writer in
            writer.member("experiment", Self.format)
            writer.member("shard", shard.text)
            writer.member("head", object: head.write)
            let known = trials.enumerated().compactMap { index, trial in trial.map { (index, $0) } }
            writer.member("trials", objects: known) { writer, known in
                let (index, trial) = known
                writer.member("trial", index)
                writer.member("figures", array: trial.figures) { $0.raw(Self.number($1).utf8) }
                writer.member("goals", array: trial.goals) { $0.raw(Self.number($1).utf8) }
                writer.member("failed", texts: trial.failed)
                writer.member("broken", trial.isBroken)
            }
        }
    }

    static func number(_ number: Double?) -> String { number.map { "\($0)" } ?? "null" }

    /// Puts the parts of all shards together, in any order.
    package static func merge(_ parts: [(file: String, text: [UInt8])]) throws(ShardError) -> Experiment {
        guard let first = parts.first else { throw .none }
        var merged: Experiment?
        for part in parts {
            let (head, trials) = try read(part.text, file: part.file)
            var whole = merged ?? Experiment(head: head, trials: Array(repeating: nil, count: head.trialCount))
            guard whole.head == head else { throw .otherExperiment(file: part.file, first: first.file) }
            for (index, trial) in trials {
                guard whole.trials[index] == nil else { throw .twice(file: part.file, trial: index) }
                whole.trials[index] = trial
            }
            merged = whole
        }
        guard let merged else { throw .none }
        let missing = merged.trials.count { $0 == nil }
        guard missing == 0 else { throw .missing(trials: missing, of: merged.trials.count) }
        return merged
    }

    private static func read(
        _ text: [UInt8], file: String
    ) throws(ShardError) -> (head: Head, trials: [(Int, Trial)]) {
        guard text.count <= byteLimit else {
            throw .notShard(file: file, reason: "larger than \(byteLimit >> 20) MiB")
        }
        let outcome: Result<(head: Head, trials: [(Int, Trial)]), JSONError>
        do throws(ShardReading) {
            outcome = try withJSON(text) { (json) throws(ShardReading) in try Self.part(json) }
        } catch {
            throw .notShard(file: file, reason: error.reason)
        }
        switch outcome {
        case .success(let part): return part
        case .failure(let error): throw .notShard(file: file, reason: error.cause(in: text))
        }
    }

    private static func part(_ json: JSONValue) throws(ShardReading) -> (head: Head, trials: [(Int, Trial)]) {
        guard json.member("experiment")?.string == format else {
            throw ShardReading("expected \"experiment\": \"\(format)\"")
        }
        guard let head = json.member("head") else { throw ShardReading("head is missing") }
        let known = try Head(head)
        var trials: [(Int, Trial)] = []
        if let list = json.member("trials") {
            for trial in list.elements { trials.append(try Self.trial(trial, known)) }
        }
        return (known, trials)
    }

    /// Of a figure, so that sums and spans of a thousand of them are numbers.
    private static let largest = 1e18

    private static func trial(_ json: JSONValue, _ head: Head) throws(ShardReading) -> (Int, Trial) {
        guard let index = json.member("trial")?.integer, index >= 0, index < head.trialCount else {
            throw ShardReading("trial: expected a number below \(head.trialCount)")
        }
        func numbers(_ key: String, count: Int) throws(ShardReading) -> [Double?] {
            let numbers = json.member(key)?.elements.map { $0.number } ?? []
            guard numbers.count == count, numbers.allSatisfy({ $0 == nil || abs($0 ?? 0) <= largest }) else {
                throw ShardReading("\(key): expected \(count) numbers, none beyond 1e18")
            }
            return numbers
        }
        guard let isBroken = json.member("broken")?.boolean else { throw ShardReading("broken is missing") }
        return (
            Int(index),
            Trial(
                figures: try numbers("figures", count: Figure.allCases.count),
                goals: try numbers("goals", count: head.goals.count),
                failed: json.member("failed")?.elements.compactMap { $0.string } ?? [], isBroken: isBroken)
        )
    }
}

/// What is wrong within a part of an experiment.
struct ShardReading: Error {
    var reason: String
    init(_ reason: String) { self.reason = reason }
}

extension Experiment.Head {
    func write(to writer: inout JSONWriter) {
        writer.member("scenario", fleet.scenario)
        writer.member("about", fleet.about)
        writer.member("scenario_hash", fleet.scenarioHash.hex)
        writer.member("version", fleet.version)
        fleet.writeLoad(to: &writer)
        writer.member("first_seed", "\(firstSeed)")
        writer.member("seeds", seeds)
        writer.member("held_out", heldOut)
        writer.member("vary", json: "\(factor)")
        writer.member("axes", texts: axes)
        writer.member("goals", texts: goals.map(\.rawValue))
        writer.member("settings", objects: settings) { writer, setting in
            writer.member("name", setting.name)
            writer.member("values", texts: setting.values)
        }
    }

    fileprivate init(_ json: JSONValue) throws(ShardReading) {
        func text(_ key: String) throws(ShardReading) -> String {
            guard let text = json.member(key)?.string else { throw ShardReading("head.\(key): expected text") }
            return text
        }
        func number(_ key: String, _ range: ClosedRange<Int64>) throws(ShardReading) -> Int64 {
            guard let number = json.member(key)?.integer, range.contains(number) else {
                throw ShardReading("head.\(key): expected a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        let (scenario, about) = (try text("scenario"), try text("about"))
        guard let hash = UInt64(try text("scenario_hash"), radix: 16), let seed = UInt64(try text("first_seed")) else {
            throw ShardReading("head: expected a hash and a seed")
        }
        firstSeed = seed
        fleet = FleetOutline(
            scenario: scenario, about: about, scenarioHash: hash, version: try text("version"),
            clients: Int(try number("clients", 1...1_000_000)), arrival: try text("arrival"),
            arrivalLength: try number("arrival_ns", 0...FleetSettings.lengthLimit.nanoseconds),
            jobMix: try text("jobs"), sharesAccount: json.member("shared_account")?.boolean ?? false)
        seeds = Int(try number("seeds", 1...1_000))
        heldOut = Int(try number("held_out", 0...Int64(seeds / 2)))
        guard let factor = json.member("vary")?.number, Variation.factors.contains(factor) else {
            throw ShardReading("head.vary: expected a factor")
        }
        self.factor = factor
        axes = json.member("axes")?.elements.compactMap { $0.string } ?? []
        goals = json.member("goals")?.elements.compactMap { $0.string.flatMap(Goal.init(rawValue:)) } ?? []
        settings = (json.member("settings")?.elements.map { $0 } ?? []).map { setting in
            Experiment.Setting(
                name: setting.member("name")?.string ?? "",
                values: setting.member("values")?.elements.compactMap { $0.string } ?? [])
        }
        let isGrid = !axes.isEmpty
        guard !goals.isEmpty, !settings.isEmpty, settings.count <= Sweep.limit + 1,
            isGrid || settings.count <= Comparison.policyLimit,
            settings.dropFirst().allSatisfy({ $0.values.count == (isGrid ? axes.count : 0) }),
            seeds * settings.count <= Experiment.trialLimit
        else { throw ShardReading("head: goals, axes and settings do not belong together") }
    }
}
