internal import Glibc

/// Standard input, output and error, which whoever starts a program may have closed.
public enum StandardDescriptors {
    /// Occupies those that are closed, so that what is opened later does not lie there and receive what is printed.
    ///
    /// Reading from them and writing to them fails as before; programs that are started find them closed.
    public static func occupy() {
        let modes = [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
        for (descriptor, mode) in modes where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", mode | O_CLOEXEC)
        }
    }
}
