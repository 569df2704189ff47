/// The jobs of one account that ask for the same.
struct Jobs {
    /// Calls that went to their end, and left nothing behind.
    var done = 0
    /// The longest that one of those began after the request before it had ended, in nanoseconds of the machine's clock;
    /// where some were under way together, after the one before it.
    var pause: Int64 = 0

    /// Whether some of them were under way together.
    var areTogether = false

    /// Takes in one pause.
    mutating func note(pause: Int64) { self.pause = max(self.pause, pause) }
}
