internal import ClipriseWire

/// The metrics of several servers as one page in the text format of Prometheus: the numbers of equal series are added.
public struct GatheredMetrics {
    private struct Family {
        var comments: [String] = []
        /// By name and labels, in the order of first coming.
        var series: [String] = []
        /// Whether the numbers say what something is, and not how much of it there is.
        var isInfo: Bool
    }

    private var families: [String] = []
    private var byName: [String: Family] = [:]
    private var values: [String: Double] = [:]

    public init() {}

    /// Adds a page; lines that are no such text are passed over.
    ///
    /// - Returns: Whether there is any number of a mock in it.
    public mutating func add(_ page: String) -> Bool {
        var family = ""
        var isMock = false
        for line in page.split(separator: "\n") {
            if line.hasPrefix("# ") {
                let words = line.split(separator: " ", maxSplits: 3)
                guard words.count >= 3, words[1] == "HELP" || words[1] == "TYPE" else { continue }
                family = String(words[2])
                open(family)
                if byName[family]?.comments.contains(String(line)) == false {
                    byName[family]?.comments.append(String(line))
                }
                continue
            }
            guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else {
                continue
            }
            let series = String(line[..<space])
            isMock = isMock || series.hasPrefix("cliprise_mock_")
            open(family)
            if let known = values[series] {
                values[series] = byName[family]?.isInfo == true ? known : known + value
            } else {
                byName[family]?.series.append(series)
                values[series] = value
            }
        }
        return isMock
    }

    private mutating func open(_ family: String) {
        guard byName[family] == nil else { return }
        families.append(family)
        byName[family] = Family(isInfo: family.hasSuffix("_info"))
    }

    public var text: String {
        var lines: [String] = []
        for name in families {
            guard let family = byName[name] else { continue }
            lines += family.comments.map(\.printable)
            lines += family.series.map { "\($0.printable) \(Self.number(values[$0] ?? 0))" }
        }
        return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
    }

    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\(value)"
    }
}
