internal import ArgumentParser
internal import ClipriseClient
internal import Glibc

struct BodyOptions: ParsableArguments {
    @Option(help: "The model's id, such as qwen-image-2.")
    var model: String?
    @Option(help: "The prompt.")
    var prompt: String?
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "A field of input, or options.KEY=VALUE for one of options; the value is JSON, or else text. Repeatable.",
            valueName: "key=value"))
    var fields: [String] = []
    @Option(help: "A JSON file that is sent as it is, - for standard input.", completion: .file())
    var file: String?
    @Option(
        name: .customLong("callback-url"),
        help: "An https URL; the service stores it and need not call it. CLIPRISE_CALLBACK_URL otherwise.")
    var callbackURL: String?
    @Flag(
        help: "After a lost answer send the request again. It may be charged twice."
    )
    var resendUnknown = false

    private static let limit = 16 << 20

    func request() throws -> GenerateRequest {
        if let file {
            guard model == nil, prompt == nil, fields.isEmpty, callbackURL == nil else {
                throw Failure(
                    message: "--file is the whole request; --model, --prompt, --set and --callback-url make one")
            }
            return GenerateRequest(rawJSON: try Self.read(file))
        }
        guard let model else { throw Failure(message: "say what to make: --model (and --prompt, --set), or --file") }
        var input: [RequestField] = []
        var options: [RequestField] = []
        if let prompt { input.append(RequestField("prompt", .string(prompt))) }
        for field in fields {
            guard let equals = field.firstIndex(of: "="), equals > field.startIndex else {
                throw Failure(message: "--set \(field): give key=value, such as --set image_size=16:9")
            }
            let key = String(field[..<equals])
            let text = String(field[field.index(after: equals)...])
            let value = (try? RequestValue(json: Array(text.utf8))) ?? .string(text)
            if key.hasPrefix("options."), key.utf8.count > 8 {
                options.append(RequestField(String(key.dropFirst(8)), value))
            } else {
                input.append(RequestField(key, value))
            }
        }
        let callback =
            callbackURL ?? variable("CLIPRISE_CALLBACK_URL")
            ?? "https://your-service.example.com/webhooks/cliprise"
        return GenerateRequest(model: model, callbackURL: callback, input: input, options: options)
    }

    private static func read(_ path: String) throws -> [UInt8] {
        let name = path == "-" ? "standard input" : path
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(message: "\(name): cannot be read") }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= limit {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(message: "\(name): cannot be read") }
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        guard bytes.count <= limit else { throw Failure(message: "\(name): larger than 16 MiB") }
        do {
            guard case .object = try RequestValue(json: bytes) else {
                throw Failure(message: "\(name): not a JSON object")
            }
        } catch let error as JSONSyntaxError {
            throw Failure(message: "\(name):\(error)")
        }
        return bytes
    }
}
