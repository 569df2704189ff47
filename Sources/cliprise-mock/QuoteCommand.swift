internal import ArgumentParser
internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseJSON
internal import ClipriseWire
internal import Glibc

struct QuoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quote",
        abstract: "Check and price a generate body without a server.",
        discussion: """
            Prints what the server would take for the body, and every warning. A body that the server would refuse is \
            answered with the very bytes of the refusal, and exit code 1.

            examples:
              cliprise-mock quote body.json
              echo '{"model":"z-image", …}' | cliprise-mock quote - --json
            """)

    @Argument(help: "A file with the JSON body, or - for standard input.", completion: .file())
    var file: String
    @OptionGroup var catalogOption: CatalogOption
    @Option(
        help: ArgumentHelp(
            "Which edition to imitate: documented, snapshot-2026-04-04, later, or a file of conformance.",
            valueName: "profile"))
    var profile = ProfileOption(.documented)
    @Option(
        help: ArgumentHelp(
            "A model beyond the catalogue: refuse it, or take it at no price. (default: refuse; warn with later)",
            valueName: "refuse|warn"))
    var unknownModel: UnknownModel?
    @Flag(help: "Refuse what only upstream or we would refuse; otherwise that is a warning.")
    var strict = false
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let body = try readBytes(file)
        var settings = EngineSettings(isStrict: strict)
        try profile.apply(to: &settings)
        var catalog = try catalogOption.load()
        if (unknownModel ?? .usual(settings.profile)) == .warn {
            settings.takesAnyModel = true
            catalog = try catalog.takingAnyModel()
        }
        let engine = Engine(settings: settings, catalog: catalog)
        switch engine.order(body) {
        case .success(let order):
            let model = engine.catalog.models[order.model]
            write(json ? jsonQuote(order, model) : textQuote(order, model), to: STDOUT_FILENO)
        case .failure(let refusal):
            write(refused(refusal.decision, body), to: STDERR_FILENO)
            if case .plan(let plan) = refusal.decision.answer, case .plain(let bytes) = plan.body {
                write(
                    Printable.lines(String(decoding: bytes, as: UTF8.self)) + (bytes.isEmpty ? "" : "\n"),
                    to: STDOUT_FILENO)
            }
            throw ExitCode(Failure.Code.refused.rawValue)
        }
    }

    private func textQuote(_ order: Order, _ model: Model) -> String {
        let row = model.price.rows[order.row]
        var text = "\(model.id): \(DecimalText.count(order.credits, "credit"))"
        if order.multiplier > 1 { text += " (\(order.multiplier) × \(row.credits))" }
        text += "\n  row   \(row.unit) [\(row.from.rawValue)]\n  makes \(made(order.shape))\n"
        for warning in order.warnings { text += "  warning: \("\(warning)".printable)\n" }
        return text
    }

    private func made(_ shape: ResultShape) -> String {
        var parts: [String] = []
        if shape.count > 1 { parts.append("\(shape.count) ×") }
        parts.append(shape.form.rawValue)
        if shape.width > 0 { parts.append("\(shape.width)×\(shape.height)") }
        if shape.seconds > 0 { parts.append("\(shape.seconds) s") }
        if shape.hasSound { parts.append("with sound") }
        return parts.joined(separator: " ")
    }

    private func jsonQuote(_ order: Order, _ model: Model) -> String {
        let row = model.price.rows[order.row]
        let json = JSONWriter.line(isShown: true) { writer in
            writer.member("model", model.id)
            writer.member("credits", order.credits)
            writer.member("row", row.unit)
            writer.member("provenance", row.from.rawValue)
            writer.member("warnings", objects: order.warnings) { writer, warning in
                writer.member("key", warning.key)
                writer.member("problem", warning.problem)
                writer.member("provenance", warning.from.rawValue)
            }
        }
        return String(decoding: json, as: UTF8.self)
    }

    /// For people: the clause, the reason, and the place of a syntax error.
    private func refused(_ decision: Decision, _ body: [UInt8]) -> String {
        guard case .plan(let plan) = decision.answer else { return "" }
        let place = decision.event.clause == .gen2 ? JSONLocator(body).firstError() : nil
        let reason = decision.event.hint.map { ": \($0.printable)" } ?? ""
        let at = place.map { "\(file == "-" ? "standard input" : file.printable):\($0): " } ?? ""
        return "\(at)refused with HTTP \(plan.status) [\(decision.event.clause?.rawValue ?? "")]\(reason)\n"
    }
}
