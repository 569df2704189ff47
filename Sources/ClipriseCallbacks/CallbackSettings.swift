package import ClipriseWire

/// What holds for all callbacks of one server.
package struct CallbackSettings: Sendable {
    /// Hosts that may be called beyond this machine.
    package var allowedHosts: [CallbackHost] = []
    /// Nil calls each URL itself.
    package var destination: CallbackDestination?
    /// How long one attempt may take, from the name's lookup to the last byte of the answer; positive.
    package var timeout: TimeSpan = TimeSpan.seconds(15)
    /// The most attempts under way at once; positive.
    package var concurrentLimit: Int = 64
    /// The most deliveries that wait for their turn; one more is dropped.
    package var waitingLimit: Int = 10_000
    /// The most bytes of bodies that wait for their turn; a delivery beyond is dropped.
    package var waitingBytesLimit: Int = 64 << 20
    /// Whether a receiver on this machine may show any certificate, such as one that it signed itself.
    ///
    /// Receivers elsewhere must always show one that the system trusts.
    package var acceptsAnyCertificateOnLoopback: Bool = true

    package static let usual = CallbackSettings()
}
