public import ArgumentParser
internal import ClipriseCatalog
internal import ClipriseConformance
internal import ClipriseWire
internal import Glibc

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Show the catalogue: every model, parameter and price with its provenance.",
        subcommands: [List.self, Show.self, Coverage.self, Schema.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List all models (the default).",
            discussion: """
                example:
                  cliprise-mock models list --kind video
                """)

        @OptionGroup var catalogOption: CatalogOption
        @Option(help: "Only models of this kind: image, video or audio.")
        var kind: Model.Kind?
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let catalog = try catalogOption.load()
            let models = catalog.models.filter { kind == nil || $0.kind.value == kind }
            write(json ? jsonList(models) : table(models), to: STDOUT_FILENO)
        }

        private func table(_ models: [Model]) -> String {
            var table = TextTable(header: ["MODEL", "NAME", "KIND", "RESULT", "CREDITS", "TYPICAL", "PRICE FROM"])
            table.rightAligned = [4, 5]
            for model in models {
                table.rows.append([
                    model.id, model.name.value, model.kind.value.rawValue, model.result.value.rawValue,
                    model.priceRange, "\(model.typicalSeconds.value) s",
                    model.price.rows[0].from.rawValue,
                ])
            }
            return table.text()
                + "\n\(DecimalText.count(models.count, "model")); cliprise-mock models show MODEL shows the rest.\n"
        }

        private func jsonList(_ models: [Model]) -> String {
            JSONWriter.lines(models) { writer, model in
                writer.member("model", model.id)
                writer.member("name", model.name.value)
                writer.member("kind", model.kind.value.rawValue)
                writer.member("result", model.result.value.rawValue)
                writer.member("typicalSeconds", model.typicalSeconds.value)
                writer.member("per", model.price.unit.word)
                writer.member("prices", objects: model.price.rows) { writer, row in
                    writer.member("unit", row.unit)
                    writer.member("credits", row.credits)
                    writer.member("provenance", row.from.rawValue)
                }
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show one model with every fact and its provenance.",
            discussion: """
                examples:
                  cliprise-mock models show kling-3
                  mkdir -p my-catalog; cliprise-mock models show seedance-v1 --json > my-catalog/seedance-v1.json
                """)

        @Option(
            help: ArgumentHelp("A profile file: also says what conformance verified, and when.", valueName: "file"),
            completion: .file())
        var verified: String?
        @Argument(help: "The id of a model, or one of its routed ids.")
        var model: String
        @OptionGroup var catalogOption: CatalogOption
        @Flag(help: "Print the model's catalogue file; change it and serve it with --catalog.")
        var json = false

        func run() throws {
            let catalog = try catalogOption.load()
            guard let found = catalog.model(model), let index = catalog.models.ids.firstIndex(of: found.id)
            else {
                throw Failure.usage(
                    "\"\(model)\" is not in the catalogue\(meant(in: catalog)) (all: cliprise-mock models list)")
            }
            if json {
                write(String(decoding: catalog.sources[index], as: UTF8.self), to: STDOUT_FILENO)
            } else {
                let profile = try loadProfile(verified)
                var text = ModelPage(model: found, verified: profile?.found).text
                if let profile { text += profile.found.line + "\n" }
                write(text, to: STDOUT_FILENO)
            }
        }

        /// The nearest id, or those that begin with what was written, the shortest first.
        private func meant(in catalog: Catalog) -> String {
            let longer =
                model.isEmpty
                ? [] : catalog.models.ids.filter { $0.hasPrefix(model) }.sorted { $0.count < $1.count }
            let names = longer.isEmpty ? catalog.suggestion(for: model).map { [$0] } ?? [] : longer
            guard !names.isEmpty else { return "" }
            return "; did you mean " + names.map { "\"\($0)\"" }.joined(separator: " or ") + "?"
        }
    }
}

extension ModelsCommand {
    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema", abstract: "Print the JSON Schema of model files, for editors.",
            discussion: """
                Save it beside the folder of your model files, of which each .json is a model, and let each begin with
                  "$schema": "../model.schema.json",

                example:
                  cliprise-mock models schema > model.schema.json
                """)

        func run() { write(String(decoding: Model.schema, as: UTF8.self), to: STDOUT_FILENO) }
    }
}

extension Model {
    /// The least and the greatest price, as `8–22` or `22–44/s`.
    var priceRange: String {
        let prices = price.rows.map(\.credits)
        let (least, greatest) = (prices.min() ?? 0, prices.max() ?? 0)
        let range = least == greatest ? "\(least)" : "\(least)–\(greatest)"
        switch price.unit {
        case .task: return range
        case .second: return range + "/s"
        case .block(_, let characters): return range + "/\(characters / 1_000)K"
        }
    }
}

extension PriceRule.Unit {
    var word: String {
        switch self {
        case .task: "task"
        case .second: "second"
        case .block: "block"
        }
    }
}

extension Model.Kind: ExpressibleByArgument {}
