internal import Glibc

/// Writes all of a text.
///
/// What a command has to say is lost when standard output cannot be written, so the program ends there with exit code 13:
/// with a line that says why, or quietly when the reader has gone, as behind `| head`.
///
/// - Parameter isVital: Whether that holds; not for what is only said on the side.
func write(_ text: String, to descriptor: Int32, isVital: Bool = true) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count > 0 {
            rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
            var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            poll(&wait, 1, -1)
        } else if errno != EINTR {
            guard descriptor == STDOUT_FILENO, isVital else { return }
            let number = errno
            if number != EPIPE {
                write(
                    "cliprise-mock: standard output cannot be written: \(String(cString: strerror(number)))\n",
                    to: STDERR_FILENO)
            }
            Glibc.exit(Failure.Code.output.rawValue)
        }
    }
}

/// The columns of the terminal on standard error, or 100.
func terminalWidth() -> Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 40 else { return 100 }
    return min(Int(size.ws_col), 160)
}
