internal import Glibc

/// Connections of commands to one host that lead here, whether or not their programs ask the environment for a proxy.
///
/// The library of virtual time does it, which programs of glibc load; others, and Go's, go by the proxy alone.
package final class Redirection {
    /// The folder with the library; nil when somebody else's is loaded.
    private let folder: String?

    /// - Parameters:
    ///   - host: As programs look it up.
    ///   - isPreloaded: Whether commands load the library already.
    /// - Throws: `VirtualTimeError` when there is no folder that a library can be loaded from.
    package init(host: String, plainPort: UInt16, securePort: UInt16, isPreloaded: Bool) throws(VirtualTimeError) {
        folder = isPreloaded ? nil : try LibraryFolder.make()
        setenv("CLIPRISE_MOCK_REDIRECT", "\(host)=\(plainPort),\(securePort)", 1)
        if let folder { LibraryFolder.preload(from: folder) }
    }

    deinit { end() }

    /// Takes the library away; what has loaded it keeps it.
    package func end() {
        if let folder { LibraryFolder.remove(folder) }
    }
}
