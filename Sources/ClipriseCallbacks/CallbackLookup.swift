package import ClipriseHTTP

/// Finds the addresses of a name, in the order of preference.
///
/// May block: it runs on a thread of its own.
package typealias CallbackLookup = @Sendable (_ name: String) throws(CallbackFailure) -> [IPAddress]
