/// The size of a whole JPEG, read from its frame header (ITU-T T.81, B.2.2).
struct JPEGSize: Equatable {
    struct NotJPEG: Error {
        var reason: String
    }

    var width = 0
    var height = 0

    init(_ bytes: [UInt8]) throws {
        guard bytes.starts(with: [0xFF, 0xD8]), bytes.suffix(2) == [0xFF, 0xD9] else {
            throw NotJPEG(reason: "\(bytes.count) bytes without a start or an end: \(bytes.prefix(16))")
        }
        var place = 2
        while place + 9 < bytes.count, bytes[place] == 0xFF {
            if (0xC0...0xC2).contains(bytes[place + 1]) {
                height = Int(bytes[place + 5]) << 8 | Int(bytes[place + 6])
                width = Int(bytes[place + 7]) << 8 | Int(bytes[place + 8])
                return
            }
            place += 2 + (Int(bytes[place + 2]) << 8 | Int(bytes[place + 3]))
        }
        throw NotJPEG(reason: "no frame header")
    }

    /// Whether the sides are as `across` to `down`, to the pixel.
    func isNearly(_ across: Int, _ down: Int) -> Bool {
        width > 0 && abs(width * down - height * across) < max(across, down)
    }
}
