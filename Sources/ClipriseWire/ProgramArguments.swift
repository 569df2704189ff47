internal import Glibc

/// The words behind the program's name.
///
/// When a preloaded library has set an environment variable before the program began, the standard library finds no
/// argument at all, not even the name; the kernel still has them.
public enum ProgramArguments {
    /// Nil when they cannot be read anywhere.
    public static func read() -> [String]? {
        let known = CommandLine.arguments
        if !known.isEmpty { return Array(known.dropFirst()) }
        return kernelWords().flatMap { $0.isEmpty ? nil : Array($0.dropFirst()) }
    }

    /// What to say when there is nothing to read.
    public static let problem = "the arguments of this program cannot be read, and /proc/self/cmdline neither"

    private static func kernelWords() -> [String]? {
        let file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file, &piece, piece.count)
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        // Each ends with a NUL.
        if bytes.last == 0 { bytes.removeLast() }
        return bytes.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }
}
