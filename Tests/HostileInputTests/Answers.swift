/// The answers in the bytes of one connection.
struct Answers {
    struct Answer {
        var status: Int
        var body: [UInt8]
    }

    private(set) var all: [Answer] = []
    /// Whether the last one announced the end of the connection.
    private(set) var isClosing = false
    /// Whether the bytes are whole answers and nothing else.
    private(set) var isWhole = true

    /// - Parameter heads: For each answer, whether it is to a HEAD and has no body.
    init(_ bytes: [UInt8], heads: [Bool]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let end = rest.firstRange(of: [13, 10, 13, 10]) else {
                isWhole = false
                return
            }
            let head = String(decoding: rest[..<end.lowerBound], as: UTF8.self).lowercased()
            rest = rest[end.upperBound...]
            let words = head.split(separator: " ", maxSplits: 2)
            guard words.count > 1, words[0] == "http/1.1", let status = Int(words[1].prefix(3)) else {
                isWhole = false
                return
            }
            if status == 100 { continue }
            let isToHead = all.count < heads.count && heads[all.count]
            let length = isToHead || status == 304 ? 0 : Self.length(head)
            guard let length, length <= rest.count else {
                isWhole = false
                return
            }
            all.append(Answer(status: status, body: Array(rest.prefix(length))))
            rest = rest.dropFirst(length)
            isClosing = head.contains("connection: close")
        }
    }

    private static func length(_ head: String) -> Int? {
        for line in head.split(whereSeparator: \.isNewline) where line.hasPrefix("content-length: ") {
            return Int(line.dropFirst(16))
        }
        return nil
    }
}
