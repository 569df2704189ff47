/// Where all callbacks go instead of to their own URLs, as `--callback-to` names it.
///
/// Whoever starts the mock named it, so its host counts as allowed; the callbacks' own hosts are not even looked up.
package struct CallbackDestination: Sendable, Hashable {
    package let target: CallbackTarget

    /// - Parameter url: An origin alone (`http://127.0.0.1:3000`) keeps path and query of each callback's own URL; with
    ///   a path, be it `/`, all callbacks go to exactly this URL.
    package init(_ url: String) throws(CallbackRefusal) {
        target = try CallbackTarget(url)
    }

    /// What is called in place of `original`.
    package func target(for original: CallbackTarget) -> CallbackTarget {
        var target = target
        if target.isBare { target.pathAndQuery = original.pathAndQuery }
        return target
    }
}
