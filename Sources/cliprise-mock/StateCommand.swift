internal import ArgumentParser
internal import ClipriseAdmin
internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseHTTP
internal import ClipriseState
internal import ClipriseWire
internal import Glibc

struct StateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Check the money in a state file; turn one into a snapshot and back.",
        discussion: """
            A state file is what serve --state FILE keeps. No server may have it open meanwhile.

            Exit codes: 0 fine, 2 bad usage or a bad snapshot, 3 the file cannot be used, or the money in it does not \
            add up.

            examples:
              cliprise-mock state check mock.state
              cliprise-mock state export mock.state > snapshot.json
              cliprise-mock state import snapshot.json other.state
            """,
        subcommands: [Check.self, Export.self, Import.self])

    /// The most bytes of a snapshot.
    private static let snapshotLimit = 1 << 30

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Go through every page, task and movement of money in a state file.")

        @Argument(help: "The state file.", completion: .file())
        var file: String
        @OptionGroup var catalog: CatalogOption

        func run() throws {
            let state = try StateCommand.read(file, try catalog.load(), checksPages: true)
            let lines = [
                "accounts    \(state.accounts)",
                "tasks       \(state.tasks) (\(state.processing) processing)",
                "paid in     \(state.sum(\.paidIn)) credits",
                "captured    \(state.sum(\.captured))",
                "held        \(state.sum(\.held))",
                "available   \(state.sum(\.available))",
                "events      \(state.events)",
                "The money adds up: paid in = captured + held + available, and each task has its movements.",
            ]
            write(lines.joined(separator: "\n") + "\n", to: STDOUT_FILENO)
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Print a state file as the snapshot that POST /__admin/snapshot returns.")

        @Argument(help: "The state file.", completion: .file())
        var file: String
        @OptionGroup var catalog: CatalogOption

        func run() throws {
            let catalog = try catalog.load()
            let state = try StateCommand.read(file, catalog, checksPages: false)
            write(String(decoding: state.snapshot(catalog: catalog), as: UTF8.self), to: STDOUT_FILENO)
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import", abstract: "Make a state file from a snapshot.")

        @Argument(help: "A file with the snapshot, or - for standard input.", completion: .file())
        var snapshot: String
        @Argument(help: "The state file to make; one that has accounts is refused.", completion: .file())
        var file: String
        @Option(
            help: ArgumentHelp("A scenario that accounts follow, repeatable.", valueName: "file|name"),
            completion: .file())
        var scenario: [String] = []
        @OptionGroup var catalog: CatalogOption

        func run() throws {
            let catalog = try catalog.load()
            let worlds = try scenario.map {
                WorldScenario(try ScenarioInput($0).scenario, models: catalog.models.ids)
            }
            let text = try readFile(snapshot, of: [.snapshot], limit: StateCommand.snapshotLimit)
            let name = snapshot == "-" ? "standard input" : snapshot.printable
            let document: SnapshotDocument
            do throws(AdminProblem) {
                document = try SnapshotDocument(json: text)
            } catch {
                throw Failure.usage("\(name): is no snapshot: \(error.detail)")
            }
            let wall = MachineClock.wall
            // Before there is a file.
            let accounts: [Account]
            do throws(SnapshotBreach) {
                accounts = try document.restored(catalog: catalog, worlds: worlds, wall: wall)
            } catch {
                throw Failure.usage("\(name): cannot be restored: \(error.message)")
            }
            try StateCommand.reporting { () throws(StateError) in
                let target = try StateFile(file, catalog: catalog)
                defer { target.close() }
                let state = try target.load(catalog: catalog, worlds: worlds, journals: JournalKeeping(limit: 0))
                guard state.accounts == 0 else { throw target.occupied(state.accounts) }
                try target.fill(with: accounts, catalog: catalog, wall: wall)
            }
            let tasks = document.accounts.reduce(0) { $0 + $1.tasks.count }
            write(
                "\(DecimalText.count(document.accounts.count, "account")), \(DecimalText.count(tasks, "task"))\n",
                to: STDOUT_FILENO)
        }
    }

    fileprivate static func read(_ path: String, _ catalog: Catalog, checksPages: Bool) throws -> SavedState {
        try reporting { () throws(StateError) in
            let file = try StateFile(path, catalog: catalog, mustExist: true)
            defer { file.close() }
            if checksPages { try file.checkPages() }
            let journals = JournalKeeping(limit: checksPages ? .max : 0, areInFile: checksPages)
            return try file.load(catalog: catalog, worlds: [], journals: journals)
        }
    }

    fileprivate static func reporting<Result>(_ body: () throws(StateError) -> Result) throws -> Result {
        do throws(StateError) {
            return try body()
        } catch {
            throw Failure(code: .start, message: error.description)
        }
    }
}
