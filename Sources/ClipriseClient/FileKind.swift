/// What a file is, by its first bytes: names and content types are not to be relied on.
public enum FileKind: String, Sendable, Hashable, CaseIterable {
    /// The kinds that the service makes; `html` is a page that came in a file's place, `other` anything else.
    case png, jpeg, webp, mp4, mp3, wav, zip, json, html, other

    /// The usual ending of a name, without a dot.
    public var fileExtension: String {
        switch self {
        case .jpeg: "jpg"
        case .other: "bin"
        default: rawValue
        }
    }

    /// Finds the kind; 16 bytes are enough for all but text.
    public init(beginning bytes: some Collection<UInt8>) {
        let head = Array(bytes.prefix(64))
        func starts(_ literal: StaticString, at offset: Int = 0) -> Bool {
            guard head.count >= offset + literal.utf8CodeUnitCount else { return false }
            for index in 0..<literal.utf8CodeUnitCount
            where head[offset + index] != literal.utf8Start[index] { return false }
            return true
        }
        if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if head.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
            self = .zip
        } else if starts("ftyp", at: 4) {
            self = .mp4
        } else if starts("RIFF"), starts("WEBP", at: 8) {
            self = .webp
        } else if starts("RIFF"), starts("WAVE", at: 8) {
            self = .wav
        } else if starts("ID3") || (head.count > 1 && head[0] == 0xFF && head[1] & 0xE0 == 0xE0 && head[1] & 0x06 != 0)
        {
            self = .mp3
        } else {
            self = Self.text(head)
        }
    }

    private static func text(_ head: [UInt8]) -> FileKind {
        let text = head.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        guard let first = text.first else { return .other }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return .json }
        let beginning = String(decoding: text.prefix(15), as: UTF8.self).lowercased()
        return beginning.hasPrefix("<!doctype html") || beginning.hasPrefix("<html") ? .html : .other
    }
}
