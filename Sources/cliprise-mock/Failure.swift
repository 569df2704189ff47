internal import ClipriseBundle
internal import ClipriseCatalog
internal import ClipriseClient
internal import ClipriseConformance
internal import ClipriseProxy
internal import ClipriseSimulator

/// Why a command ends early, in one line that says what to do.
struct Failure: Error, CustomStringConvertible {
    enum Code: Int32 {
        /// The input was understood and refused.
        case refused = 1
        /// Bad usage, or a bad file.
        case usage = 2
        /// The server could not start, or could not save its state.
        case start = 3
        /// A command that was to be run cannot be run, or is not there, as shells have it.
        case notRunnable = 126
        case notFound = 127
        /// Standard output could not be written.
        case output = 13
    }

    var code: Code
    var message: String
    var description: String { message }

    static func usage(_ message: String) -> Failure { Failure(code: .usage, message: message) }
}

extension Failure {
    /// What commands that read files and options throw on: such an error says all there is to say.
    ///
    /// Nil for errors that are none of the kind.
    init?(ofInput error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case is BundleError, is CatalogError, is FleetError, is MeasuredError, is ProfileError,
            is RecordingError, is SeenRunError, is ShardError, is UnknownPolicyError:
            self = .usage("\(error)")
        default: return nil
        }
    }
}
