internal import ClipriseWire

extension ClipriseError {
    /// What to do, in a sentence or two.
    public var advice: String {
        switch kind {
        case .invalidAPIKey:
            "Check CLIPRISE_API_KEY. The key is the account's own, without \"Bearer\"; trying again will not help."
        case .insufficientCredits(let url):
            "Top up the account" + (url.map { " at \($0)" } ?? "")
                + ", then send the request again. Nothing was charged."
        case .invalidModel: "Compare the model with the catalogue: ids are lower case, such as qwen-image-2."
        case .fieldRequired:
            "Give model, callBackUrl (https) and input, and the fields that the model demands. Nothing was charged."
        case .rejected: "Correct the request as the message says. Nothing was charged."
        case .wrongHost:
            "Something between here and the service changes the Host field, which must be the documented name."
        case .emptyAnswer:
            "The service answers some wrong inputs with nothing. Check the model's keys and values before you send it "
                + "again: it is not known for certain that nothing was accepted."
        case .outcomeUnknown(let outcome):
            (outcome.sends == 1 ? "The request" : "Each of the \(outcome.sends) requests")
                + " may have been accepted and charged, and sending it again may be charged again. Compare the "
                + "account's credits, or wait for the callback, before you decide to resend."
        case .malformedTaskID:
            "Something between here and the service spoils answers, or it is not the service. The request may have been "
                + "accepted and charged: do not send it again before you know."
        case .taskFailed:
            "Change the prompt or the input; the same request will most likely fail again. Nothing is charged."
        case .unknownTask: "Check the task id, and that the key is the one that the task was made with."
        case .taskLost:
            "The service no longer knows the task. Ask its support with the task id before you make another."
        case .gateway: task == nil ? "Try again later." : Self.resume
        case .rateLimited: task == nil ? "Send fewer requests at once. Nothing was accepted." : Self.resume
        case .unreachable: task == nil ? "Check the base URL and the network. Nothing was sent." : Self.resume
        case .connectionRefused:
            task == nil
                ? "Check the base URL, and that the service runs there. Nothing was sent."
                : "Check the base URL, and that the service runs there. The task, if it is one, goes on."
        case .connectionLost: task == nil ? "Try again." : Self.resume
        case .cancelled: Self.resume
        case .deadlineExceeded: task == nil ? "Nothing was accepted within the time." : Self.resume
        case .unexpectedAnswer: "Check that the base URL is that of the service: this is no answer of its contract."
        case .unreadableAnswer: task == nil ? "Something between here and the service spoils answers." : Self.resume
        case .answerTooLarge: "Raise the limit if the file is really so large."
        case .damagedFile: "The file came damaged each time. Download it again later: that costs nothing."
        case .linkExpired: "The file is no longer kept. Ask support with the task id before you make another."
        case .liveHostRefused: "Set CLIPRISE_BASE_URL to the mock's address, or allow the live service."
        case .cannotWrite: "Free the place or choose another; the download can be repeated at no cost."
        }
    }

    private static let resume = "The task goes on, and is paid for: wait for it again with its id, never generate anew."

    /// Whether the task may still finish, so that waiting for it again makes sense.
    public var isResumable: Bool {
        guard task != nil else { return false }
        return switch kind {
        case .gateway, .rateLimited, .unreachable, .connectionRefused, .connectionLost, .deadlineExceeded,
            .unreadableAnswer, .damagedFile,
            .cannotWrite, .answerTooLarge, .cancelled:
            true
        default: false
        }
    }
}

extension ClipriseError.Kind: CustomStringConvertible {
    /// What happened, in one line: texts of the service stand in it with escapes for what would move a cursor, turn the
    /// direction of reading, or end the line.
    public var description: String { text.printable }

    private var text: String {
        switch self {
        case .invalidAPIKey: "the service does not accept the key (invalid_api_key)"
        case .insufficientCredits: "not enough credits (insufficient_credits)"
        case .invalidModel: "the service does not know the model (invalid_model_id)"
        case .fieldRequired: "a required field is missing (This field is required)"
        case .rejected(let message): "the request was refused: \(message)"
        case .wrongHost: "the service was not addressed by its documented host name"
        case .emptyAnswer: "the service answered with 200 and no body"
        case .outcomeUnknown(let outcome): "it is not known whether the request was accepted: \(outcome.reason)"
        case .malformedTaskID(let text): "the answer's taskId is none: \"\(text.prefix(200))\""
        case .taskFailed(let message): "the task failed: \(message)"
        case .unknownTask: "the service does not know the task (invalid_taskId)"
        case .taskLost: "the service no longer knows the task that it accepted"
        case .gateway(let status): "the service or a gateway before it failed with HTTP \(status)"
        case .rateLimited(let wait): "too many requests" + (wait.map { "; the service asked to wait \($0)" } ?? "")
        case .unreachable: "no connection could be made"
        case .connectionRefused(let place): "no connection to \(place)"
        case .connectionLost: "the connection was lost before the answer was complete"
        case .cancelled: "the job was cancelled"
        case .deadlineExceeded: "the time for the job is over"
        case .unexpectedAnswer(let status): "HTTP \(status) is no answer of the contract here"
        case .unreadableAnswer(let status): "the body of an answer with HTTP \(status) cannot be understood"
        case .answerTooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .damagedFile(let defect): "the file \(defect)"
        case .linkExpired: "the file can no longer be fetched"
        case .liveHostRefused(let host): "\(host) is the live service, and this client is for mocks only"
        case .cannotWrite(let path, let reason): "\(path): \(reason)"
        }
    }
}

extension UnknownOutcome.Reason: CustomStringConvertible {
    /// Why the answer is missing.
    public var description: String {
        switch self {
        case .connectionLost: "the connection was lost before its answer came"
        case .gateway(let status): "HTTP \(status) came in place of its answer"
        case .unreadable: "its answer cannot be understood"
        case .cancelled: "it was cancelled while it was under way"
        }
    }
}

extension FileDefect: CustomStringConvertible {
    /// What is wrong, as the end of a sentence that begins with the file.
    public var description: String {
        switch self {
        case .empty: "is empty"
        case .cut: "ends too early"
        case .page: "is a web page"
        case .broken: "contradicts itself"
        case .checksum: "does not match its checksum"
        }
    }
}

extension ClipriseError: CustomStringConvertible {
    /// What happened, to which task, and what to do.
    public var description: String {
        "\(kind)" + (task.map { " (task \($0.printable))" } ?? "") + ". \(advice.printable)"
    }
}
