/// A source file as far as circles go: what it declares at top level and what it names.
struct SourceFile {
    let path: String
    let declared: [String]
    let named: Set<String>

    init(path: String, text: String) {
        self.path = path
        let code = Self.codeAlone(Array(text.utf8))
        named = Self.words(of: code)
        declared = Self.declarations(of: code)
    }

    /// The text with blanks where comments and literals were; line ends outside of them stay.
    private static func codeAlone(_ text: [UInt8]) -> [UInt8] {
        var code = text
        var place = 0
        while place < text.count {
            let end =
                switch text[place] {
                case UInt8(ascii: "/"): endOfComment(text, from: place)
                case UInt8(ascii: "\""): endOfLiteral(text, from: place)
                default: place
                }
            for blank in place..<end { code[blank] = UInt8(ascii: " ") }
            place = max(end, place + 1)
        }
        return code
    }

    /// Where the comment that begins at a slash ends, or that slash when it begins none.
    private static func endOfComment(_ text: [UInt8], from start: Int) -> Int {
        guard start + 1 < text.count else { return start }
        switch text[start + 1] {
        case UInt8(ascii: "/"):
            return text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
        case UInt8(ascii: "*"):
            var place = start + 3
            while place < text.count {
                if text[place] == UInt8(ascii: "/"), text[place - 1] == UInt8(ascii: "*") { return place + 1 }
                place += 1
            }
            return text.count
        default:
            return start
        }
    }

    /// Where the literal that begins at a quote ends, or that quote when its line does not end it.
    private static func endOfLiteral(_ text: [UInt8], from start: Int) -> Int {
        let quote = UInt8(ascii: "\"")
        let isLong = start + 2 < text.count && text[start + 1] == quote && text[start + 2] == quote
        var place = start + (isLong ? 3 : 1)
        while place < text.count {
            switch text[place] {
            case UInt8(ascii: "\\"):
                place += 1
            case UInt8(ascii: "\n") where !isLong:
                return start
            case quote where !isLong:
                return place + 1
            case quote where place + 2 < text.count && text[place + 1] == quote && text[place + 2] == quote:
                return place + 3
            default:
                break
            }
            place += 1
        }
        return start
    }

    private static func words(of code: [UInt8]) -> Set<String> {
        var words: Set<String> = []
        var place = 0
        while place < code.count {
            let end = endOfWord(code, from: place)
            if end > place, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(code[place]) {
                words.insert(String(decoding: code[place..<end], as: UTF8.self))
            }
            place = max(end, place + 1)
        }
        return words
    }

    /// The names that lines without indentation declare, in the order of the text.
    private static func declarations(of code: [UInt8]) -> [String] {
        var names: [String] = []
        var place = 0
        while place < code.count {
            if let name = declaration(code, from: place) { names.append(name) }
            place = code[place...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? code.count
        }
        return names
    }

    private static let kinds: Set<String> = ["struct", "class", "enum", "actor", "protocol", "typealias", "func"]
    private static let modifiers: Set<String> = [
        "public", "package", "internal", "private", "fileprivate", "open", "final", "indirect", "nonisolated",
        "distributed",
    ]

    /// What is declared at `start`, after any attributes and modifiers.
    private static func declaration(_ code: [UInt8], from start: Int) -> String? {
        var place = start
        while place < code.count {
            let isAttribute = code[place] == UInt8(ascii: "@")
            if isAttribute { place += 1 }
            let end = endOfWord(code, from: place)
            if end == place { return nil }
            let word = String(decoding: code[place..<end], as: UTF8.self)
            place = end
            if isAttribute, place < code.count, code[place] == UInt8(ascii: "(") {
                place = code[place...].firstIndex(of: UInt8(ascii: ")")).map { $0 + 1 } ?? code.count
            }
            guard let next = code[place...].firstIndex(where: { !isBlank($0) }), next > place else { return nil }
            place = next
            if isAttribute || modifiers.contains(word) { continue }
            let nameEnd = endOfWord(code, from: place)
            if !kinds.contains(word) || nameEnd == place { return nil }
            return String(decoding: code[place..<nameEnd], as: UTF8.self)
        }
        return nil
    }

    private static func endOfWord(_ code: [UInt8], from start: Int) -> Int {
        var end = start
        while end < code.count, isWord(code[end]) { end += 1 }
        return end
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default:
            false
        }
    }
}

/// Files of one folder, and which of them name what others declare.
struct FileGraph {
    /// One file names something that another one declares.
    struct Arrow: Equatable {
        let target: String
        let word: String
    }

    /// From each file.
    let arrows: [String: [Arrow]]

    /// A name that several files declare belongs to the first of them; a folder's own files come before those of
    /// its subfolders.
    init(_ files: [SourceFile]) {
        let ordered = files.sorted { (Self.depth($0.path), $0.path) < (Self.depth($1.path), $1.path) }
        var owners: [String: String] = [:]
        for file in ordered {
            for name in file.declared where owners[name] == nil { owners[name] = file.path }
        }
        var arrows: [String: [Arrow]] = [:]
        for file in files {
            arrows[file.path] = file.named.sorted().compactMap { word in
                owners[word].flatMap { $0 == file.path ? nil : Arrow(target: $0, word: word) }
            }
        }
        self.arrows = arrows
    }

    private static func depth(_ path: String) -> Int { path.utf8.count { $0 == UInt8(ascii: "/") } }

    /// The groups of at least two files each of which leads to all the others.
    var circles: [Set<String>] {
        let reached = Dictionary(uniqueKeysWithValues: arrows.keys.map { ($0, filesReached(from: $0)) })
        let circles = reached.compactMap { file, others -> Set<String>? in
            let circle = others.filter { reached[$0]?.contains(file) == true }
            return circle.count > 1 ? circle : nil
        }
        return Set(circles).sorted { $0.sorted().joined() < $1.sorted().joined() }
    }

    private func filesReached(from file: String) -> Set<String> {
        var reached: Set<String> = []
        var open = [file]
        while let next = open.popLast() {
            for arrow in arrows[next, default: []] where reached.insert(arrow.target).inserted {
                open.append(arrow.target)
            }
        }
        return reached
    }

    /// The arrows of a circle, one for each pair of files, as a sentence each.
    func sentences(within circle: Set<String>) -> [String] {
        circle.sorted().flatMap { file in
            var told: Set<String> = []
            return arrows[file, default: []].filter { circle.contains($0.target) && told.insert($0.target).inserted }
                .map { "\(file) names \($0.word) of \($0.target)" }
        }
    }
}
