internal import CClipriseData

/// What this program is: the one place that holds its number.
package enum Version {
    /// As in `0.2.0` (semantic versioning).
    package static let number = "0.2.0"

    /// The first eight digits of the commit; `dev` in a build from a working tree.
    package static var commit: String {
        let whole = String(cString: cdata_commit())
        return whole.isEmpty ? "dev" : String(whole.prefix(8))
    }

    /// What `--version` prints.
    package static func line(of program: String) -> String {
        "\(program) \(number) (commit \(commit), catalogue \(BuiltInCatalogue.hashText))"
    }
}
