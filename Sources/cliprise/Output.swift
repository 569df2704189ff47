internal import ClipriseWire

/// Writes all of a text.
///
/// - Returns: The system's number when not all could be written.
@discardableResult
func write(_ text: String, to descriptor: Int32) -> Int32? {
    OutputPath.write(Array(text.utf8)[...], to: descriptor)
}
