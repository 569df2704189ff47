internal import Spoiling

/// Bodies of about 1 MiB that ask for the most work.
struct WorstBody: Sendable {
    var name: String
    /// Spoils a body that the server takes.
    var make: @Sendable (Tree) -> [UInt8]

    /// What long strings are made of.
    static let texts = [
        "x", " ", "\\u0000", "\\n", "\u{E9}", "\u{301}", "\u{1F469}\u{200D}", "\u{1F1E9}", "\u{FDFA}", "_", ":", "1",
        "-",
        "9p", "https://a.example/",
    ]

    static let all =
        [
            WorstBody(name: "unknown keys at the root") { root($0, members { "\"k\($0)\":1" }) },
            WorstBody(name: "near keys in the input") { input($0, members { "\"promp\($0)\":1" }) },
            WorstBody(name: "one key again and again") { input($0, members { _ in "\"prompt\":\"a\"" }) },
            WorstBody(name: "other spellings again and again") {
                input($0, members { _ in "\"aspectRatio\":\"1:1\"" })
            },
            WorstBody(name: "one long key") { input($0, "\"\(filled("a"))\":1") },
            WorstBody(name: "one long key of marks") { input($0, "\"a\(filled("\u{301}"))\":1") },
            WorstBody(name: "a long model of marks") { root($0, "\"model\":\"a\(filled("\u{301}"))\"") },
            WorstBody(name: "options with many keys") { options($0, members { "\\\"k\($0)\\\":1" }) },
            WorstBody(name: "models again and again") { root($0, members { _ in "\"model\":\"flux-2\"" }) },
        ]
        + [("URLs", "\"https://a.b/c\""), ("numbers", "1"), ("objects", "{}"), ("lists", "[[[]]]")].map { item in
            WorstBody(name: "long lists of \(item.0)") { input($0, lists(of: item.1)) }
        }
        + texts.map { text in
            WorstBody(
                name:
                    "long texts of \"\(text.unicodeScalars.map { String($0.value, radix: 16) }.joined(separator: " "))\""
            ) {
                input($0, texts(of: text))
            }
        }

    private static let size = 1_040_000

    private static func lists(of item: String) -> String {
        let keys = ["image_urls", "image_url", "imageUrls", "shots", "prompt", "multi_prompt", "kling_elements"]
        let list = "[" + joined(size / (item.utf8.count + 1) / keys.count) { _ in item } + "]"
        return keys.map { "\"\($0)\":\(list)" }.joined(separator: ",")
    }

    private static func texts(of item: String) -> String {
        let keys = ["prompt", "aspect_ratio", "resolution", "duration", "image_url", "callBackUrl"]
        let text = String(repeating: item, count: size / item.utf8.count / keys.count)
        return keys.map { "\"\($0)\":\"\(text)\"" }.joined(separator: ",")
    }

    private static func filled(_ text: String) -> String {
        String(repeating: text, count: size / text.utf8.count)
    }

    private static func members(_ member: (Int) -> String) -> String {
        joined(size / (member(99_999).utf8.count + 1), member)
    }

    private static func joined(_ count: Int, _ element: (Int) -> String) -> String {
        var text = ""
        for index in 0..<count {
            if index > 0 { text += "," }
            text += element(index)
        }
        return text
    }

    private static func root(_ sound: Tree, _ members: String) -> [UInt8] {
        sound.bytes.dropLast() + ascii(",\(members)}")
    }

    private static func input(_ sound: Tree, _ members: String) -> [UInt8] {
        var body = sound
        body.changeMember("input") { .raw($0.bytes.dropLast() + ascii(",\(members)}")) }
        return body.bytes
    }

    private static func options(_ sound: Tree, _ members: String) -> [UInt8] {
        var body = sound
        body.set("options", .raw(ascii("\"{\(members)}\"")))
        return body.bytes
    }
}
