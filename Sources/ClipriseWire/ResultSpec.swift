/// What the file of a finished task shall be; everything that its bytes depend on.
///
/// Equal specifications give equal bytes, on every machine with the same libraries.
public struct ResultSpec: Sendable, Hashable {
    public enum Form: String, Sendable, Hashable, CaseIterable {
        case png, jpeg, mp4, mp3
        /// The JSON transcript of a speech-to-text task.
        case transcript

        public var contentType: ResponsePlan.ContentType {
            switch self {
            case .png: .png
            case .jpeg: .jpeg
            case .mp4: .mp4
            case .mp3: .mp3
            case .transcript: .json
            }
        }
    }

    /// The form of each single file.
    public var form: Form
    /// Size in pixels: both 0 for sound and text, even numbers for `mp4`.
    public var width: Int
    public var height: Int
    /// Length of sound or video in seconds, 1–3,600; 0 for images and text.
    public var seconds: Int
    /// Whether an `mp4` carries a sound track.
    public var hasSound: Bool
    /// Whether an image has a transparent background.
    public var isTransparent: Bool
    /// How many files the task makes, 1–16; more than one are delivered as a zip.
    public var count: Int
    /// The base name of the downloaded file without extension, such as `grok-imagine`.
    public var name: String
    public var model: String
    /// The beginning of the prompt, at most 96 bytes, cut at a character; then it ends in an ellipsis.
    public var prompt: String
    public var taskID: String

    public init(
        form: Form, width: Int = 0, height: Int = 0, seconds: Int = 0, hasSound: Bool = false,
        isTransparent: Bool = false, count: Int = 1, name: String, model: String, prompt: String, taskID: String
    ) {
        self.form = form
        self.width = width
        self.height = height
        self.seconds = seconds
        self.hasSound = hasSound
        self.isTransparent = isTransparent
        self.count = count
        self.name = name
        self.model = model
        self.prompt = prompt
        self.taskID = taskID
    }

    /// By the task alone: only after a reset does one id have two files.
    public func hash(into hasher: inout Hasher) { hasher.combine(taskID) }
}
