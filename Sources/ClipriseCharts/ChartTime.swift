internal import ClipriseSimulator

/// The one unit in which all of a time axis is labelled.
enum ChartTime: String {
    case milliseconds = "ms"
    case seconds = "s"
    case minutes = "min"
    case hours = "h"

    /// The unit for an axis that ends at so many seconds.
    init(end: Double) {
        self = end < 1 ? .milliseconds : end <= 300 ? .seconds : end <= 3 * 3_600 ? .minutes : .hours
    }

    /// Of one unit.
    var inSeconds: Double {
        switch self {
        case .milliseconds: 0.001
        case .seconds: 1
        case .minutes: 60
        case .hours: 3_600
        }
    }

    func text(_ seconds: Double) -> String { "\(FigureText.short(seconds / inSeconds)) \(rawValue)" }

    /// A length on its own, for sentences: `200 ms`, `90 s`, `5 min`.
    static func words(_ seconds: Double) -> String {
        for unit in [ChartTime.hours, .minutes] where seconds >= unit.inSeconds {
            if seconds.truncatingRemainder(dividingBy: unit.inSeconds) == 0 { return unit.text(seconds) }
        }
        return (seconds < 1 ? ChartTime.milliseconds : .seconds).text(seconds)
    }
}
