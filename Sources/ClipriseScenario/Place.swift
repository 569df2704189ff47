/// A place in a file: 1-based line and column.
package struct Place: Sendable, Hashable {
    package var line: Int
    package var column: Int
}
