/// Elements that never change, for an object that is asked for them by every body: to look at one counts no references.
///
/// Unsafe: the owner gives the memory back when it goes itself, and hands the table to nobody who stays longer.
struct FixedTable<Element: Sendable>: Sendable, RandomAccessCollection {
    nonisolated(unsafe) private let elements: UnsafeMutableBufferPointer<Element>

    init(_ elements: [Element]) {
        self.elements = .allocate(capacity: elements.count)
        _ = self.elements.initialize(fromContentsOf: elements)
    }

    /// Gives the memory back.
    func deallocate() {
        elements.deinitialize()
        elements.deallocate()
    }

    /// Where they lie.
    @inline(__always) var buffer: UnsafeBufferPointer<Element> { UnsafeBufferPointer(elements) }

    @inline(__always) var startIndex: Int { 0 }
    @inline(__always) var endIndex: Int { elements.count }

    subscript(position: Int) -> Element {
        @inline(__always) _read {
            precondition(position >= 0 && position < elements.count, "there is no such element")
            yield elements[position]
        }
    }
}
