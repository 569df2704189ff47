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

/// The columns of the terminal on standard error, or 100.
func terminalWidth() -> Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 40 else { return 100 }
    return min(Int(size.ws_col), 160)
}
