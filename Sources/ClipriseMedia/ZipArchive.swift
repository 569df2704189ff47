internal import CZlib

/// Collects files and writes them as a zip archive (APPNOTE 6.3), stored, in order, all dated 1 January 1980.
struct ZipArchive {
    fileprivate struct Entry {
        var name: [UInt8]
        var crc: UInt32
        var size: UInt32
        var offset: UInt32
    }

    /// The local headers and the files, one after another.
    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    private var contentSize = 0

    mutating func append(_ file: [UInt8], name: String) throws(MediaError) {
        contentSize += file.count
        guard contentSize <= MediaLimits.archiveBytes else {
            throw .resultTooLarge(byteCount: contentSize, limit: MediaLimits.archiveBytes)
        }
        let crc = file.withUnsafeBufferPointer { crc32(0, $0.baseAddress, uInt($0.count)) }
        let entry = Entry(
            name: Array(name.utf8), crc: UInt32(truncatingIfNeeded: crc), size: UInt32(file.count),
            offset: UInt32(bytes.count))
        bytes.append(little: 0x0403_4B50 as UInt32)
        bytes.append(facts: entry)
        bytes += entry.name
        bytes += file
        entries.append(entry)
    }

    consuming func finish() -> [UInt8] {
        let directory = bytes.count
        for entry in entries {
            bytes.append(little: 0x0201_4B50 as UInt32)
            // Made by version 6.3 on Unix, whose rights stand in the attributes: a file that all may read and write.
            bytes.append(little: 3 << 8 | 63 as UInt16)
            bytes.append(facts: entry)
            // No comment, on the first disk, no text.
            for _ in 0..<3 { bytes.append(little: 0 as UInt16) }
            bytes.append(little: 0o100_666 << 16 as UInt32)
            bytes.append(little: entry.offset)
            bytes += entry.name
        }
        let size = bytes.count - directory
        bytes.append(little: 0x0605_4B50 as UInt32)
        for number in [0, 0, UInt16(entries.count), UInt16(entries.count)] { bytes.append(little: number) }
        bytes.append(little: UInt32(size))
        bytes.append(little: UInt32(directory))
        bytes.append(little: 0 as UInt16)
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(little number: some FixedWidthInteger) {
        for shift in stride(from: 0, to: number.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    /// What a local header and the directory say alike, up to the lengths of the name and of no further fields.
    fileprivate mutating func append(facts entry: ZipArchive.Entry) {
        // Version 1.0 reads it.
        append(little: 10 as UInt16)
        // Bit 11: the name is UTF-8, and not only ASCII.
        append(little: entry.name.allSatisfy { $0 < 0x80 } ? 0 : 1 << 11 as UInt16)
        // Stored, at midnight of the first day.
        for number in [0, 0, 1 << 5 | 1] as [UInt16] { append(little: number) }
        append(little: entry.crc)
        append(little: entry.size)
        append(little: entry.size)
        append(little: UInt16(entry.name.count))
        append(little: 0 as UInt16)
    }
}
