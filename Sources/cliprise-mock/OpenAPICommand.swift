public import ArgumentParser
internal import ClipriseEngine
internal import ClipriseOpenAPI
internal import ClipriseVersion
internal import ClipriseWire
internal import Glibc

struct OpenAPICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi",
        abstract: "Print the contract as a document: OpenAPI 3.1, a Postman collection or a .http file.",
        discussion: """
            Made from the catalogue: both operations, the input of every model, every answer, one example request for \
            each price. It is the contract of the service, not the admin API of the mock, whose document is at \
            /__admin/openapi.json.

            examples:
              cliprise-mock openapi > cliprise.openapi.json
              cliprise-mock openapi --profile later
              cliprise-mock openapi --format http > cliprise.http
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case openapi, postman, http
    }

    @OptionGroup var catalogOption: CatalogOption
    @Option(help: "Which edition to describe: documented, snapshot-2026-04-04 or later.")
    var profile = EngineSettings.Profile.documented
    @Option(help: "What to print: openapi, postman (collection 2.1) or http (a .http file).")
    var format = Format.openapi

    func run() throws {
        let catalog = try catalogOption.load()
        let text =
            switch format {
            case .openapi: ContractDocument(catalog, profile, version: Version.number).tree.pretty
            case .postman: RequestFiles(catalog).postman.pretty
            case .http: RequestFiles(catalog).http
            }
        write(text, to: STDOUT_FILENO)
    }
}

extension EngineSettings.Profile: ExpressibleByArgument {}
