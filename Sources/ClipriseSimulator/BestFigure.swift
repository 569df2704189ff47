/// Which figures of a row are the best.
///
/// A figure that a run does not have is never the best.
struct BestFigure {
    /// The less, the better; nil where no figure is better than another.
    private var figure: ((RunResult) -> Double?)?

    static var none: BestFigure { BestFigure() }

    static func least<Number: BinaryInteger>(_ figure: @escaping (RunResult) -> Number?) -> BestFigure {
        BestFigure { figure($0).map { Double($0) } }
    }

    static func least(_ figure: @escaping (RunResult) -> Double?) -> BestFigure { BestFigure(figure: figure) }

    /// The least, among the policies that finished jobs at all: asking little and getting nothing is not good.
    static func leastEffort<Number: BinaryInteger>(_ figure: @escaping (RunResult) -> Number?) -> BestFigure {
        least { $0.done > 0 ? figure($0) : nil }
    }

    /// The first letter of the alphabet.
    static func first(_ letter: @escaping (RunResult) -> String?) -> BestFigure {
        BestFigure { letter($0)?.unicodeScalars.first.map { Double($0.value) } }
    }

    /// The columns with the best figure; all of those that tie, and none where every figure is the same.
    ///
    /// - Parameter cells: The figures as they are shown; what looks the same as the best is as good.
    func columns(_ results: [RunResult], _ cells: [String]) -> Set<Int> {
        guard let figure else { return [] }
        let figures = results.map(figure)
        guard let least = figures.compactMap(\.self).min() else { return [] }
        let shown = Set(figures.indices.filter { figures[$0] == least }.map { cells[$0] })
        let best = Set(
            figures.indices.filter { figures[$0] == least || (figures[$0] != nil && shown.contains(cells[$0])) })
        return best.count == results.count ? [] : best
    }
}

extension BestFigure {
    /// As the figure is compared everywhere.
    init(_ kind: Figure) {
        guard kind.better != .neither else { return }
        figure = { result in
            guard !kind.isEffort || result.done > 0 else { return nil }
            return kind.value(result).map { kind.better == .more ? -$0 : $0 }
        }
    }
}
