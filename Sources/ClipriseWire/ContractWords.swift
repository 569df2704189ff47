// The paths, words and bodies of the contract. Clients match on this text: it changes only with the reference.

/// What a client asks for.
public enum Operation: String, Sendable, Hashable, CaseIterable {
    case generate, status, download, admin, other

    // What the compiler writes for a comparison is called from other modules; this is looked at where it stands.
    @inlinable public var isGenerate: Bool { if case .generate = self { true } else { false } }
    @inlinable public var isStatus: Bool { if case .status = self { true } else { false } }
    @inlinable public var isAdmin: Bool { if case .admin = self { true } else { false } }
}

public enum Contract {
    /// The host that the service answers to (reference, "Authentication and hosts").
    public static let host: StaticString = "business.api.cliprise.app"
    public static let generatePath: StaticString = "/app/cliprise/generate"
    public static let statusPath: StaticString = "/app/cliprise/status"
    public static let adminPath: StaticString = "/__admin"
    /// Where `insufficient_credits` sends the user.
    public static let pricingURL = "https://app.cliprise.app/pricing"
}

/// The bodies that are the same for every request.
public enum WireBody {
    public static let invalidAPIKey = utf8(#"{"msg":"invalid_api_key"}"#)
    public static let invalidModelID = utf8(#"{"msg":"invalid_model_id"}"#)
    public static let invalidTaskID = utf8(#"{"msg":"invalid_taskId"}"#)
    public static let methodNotAllowed = utf8(#"{"msg":"method_not_allowed"}"#)
    public static let processing = utf8(#"{"status":"processing"}"#)
    public static let insufficientCredits = utf8(
        #"{"msg":"insufficient_credits","action_url":"\#(Contract.pricingURL)"}"#)
    /// The newest edition's answer to a missing or wrong key (later editions, app 60).
    public static let laterInvalidAPIKey = utf8(
        #"{"code":401,"error":{"code":"invalid_api_key","message":"Missing or invalid API key."}}"#)
    /// The newest edition names the status 402 and prints no body; this one is ours, in the form of its 401.
    public static let laterInsufficientCredits = utf8(
        #"{"code":402,"error":{"code":"insufficient_credits","message":"Not enough credits."},"#
            + #""action_url":"\#(Contract.pricingURL)"}"#)

    private static func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// `[{"code":200,"taskId":"…"}]` (reference, "Success response").
    public static func accepted(_ task: TaskID) -> [UInt8] {
        withUnsafeBytes(of: task.digits) { digits in
            [UInt8](joining: #"[{"code":200,"taskId":""#, digits.assumingMemoryBound(to: UInt8.self), #""}]"#)
        }
    }

    /// `{"code":400,"msg":…,"data":null}` (reference, "Application error").
    public static func applicationError(_ message: String) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(64 + message.utf8.count)
        body.append(literal: #"{"code":400,"msg":"#)
        body.append(jsonString: message)
        body.append(literal: #","data":null}"#)
        return body
    }

    /// `{"status":"failed","failMsg":…}`: the keys are the reference's, the value `failed` is assumed.
    public static func failed(_ message: String) -> [UInt8] {
        var body: [UInt8] = []
        body.append(literal: #"{"status":"failed","failMsg":"#)
        body.append(jsonString: message)
        body.append(literal: "}")
        return body
    }

    /// `{"status":"success","fileURL":…}`, in an array for the profile `later`.
    public static func succeeded(fileURL: some Sequence<UInt8>, asArray: Bool) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(192)
        if asArray { body.append(literal: "[") }
        body.append(literal: #"{"status":"success","fileURL":""#)
        body.append(contentsOf: fileURL)
        body.append(literal: #""}"#)
        if asArray { body.append(literal: "]") }
        return body
    }

    /// The answer to an unknown path, in the form of the workflow engine that the service runs on (HTTP-1).
    public static func notFound(method: String, path: String) -> [UInt8] {
        var body: [UInt8] = []
        body.append(literal: #"{"code":404,"message":"#)
        body.append(jsonString: "The requested webhook \"\(method) \(path)\" is not registered.")
        body.append(literal: "}")
        return body
    }
}
