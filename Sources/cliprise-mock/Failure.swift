/// Why a command ends early, in one line that says what to do.
struct Failure: Error {
    enum Code: Int32 {
        /// The input was understood and refused.
        case refused = 1
        /// Bad usage, or a bad file.
        case usage = 2
        /// The server could not start.
        case start = 3
        /// A command that was to be run cannot be run, or is not there, as shells have it.
        case notRunnable = 126
        case notFound = 127
        /// Standard output could not be written.
        case output = 13
    }

    var code: Code
    var message: String
}
