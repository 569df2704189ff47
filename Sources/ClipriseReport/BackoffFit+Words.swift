internal import ClipriseWire

extension BackoffFit.Growth {
    /// For machines: `none`, `exponential`, `linear` or `fibonacci`.
    var word: String {
        switch self {
        case .exponential(let factor): factor == 1 ? "none" : "exponential"
        case .linear: "linear"
        case .fibonacci: "fibonacci"
        }
    }
}

extension BackoffFit: CustomStringConvertible {
    /// The fit in words, with the span of each number that may be off by more than a fifth, and what else explains the
    /// waits.
    public var description: String {
        var parts = isFirstAtOnce ? ["at once, then"] : []
        let baseText = text(base, spread?.base)
        switch growth {
        case _ where jitter == .decorrelated: parts.append("\(baseText) to 3 × the wait before")
        case .exponential(let factor) where factor == 1: parts.append("\(baseText) each time")
        case .exponential(let factor):
            var text = "\(baseText) × \(NumberText.ratio(factor))"
            if let spread = spread?.factor, spread.isFar(from: factor) {
                let (low, high) = (spread.lowerBound, spread.upperBound)
                text += " (\(NumberText.ratio(low)) to \(NumberText.ratio(high)))"
            }
            parts.append("\(text) each time")
        case .linear: parts.append("\(baseText) more each time")
        case .fibonacci: parts.append("1, 1, 2, 3, 5 times \(baseText) (Fibonacci)")
        }
        if let cap { parts.append("up to \(text(cap, spread?.cap, isUnsure: spread?.mayLackCap ?? false))") }
        let text = "\(parts.joined(separator: " ")), \(jitterText)"
        return other.map { "\(text); or \($0)" } ?? text
    }

    private var jitterText: String {
        switch jitter {
        case .none: "no jitter"
        case .full, .equal, .decorrelated: "\(jitter.rawValue) jitter"
        case .scaled: "plus 0 to 50 % of it"
        case .around: "± \(NumberText.fixed(100 * (part ?? 0), places: 0)) %"
        case .added: "plus 0 to \(NumberText.span(Self.twoDigits(added ?? .zero)))"
        }
    }

    /// Of a span that draws give, more than two digits say nothing.
    private static func twoDigits(_ span: TimeSpan) -> TimeSpan {
        var unit = 1.0
        let value = Double(span.nanoseconds)
        while value / unit >= 99.5 { unit *= 10 }
        return TimeSpan(nanoseconds: Int64((value / unit).rounded() * unit))
    }

    private func text(_ span: TimeSpan, _ spread: ClosedRange<Double>?, isUnsure: Bool = false) -> String {
        var doubts: [String] = []
        if let spread, spread.isFar(from: Double(span.nanoseconds) / 1e9) {
            let (low, high) = (TimeSpan(seconds: spread.lowerBound), TimeSpan(seconds: spread.upperBound))
            doubts.append("\(NumberText.span(low)) to \(NumberText.span(high))")
        }
        if isUnsure { doubts.append("or none") }
        return NumberText.span(span) + (doubts.isEmpty ? "" : " (\(doubts.joined(separator: ", ")))")
    }
}
