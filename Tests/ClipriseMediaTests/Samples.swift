import ClipriseWire
import Testing

/// Width and height in pixels.
struct Size: Sendable, CustomTestStringConvertible {
    var width: Int
    var height: Int

    init(_ width: Int, _ height: Int) {
        self.width = width
        self.height = height
    }

    var testDescription: String { "\(width)x\(height)" }

    static let images = [
        Size(16, 16), Size(64, 64), Size(65, 8192), Size(333, 127), Size(854, 480), Size(720, 1280), Size(1024, 1024),
        Size(1920, 1080), Size(4096, 4096),
    ]
    static let videos = [
        Size(64, 64), Size(98, 1000), Size(160, 160), Size(1000, 66), Size(334, 334), Size(854, 480), Size(720, 1280),
        Size(1920, 1080),
    ]
}

extension ResultSpec {
    /// A specification whose texts need wrapping, escaping and transliterating.
    static func sample(
        _ form: Form, _ size: Size = Size(0, 0), seconds: Int = 0, hasSound: Bool = false, isTransparent: Bool = false,
        count: Int = 1, model: String = "grok-imagine", prompt: String = "A café by the sea at dusk, “no” people — 海",
        name: String = "sample"
    ) -> ResultSpec {
        ResultSpec(
            form: form, width: size.width, height: size.height, seconds: seconds, hasSound: hasSound,
            isTransparent: isTransparent, count: count, name: name, model: model, prompt: prompt,
            taskID: "b7e1c2d4-5f60-4a8b-9c3d-0e1f2a3b4c5d")
    }
}

/// The big-endian number in four bytes from `offset`.
func bigEndian(_ bytes: [UInt8], at offset: Int) -> Int {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
}
