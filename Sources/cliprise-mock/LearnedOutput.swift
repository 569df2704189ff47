internal import ClipriseConformance
internal import ClipriseProxy
internal import ClipriseWire

/// The files that a run of `proxy` leaves, by the name of its scenario.
struct LearnedOutput {
    /// The most bytes of a record that is read.
    static let recordLimit = 512 << 20

    let scenario: String

    init(_ scenario: String) { self.scenario = scenario }

    /// The path without the ending of a scenario.
    private var stem: String {
        for ending in [".yaml", ".yml", ".json"] where scenario.hasSuffix(ending) && scenario.count > ending.count {
            return String(scenario.dropLast(ending.count))
        }
        return scenario
    }

    var profile: String { stem + ".profile.json" }
    var exchanges: String { stem + ".exchanges.jsonl" }

    /// The scenario's name: the last part of the path.
    var name: String { stem.split(separator: "/").last.map { String($0.prefix(100)) } ?? "live" }

    /// Fails when any of the files could not be written.
    func check() throws {
        for path in [scenario, profile, exchanges] { try checkWritable(path) }
    }

    /// Writes all but the scenario.
    func write(_ files: LearnedFiles, _ run: SeenRun) throws {
        try writeFile(Array(files.profile.text.utf8), to: profile, isPrivate: true)
        try writeFile(run.header + run.exchanges.flatMap(\.line), to: exchanges, isPrivate: true)
    }

    /// What was written, and how to play it.
    func words(_ run: SeenRun) -> String {
        let count = DecimalText.count(run.exchanges.count, "exchange")
        return """
            recorded \(count) in \(scenario.printable), \(profile.printable) and \(exchanges.printable); \
            play them with: cliprise-mock serve --scenario \(Self.quoted(scenario)) --profile \(Self.quoted(profile))

            """
    }

    /// A path as a shell takes it.
    private static func quoted(_ path: String) -> String {
        let isPlain = path.utf8.allSatisfy { $0.isASCIIAlphanumeric || "/._-+,:".utf8.contains($0) }
        return isPlain ? path : ShellWord.quoted(path).printable
    }
}
