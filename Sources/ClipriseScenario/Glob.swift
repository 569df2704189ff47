/// A pattern for a whole name: `*` stands for any characters, `?` for one; all else for itself.
public struct Glob: Sendable, Hashable {
    public let pattern: String
    private let letters: [UInt8]

    public init(_ pattern: String) {
        self.pattern = pattern
        letters = Array(pattern.utf8)
    }

    public func matches(_ text: some Collection<UInt8>) -> Bool {
        let text = Array(text)
        var (at, in_) = (0, 0)
        var (star, resume) = (-1, 0)
        while in_ < text.count {
            if at < letters.count,
                letters[at] == UInt8(ascii: "?") || (letters[at] == text[in_] && letters[at] != UInt8(ascii: "*"))
            {
                at += 1
                in_ += 1
            } else if at < letters.count, letters[at] == UInt8(ascii: "*") {
                (star, resume) = (at, in_)
                at += 1
            } else if star >= 0 {
                resume += 1
                (at, in_) = (star + 1, resume)
            } else {
                return false
            }
        }
        while at < letters.count, letters[at] == UInt8(ascii: "*") { at += 1 }
        return at == letters.count
    }
}
