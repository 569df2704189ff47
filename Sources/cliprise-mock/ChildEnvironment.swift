internal import ArgumentParser
internal import ClipriseWire
internal import Glibc

/// A variable that gets the base URL: `NAME`, or `NAME=/path` for the URL with a path behind it.
struct BaseURLVariable: ExpressibleByArgument {
    var name: String
    var path: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        name = parts[0]
        path = parts.count > 1 ? parts[1] : ""
        let isName = name.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "_") }
        let isPath =
            path.isEmpty ? parts.count == 1 : path.hasPrefix("/") && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isName, let first = name.utf8.first, !first.isASCIIDigit, isPath else { return nil }
    }

    func set(_ base: String) { setenv(name, base + path, 1) }
}

/// What a command that runs against a server of its own finds in its environment.
enum ChildEnvironment {
    /// Hosts that no proxy can reach for it.
    private static let own = ["127.0.0.1", "localhost", "::1"]

    /// Keeps a proxy that the environment names away from the server: a request must not leave the machine.
    static func bypassProxies() {
        let names: [String] = ["no_proxy", "NO_PROXY"]
        let given: [String] = names.map { name in getenv(name).map { String(cString: $0) } ?? "" }
        for (name, value) in zip(names, given) {
            // Some programs read only one of the two.
            let hosts = value.isEmpty ? given.joined() : value
            let known = hosts.split(separator: ",").map { String($0.filter { $0 != " " }) }
            let all = known.contains("*") ? known : known + own.filter { !known.contains($0) }
            setenv(name, all.joined(separator: ","), 1)
        }
    }
}
