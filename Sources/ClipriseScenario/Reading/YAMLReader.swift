internal import Yams

/// Reads a text to a tree of values with places.
///
/// The only file that knows Yams.
///
/// Yams ends at the first mapping with a duplicate key and names no other place than the first one's. So the first
/// key is overwritten by characters of the private use area, as many as it has, which moves no column; then the text
/// is read again, and the later key is found in the tree with its own place.
struct YAMLReader {
    /// How often a text is read again, and the size beyond which it is not: a bound on the work for a hostile text.
    private static let retryLimit = 16
    private static let retrySize = 256 * 1024

    private let findings: Findings
    /// Overwritten keys by their place.
    private var overwritten: [Place: String] = [:]

    /// The tree, or nil after adding to `findings` why there is none.
    static func tree(_ text: [UInt8], findings: Findings) -> SourceNode? {
        var bytes = text.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(text.dropFirst(3)) : text
        bytes = JSONEscapes.joined(bytes)
        switch TextGuard.check(bytes) {
        case .failure(let problem):
            findings.add(.notYAML(problem.text), at: problem.place)
            return nil
        case .success(let text):
            var reader = YAMLReader(findings: findings)
            return reader.tree(text)
        }
    }

    private init(findings: Findings) {
        self.findings = findings
    }

    private mutating func tree(_ original: String) -> SourceNode? {
        var text = original
        var last = Place(line: 1, column: 1)
        for _ in 0...Self.retryLimit {
            do {
                let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
                guard let root = try parser.singleRoot() else {
                    findings.add(.notYAML("the text is empty"), at: Place(line: 1, column: 1))
                    return nil
                }
                let tree = node(root, depth: 1)
                return findings.errors.contains(where: \.isOfText) ? nil : tree
            } catch let YamlError.duplicatedKeysInMapping(keys, context) {
                let place = Place(context.mark)
                last = place
                if text.utf8.count <= Self.retrySize, let next = overwriting(keyAt: place, in: text) {
                    text = next
                } else {
                    findings.add(.duplicateKey(keys.first ?? "", first: place), at: place)
                    return nil
                }
            } catch {
                let (problem, place) = Self.explain(error, text)
                findings.add(.notYAML(problem), at: place)
                return nil
            }
        }
        findings.add(
            .notYAML("more than \(Self.retryLimit) duplicate keys, the last that was found is this one"), at: last)
        return nil
    }

    /// The text with its key at a place overwritten, or nil when the key is not written as it is.
    private mutating func overwriting(keyAt place: Place, in text: String) -> String? {
        let scalars = text.unicodeScalars
        var index = scalars.startIndex
        for _ in 1..<place.line {
            guard let end = scalars[index...].firstIndex(of: "\n") else { return nil }
            index = scalars.index(after: end)
        }
        guard let start = scalars.index(index, offsetBy: place.column - 1, limitedBy: scalars.endIndex),
            start < scalars.endIndex
        else { return nil }
        let isQuoted = scalars[start] == "\"" || scalars[start] == "'"
        let from = isQuoted ? scalars.index(after: start) : start
        let key = scalars[from...].prefix { $0.isASCII && ($0 == "_" || $0 == "-" || $0.properties.isAlphabetic) }
        guard !key.isEmpty, let stand = Unicode.Scalar(0xE000 + UInt32(overwritten.count)) else { return nil }
        overwritten[place] = String(key)
        var result = String(scalars[..<from])
        result.unicodeScalars.append(contentsOf: repeatElement(stand, count: key.count))
        result.unicodeScalars.append(contentsOf: scalars[key.endIndex...])
        return result
    }

    private func node(_ node: Node, depth: Int) -> SourceNode? {
        let place = node.mark.map(Place.init) ?? Place(line: 1, column: 1)
        guard depth <= TextGuard.depthLimit else {
            findings.add(.notYAML("nested deeper than \(TextGuard.depthLimit) levels"), at: place)
            return nil
        }
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain
            return SourceNode(
                place: place, content: isPlain ? SourceNode.Content(plain: scalar.string) : .text(scalar.string))
        case .sequence(let sequence):
            return SourceNode(place: place, content: .list(sequence.compactMap { self.node($0, depth: depth + 1) }))
        case .mapping(let mapping):
            return SourceNode(place: place, content: .object(members(mapping, depth: depth)))
        case .alias:
            findings.add(.notYAML("aliases (*name) are not part of the language; write it out"), at: place)
            return nil
        }
    }

    private func members(_ mapping: Node.Mapping, depth: Int) -> [SourceNode.Member] {
        var members: [SourceNode.Member] = []
        for (key, value) in mapping {
            let place = key.mark.map(Place.init) ?? Place(line: 1, column: 1)
            guard let written = key.scalar?.string else {
                findings.add(.notYAML("a key must be a word"), at: place)
                continue
            }
            guard let value = node(value, depth: depth + 1) else { continue }
            let word = overwritten[place] ?? written
            if !overwritten.isEmpty, let first = members.first(where: { $0.key == word }) {
                findings.add(.duplicateKey(word, first: first.keyPlace), at: place)
            } else {
                members.append(SourceNode.Member(key: word, keyPlace: place, value: value))
            }
        }
        return members
    }

    private static func explain(_ error: any Error, _ text: String) -> (problem: String, place: Place) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return (problem, Place(mark))
        case .reader(let problem, let offset, _, _):
            let before = text.prefix(offset ?? 0)
            let line = before.split(separator: "\n", omittingEmptySubsequences: false).last?.unicodeScalars.count ?? 0
            return (problem, Place(line: 1 + before.count { $0.isNewline }, column: line + 1))
        default:
            return ("no YAML can be made of it", Place(line: 1, column: 1))
        }
    }
}

extension ScenarioError {
    /// Whether the text as such is refused, so that its values are not looked at.
    fileprivate var isOfText: Bool {
        if case .notYAML = reason { true } else { false }
    }
}

extension Place {
    fileprivate init(_ mark: Mark) {
        self.init(line: mark.line, column: mark.column)
    }
}
