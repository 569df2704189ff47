/// Looks whether a file is whole, as far as its format lets one see it.
///
/// PNG and stored zip entries are checked by their checksums, the others by their structure; a deflated zip entry is not
/// unpacked.
struct FileCheck {
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The most bytes of a transcript that are read, 16 MiB; a longer one counts as sound.
    private static let textLimit = 1 << 24

    func defect(kind: FileKind) -> FileDefect? {
        switch kind {
        case .png: png()
        case .jpeg: jpeg()
        case .mp4: mp4()
        case .zip: zip()
        case .webp, .wav: Int(little32(4)) + 8 > bytes.count ? .cut : nil
        case .json:
            bytes.count > Self.textLimit || (try? RequestValue(json: Array(bytes))) != nil ? nil : .broken
        case .html: .page
        case .mp3, .other: nil
        }
    }

    // Reads beyond the end give 0: each caller has looked at the length, or finds a 0 wrong.
    private func big32(_ offset: Int) -> UInt32 {
        guard offset >= 0, offset + 4 <= bytes.count else { return 0 }
        return bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self).bigEndian
    }

    private func little32(_ offset: Int) -> UInt32 { big32(offset).byteSwapped }

    private func little16(_ offset: Int) -> Int {
        guard offset >= 0, offset + 2 <= bytes.count else { return 0 }
        return Int(bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self).littleEndian)
    }

    private func checksum(_ range: Range<Int>) -> UInt32 { CRC32.of(UnsafeRawBufferPointer(rebasing: bytes[range])) }

    /// Chunks with their checksums up to IEND (ISO/IEC 15948 §5.3).
    private func png() -> FileDefect? {
        var offset = 8
        while offset + 12 <= bytes.count {
            let length = Int(big32(offset))
            guard offset + 12 + length <= bytes.count else { return .cut }
            let end = offset + 8 + length
            guard checksum(offset + 4..<end) == big32(end) else { return .checksum }
            if big32(offset + 4) == 0x4945_4E44 { return nil }
            offset = end + 4
        }
        return .cut
    }

    /// An end mark in the last kilobyte (ITU T.81 B.1.1.3); some programs write a little behind it.
    private func jpeg() -> FileDefect? {
        var offset = bytes.count - 2
        while offset >= max(0, bytes.count - 1_024) {
            if bytes[offset] == 0xFF, bytes[offset + 1] == 0xD9 { return nil }
            offset -= 1
        }
        return .cut
    }

    /// Boxes that fill the file, with an index among them (ISO/IEC 14496-12 §4.2).
    private func mp4() -> FileDefect? {
        var offset = 0
        var hasIndex = false
        while offset + 8 <= bytes.count {
            var length = UInt64(big32(offset))
            if big32(offset + 4) == 0x6D6F_6F76 { hasIndex = true }
            if length == 0 { return hasIndex ? nil : .broken }
            if length == 1 { length = UInt64(big32(offset + 8)) << 32 | UInt64(big32(offset + 12)) }
            guard length >= 8 else { return .broken }
            guard length <= UInt64(bytes.count - offset) else { return .cut }
            offset += Int(length)
        }
        return offset < bytes.count ? .cut : (hasIndex ? nil : .broken)
    }

    /// The directory at the end, and each entry that it names (APPNOTE.TXT 4.3).
    private func zip() -> FileDefect? {
        var end = bytes.count - 22
        let least = max(0, bytes.count - 22 - 65_535)
        while end >= least, little32(end) != 0x0605_4B50 { end -= 1 }
        guard end >= least else { return .cut }
        let count = little16(end + 10)
        var offset = Int(little32(end + 16))
        // Beyond these numbers a zip says them elsewhere (zip64).
        guard count != 0xFFFF, offset != 0xFFFF_FFFF else { return nil }
        guard offset + Int(little32(end + 12)) == end else { return .broken }
        for _ in 0..<count {
            guard little32(offset) == 0x0201_4B50 else { return .broken }
            if let defect = entry(offset) { return defect }
            offset += 46 + little16(offset + 28) + little16(offset + 30) + little16(offset + 32)
        }
        return offset == end ? nil : .broken
    }

    private func entry(_ directory: Int) -> FileDefect? {
        let local = Int(little32(directory + 42))
        let packed = Int(little32(directory + 20))
        guard little32(local) == 0x0403_4B50 else { return .broken }
        let start = local + 30 + little16(local + 26) + little16(local + 28)
        guard start + packed <= bytes.count else { return .cut }
        let isStored = little16(directory + 10) == 0
        return isStored && checksum(start..<start + packed) != little32(directory + 16) ? .checksum : nil
    }
}

/// The checksum of zip and PNG (ITU V.42 §8.1.1.6.2).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { value in
        var word = UInt32(value)
        for _ in 0..<8 { word = word & 1 == 1 ? word >> 1 ^ 0xEDB8_8320 : word >> 1 }
        return word
    }

    static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            var state: UInt32 = .max
            var index = 0
            while index < bytes.count {
                state = state >> 8 ^ table[Int(truncatingIfNeeded: (state ^ UInt32(bytes[index])) & 0xFF)]
                index += 1
            }
            return ~state
        }
    }
}
