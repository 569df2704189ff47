/// Writes big-endian numbers and the boxes of ISO/IEC 14496-12.
struct BoxWriter {
    var bytes: [UInt8] = []

    mutating func u8(_ value: Int) {
        bytes.append(UInt8(value))
    }

    mutating func u16(_ value: Int) {
        u8(value >> 8)
        u8(value & 0xFF)
    }

    mutating func u32(_ value: Int) {
        u16(value >> 16)
        u16(value & 0xFFFF)
    }

    mutating func zeros(_ count: Int) {
        for _ in 0..<count { bytes.append(0) }
    }

    mutating func text(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func box(_ type: StaticString, content: (inout BoxWriter) -> Void) {
        let start = bytes.count
        u32(0)
        text(type)
        content(&self)
        let size = bytes.count - start
        for (index, shift) in [24, 16, 8, 0].enumerated() { bytes[start + index] = UInt8(size >> shift & 0xFF) }
    }

    /// Writes a box that starts with a version and flags.
    mutating func fullBox(
        _ type: StaticString, version: Int = 0, flags: Int = 0, content: (inout BoxWriter) -> Void
    ) {
        box(type) { box in
            box.u32(version << 24 | flags)
            content(&box)
        }
    }
}
