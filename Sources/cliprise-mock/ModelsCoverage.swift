internal import ArgumentParser
internal import ClipriseCatalog
internal import ClipriseConformance
internal import ClipriseEngine
internal import ClipriseJSON
internal import ClipriseOpenAPI
internal import ClipriseWire
internal import Glibc

extension ModelsCommand {
    struct Coverage: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "coverage", abstract: "Count what each source says of each model, and how much is ours.",
            discussion: """
                Every statement counts: what a parameter may be, what a row costs, what selects it. SURE is the share \
                that the published reference states; the rest is from later editions, upstream, or assumed.

                With the profile file of a conformance run it also says what that run found of the contract.

                examples:
                  cliprise-mock models coverage
                  cliprise-mock models coverage --verified live.json
                """)

        @OptionGroup var catalogOption: CatalogOption
        @Option(
            help: ArgumentHelp("A file that conformance --write-profile wrote.", valueName: "file"), completion: .file()
        )
        var verified: String?
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let catalog = try catalogOption.load()
            let counts = zip(catalog.models.ids, catalog.sources).map { (id: $0, count: StatementCount($1)) }
            let profile = try loadProfile(verified)
            write(json ? tree(counts, profile).pretty : text(counts, profile), to: STDOUT_FILENO)
        }

        private func text(_ counts: [(id: String, count: StatementCount)], _ profile: ProfileFile?) -> String {
            let verified = profile == nil ? [] : ["VERIFIED"]
            var table = TextTable(
                header: ["MODEL"] + Provenance.allCases.map { $0.rawValue.uppercased() } + ["SURE"] + verified)
            table.rightAligned = [1, 2, 3, 4, 5]
            var total = StatementCount()
            for (id, count) in counts {
                table.rows.append(row(id, count) + (profile.map { [$0.found.words(for: id) ?? ""] } ?? []))
                total.add(count)
            }
            table.rows.append(row("all", total) + (profile == nil ? [] : [""]))
            guard let profile else { return table.text() }
            return table.text() + "\n" + profile.found.line + "\n"
        }

        private func row(_ id: String, _ count: StatementCount) -> [String] {
            [id] + Provenance.allCases.map { "\(count.of($0))" } + ["\(count.sure) %"]
        }

        private func tree(_ counts: [(id: String, count: StatementCount)], _ profile: ProfileFile?) -> JSONTree {
            var tree: JSONTree = [
                "models": .list(
                    counts.map { id, count in
                        var item: JSONTree = ["model": .text(id)]
                        for from in Provenance.allCases { item[from.rawValue] = .number(Double(count.of(from))) }
                        if let found = profile?.found.models[id] {
                            item["verified"] = .object(
                                found.map { .init(key: $0.clause, value: .text($0.verdict)) })
                        }
                        return item
                    })
            ]
            if let profile {
                tree["verified"] = [
                    "day": .text(profile.found.day), "server": .text(profile.found.server),
                    "clauses": .object(profile.found.clauses.map { .init(key: $0.clause, value: .text($0.verdict)) }),
                ]
            }
            return tree
        }
    }
}

/// How many statements of a model's file come from each source.
struct StatementCount {
    private var counts: [Provenance: Int] = [:]

    init() {}

    /// - Parameter source: A file of the catalogue.
    init(_ source: [UInt8]) { _ = withJSON(source) { note($0) } }

    /// A group of facts stands under its source; beside any other statement a key that ends with `from` names it.
    private mutating func note(_ json: JSONValue) {
        for element in json.elements { note(element) }
        for member in json.members {
            let (key, value) = (String(decoding: member.key, as: UTF8.self), member.value)
            if let from = Provenance(rawValue: key), value.isObject {
                counts[from, default: 0] += value.members.count { !$0.key.equals("note") }
            } else if key.hasSuffix("from"), let from = value.string.flatMap(Provenance.init) {
                counts[from, default: 0] += 1
            } else {
                note(value)
            }
        }
    }

    func of(_ from: Provenance) -> Int { counts[from] ?? 0 }

    mutating func add(_ other: StatementCount) { counts.merge(other.counts, uniquingKeysWith: +) }

    /// The share of documented statements, in whole percent.
    var sure: Int {
        let all = counts.values.reduce(0, +)
        return all == 0 ? 0 : of(.documented) * 100 / all
    }
}
