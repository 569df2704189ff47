internal import ClipriseWire

/// What a file says about its origin in its own format; each text at most 128 characters.
struct Metadata {
    static let maker = "made by cliprise-mock"

    var model: String
    var prompt: String
    var taskID: String

    init(_ spec: ResultSpec) {
        model = String(spec.model.prefix(128))
        prompt = String(spec.prompt.prefix(128))
        taskID = String(spec.taskID.prefix(128))
    }

    /// All of it in one line, for formats with one comment.
    var line: String { "\(Self.maker); model \(model); task \(taskID)" }
}
