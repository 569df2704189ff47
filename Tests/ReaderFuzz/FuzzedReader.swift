internal import ClipriseJSON
internal import Glibc
internal import Spoiling

/// A reader of something that comes from outside, with sound inputs and the ways in which they are spoilt.
package struct FuzzedReader: Sendable {
    enum Form: Sendable {
        /// A JSON text.
        case json
        /// A JSON text on each line.
        case lines
        /// Requests as they are sent.
        case requests
        /// Numbers of fixed widths, the lowest byte first.
        case packed
        /// Any other text.
        case text
    }

    package let name: String
    /// How many inputs it may read at once; more than 1 for one that mostly waits.
    package let width: Int
    private let form: Form
    private let corpus: [[UInt8]]
    private let trees: [[Tree]]
    private let body: @Sendable ([UInt8]) -> Bool

    /// - Parameter body: Reads an input, and uses what came of it as the program does; false when it was refused.
    init(
        _ name: String, _ form: Form, corpus: [[UInt8]], width: Int = 1, _ body: @escaping @Sendable ([UInt8]) -> Bool
    ) {
        self.name = name
        self.width = width
        self.form = form
        self.corpus = corpus
        self.body = body
        trees = corpus.map { text in
            switch form {
            case .json: Self.tree(text).map { [$0] } ?? []
            case .lines: text.split(separator: 10).compactMap { Self.tree(Array($0)) }
            case .packed, .requests, .text: []
            }
        }
    }

    private static func tree(_ text: [UInt8]) -> Tree? { try? withJSON(text) { Tree($0) }.get() }

    /// The sound inputs.
    package var sound: [[UInt8]] { corpus }

    /// Chosen by the input itself, so that it is the same each time: for what is too slow to be done with all.
    static func isOneIn(_ odds: UInt64, _ input: [UInt8]) -> Bool {
        let hash = input.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return (hash >> 20) % odds == 0
    }

    /// Reads an input; false when it was refused.
    @discardableResult
    package func read(_ input: [UInt8]) -> Bool { body(input) }

    /// The input at `index`, the same in every run of this seed.
    package func input(seed: UInt64, index: Int) -> [UInt8] {
        var chance = Chance(seed: seed, index: index)
        let which = chance.below(corpus.count)
        let changes = 1 + chance.below(3)
        guard !trees[which].isEmpty, !chance.oneIn(6) else {
            var text = corpus[which]
            if form == .packed, !chance.oneIn(8) {
                for _ in 0..<changes { SpoiltBytes.change(&text, &chance) }
                return text
            }
            if form == .requests, !chance.oneIn(6) {
                for _ in 0..<changes { SpoiltRequest.change(&text, &chance) }
                return text
            }
            for _ in 0..<changes { SpoiltText.change(&text, &chance) }
            return text
        }
        var lines = trees[which]
        for _ in 0..<changes {
            guard !lines.isEmpty else { break }
            let index = chance.below(lines.count)
            if lines.count > 1, chance.oneIn(8) {
                if chance.oneIn(2) { lines.remove(at: index) } else { lines.insert(lines[index], at: index) }
            } else {
                lines[index].change(&chance, from: trees[chance.below(trees.count)])
            }
        }
        return Array(lines.map(\.bytes).joined(separator: CollectionOfOne(10)))
    }

    // MARK: Files

    static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// A small file below the package, whole.
    package static func file(_ path: String) -> [UInt8]? {
        let descriptor = open("\(root)/\(path)", O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count <= 0 { return bytes }
            bytes += piece[..<count]
        }
    }

    /// The names of the files in a folder below the package, in order.
    package static func names(in folder: String) -> [String] {
        guard let directory = opendir("\(root)/\(folder)") else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Inputs that once did harm, kept for this reader.
    package var kept: [(name: String, input: [UInt8])] {
        let folder = "fixtures/hostile/\(name)"
        return Self.names(in: folder).compactMap { file in Self.file("\(folder)/\(file)").map { (file, $0) } }
    }
}
