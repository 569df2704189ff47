/// Why time could not be made virtual, in one line that says what to do.
package struct VirtualTimeError: Error, Hashable {
    package var message: String
}
