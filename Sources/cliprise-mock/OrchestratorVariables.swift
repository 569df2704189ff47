/// Variables that Kubernetes and Docker links set for a service called `cliprise-mock`, or one whose name begins so, in
/// every container that can see it.
enum OrchestratorVariables {
    private static let protocols = ["tcp", "udp", "sctp"]

    /// Whether a value is the address of a service, as in `tcp://10.96.0.5:8080`.
    static func isAddress(_ value: String) -> Bool {
        protocols.contains { value.lowercased().hasPrefix($0 + "://") }
    }

    /// Whether a name is one of theirs: `…_SERVICE_HOST`, `…_SERVICE_PORT`, `…_SERVICE_PORT_HTTP`, `…_PORT_8080_TCP`,
    /// `…_PORT_8080_TCP_ADDR` and so on.
    static func isName(_ name: String) -> Bool {
        let words = name.split(separator: "_", omittingEmptySubsequences: false)
        for index in words.indices.dropLast() {
            if words[index] == "SERVICE", ["HOST", "PORT"].contains(words[index + 1]) { return true }
            guard words[index] == "PORT", words.indices.contains(index + 2), UInt16(words[index + 1]) != nil else {
                continue
            }
            if protocols.contains(words[index + 2].lowercased()) { return true }
        }
        return false
    }
}
