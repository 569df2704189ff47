/// A file that is built into the program.
package struct BuiltInFile: Sendable {
    /// Without its folder.
    package let name: String
    private let text: StaticString

    init(_ name: String, _ text: StaticString) {
        self.name = name
        self.text = text
    }

    package var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }
}

/// The files of some folders, each in the order of their names; the plugin `EmbedFiles` lists them.
package enum BuiltInFiles {}
