package import ClipriseWire

/// When a callback that was not delivered is tried again.
package struct CallbackSchedule: Sendable, Hashable {
    /// How long one attempt may take.
    package var timeout: TimeSpan
    /// Attempts after the first.
    package var retries: Int
    /// From the end of one attempt to the beginning of the next.
    package var pause: TimeSpan

    package init(timeout: TimeSpan, retries: Int, pause: TimeSpan) {
        self.timeout = timeout
        self.retries = retries
        self.pause = pause
    }

    /// 15 s for each attempt and up to 3 retries, as upstream states.
    ///
    /// It says nothing of the pauses: 5 s is assumed.
    package static let upstream = CallbackSchedule(timeout: .seconds(15), retries: 3, pause: .seconds(5))

    /// How long to wait after an attempt; nil when none follows.
    ///
    /// - Parameter attempt: 1-based.
    package func pause(afterAttempt attempt: Int, isDelivered: Bool) -> TimeSpan? {
        isDelivered || attempt > retries ? nil : pause
    }
}
