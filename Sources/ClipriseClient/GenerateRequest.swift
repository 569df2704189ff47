/// The body of a generate.
///
/// Two oddities of the contract are done right by construction: `runway-aleph` and `gpt-image-1` get their doubled fields
/// at the root and in `input`, and `options` becomes a JSON object as a string.
public struct GenerateRequest: Sendable, Hashable {
    /// The body as it is sent, JSON in UTF-8.
    public let body: [UInt8]

    /// The fields that a model wants at the root and in `input` (reference, "Generate endpoint").
    static let twins = ["runway-aleph": ["prompt", "videoUrl"], "gpt-image-1": ["prompt", "size"]]

    /// A request for any model.
    ///
    /// - Parameters:
    ///   - model: The model's id, such as `qwen-image-2`.
    ///   - callbackURL: An https URL. The service stores it and need not call it.
    ///   - input: The model's own fields. Those that a model wants twice are copied to the root.
    ///   - options: The fields of `options`, for the models that have it (`seedance-v1`, `hailuo-2-3`, `wan-animate`).
    public init(model: String, callbackURL: String, input: [RequestField], options: [RequestField] = []) {
        var root = [RequestField("model", .string(model)), RequestField("callBackUrl", .string(callbackURL))]
        for key in Self.twins[model] ?? [] {
            if let value = RequestValue.object(input)[key] { root.append(RequestField(key, value)) }
        }
        if !options.isEmpty {
            let text = String(decoding: RequestValue.object(options).json, as: UTF8.self)
            root.append(RequestField("options", .string(text)))
        }
        root.append(RequestField("input", .object(input)))
        body = RequestValue.object(root).json
    }

    /// A request that is sent as it stands, whatever it says.
    public init(rawJSON: [UInt8]) {
        body = rawJSON
    }

    /// `runway-aleph`: changes a video.
    ///
    /// - Parameters:
    ///   - prompt: At most 1,800 characters.
    ///   - videoURL: A public URL.
    ///   - input: Further fields of `input`.
    public static func runwayAleph(
        prompt: String, videoURL: String, callbackURL: String, input: [RequestField] = []
    ) -> GenerateRequest {
        let fields = [RequestField("prompt", .string(prompt)), RequestField("videoUrl", .string(videoURL))]
        return GenerateRequest(model: "runway-aleph", callbackURL: callbackURL, input: fields + input)
    }

    /// `gpt-image-1`: an image.
    ///
    /// - Parameters:
    ///   - size: Such as `1:1`, `3:2`, `2:3`.
    ///   - input: Further fields of `input`.
    public static func gptImage1(
        prompt: String, size: String, callbackURL: String, input: [RequestField] = []
    ) -> GenerateRequest {
        let fields = [RequestField("prompt", .string(prompt)), RequestField("size", .string(size))]
        return GenerateRequest(model: "gpt-image-1", callbackURL: callbackURL, input: fields + input)
    }

    /// `seedance-v1`: a video.
    ///
    /// - Parameters:
    ///   - prompt: At most 5,000 characters.
    ///   - tier: `model` in `options`: the index of the tier.
    ///   - options: Further fields of `options`, such as `resolution`, `aspectRatio`, `duration`.
    public static func seedanceV1(
        prompt: String, tier: Int, callbackURL: String, options: [RequestField] = [], input: [RequestField] = []
    ) -> GenerateRequest {
        tiered("seedance-v1", "model", tier, prompt: prompt, callbackURL, options: options, input: input)
    }

    /// `hailuo-2-3`: a video; parameters as for `seedanceV1`, `resolution` stands in `input`.
    public static func hailuo23(
        prompt: String, tier: Int, callbackURL: String, options: [RequestField] = [], input: [RequestField] = []
    ) -> GenerateRequest {
        tiered("hailuo-2-3", "model", tier, prompt: prompt, callbackURL, options: options, input: input)
    }

    /// `wan-animate`: a video; parameters as for `seedanceV1`, with the index called `animationType`.
    public static func wanAnimate(
        prompt: String, animationType: Int, callbackURL: String, options: [RequestField] = [],
        input: [RequestField] = []
    ) -> GenerateRequest {
        tiered(
            "wan-animate", "animationType", animationType, prompt: prompt, callbackURL, options: options, input: input)
    }

    private static func tiered(
        _ model: String, _ key: String, _ index: Int, prompt: String, _ callbackURL: String, options: [RequestField],
        input: [RequestField]
    ) -> GenerateRequest {
        GenerateRequest(
            model: model, callbackURL: callbackURL, input: [RequestField("prompt", .string(prompt))] + input,
            options: [RequestField(key, .integer(Int64(index)))] + options)
    }
}
