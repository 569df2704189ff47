internal import ClipriseWire
internal import Glibc

/// Writes all of a text.
///
/// What a command has to say is lost when standard output cannot be written, so the program ends there with exit code 13:
/// with a line that says why, or quietly when the reader has closed the pipe, as behind `| head`.
///
/// - Parameter isVital: Whether that holds; not for what is only said on the side.
func write(_ text: String, to descriptor: Int32, isVital: Bool = true) {
    guard let number = OutputPath.write(Array(text.utf8)[...], to: descriptor),
        descriptor == STDOUT_FILENO, isVital
    else { return }
    if number != EPIPE {
        write(
            "cliprise-mock: standard output cannot be written: \(String(cString: strerror(number)))\n",
            to: STDERR_FILENO)
    }
    Glibc.exit(Failure.Code.output.rawValue)
}

/// How a report is set where it is printed.
///
/// On a terminal as wide as that, and in colours unless `NO_COLOR` or the kind of terminal says otherwise; in 80 columns
/// without them elsewhere.
struct ReportStyle {
    var colour = false
    var width = 80

    init() {}

    init(on descriptor: Int32) {
        guard isatty(descriptor) != 0 else { return }
        func said(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
        colour = said("NO_COLOR").isEmpty && !["", "dumb"].contains(said("TERM"))
        var size = winsize()
        let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        width = isKnown ? min(Int(size.ws_col), 160) : 100
    }
}
