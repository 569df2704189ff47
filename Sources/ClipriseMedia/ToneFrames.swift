/// A gentle pattern of notes as AAC frames (ISO/IEC 14496-3, low complexity) that may be repeated without end.
///
/// Mono, 32 kHz. A tone whose frequency is that of a spectral line needs this line alone, and its sign follows the phase
/// from frame to frame; so frames are written by hand, and an encoder is not needed. All have the same size.
struct ToneFrames {
    static let sampleRate = 32_000
    static let samplesPerFrame = 1024
    static let frameBytes = 7
    static let bitRate = frameBytes * 8 * sampleRate / samplesPerFrame
    /// The configuration of the decoder (1.6.2.1): low complexity, 32 kHz, one channel, frames of 1,024 samples.
    static let configuration: [UInt8] = [0x12, 0x88]

    private static let framesPerNote = 8
    private static let notes = 4

    /// The frames of one pattern, one after another.
    private let pattern: [UInt8]

    /// - Parameter seed: Chooses the notes.
    init(seed: UInt64) {
        // Lines of 15.6 Hz, from 227 to 555 Hz, near steps of a pentatonic scale: any order sounds agreeable.
        let scale = [14, 16, 18, 21, 24, 28, 31, 35]
        var seeds = SeedStream(seed: seed)
        var pattern: [UInt8] = []
        for _ in 0..<Self.notes {
            let line = scale[seeds.next(below: scale.count)]
            for frame in 0..<Self.framesPerNote {
                pattern += Self.frame(line: line, isNegative: Self.isNegative(frame, line), loudness: Self.gains[frame])
            }
        }
        self.pattern = pattern
    }

    /// The least number of frames that lasts `seconds`.
    static func frameCount(seconds: Int) -> Int {
        (seconds * sampleRate + samplesPerFrame - 1) / samplesPerFrame
    }

    /// Appends the frames of the given indexes, 0-based.
    func append(frames: Range<Int>, to bytes: inout [UInt8]) {
        for frame in frames {
            let start = frame % (Self.framesPerNote * Self.notes) * Self.frameBytes
            bytes += pattern[start..<start + Self.frameBytes]
        }
    }

    /// The gains of the frames of a note, in steps of 1.5 dB: it swells at once and fades.
    private static let gains: [UInt8] = [184, 192, 191, 190, 188, 185, 180, 172]

    /// From one frame to the next the phase of line k grows by (k + 1/2) half turns: two of four frames are negative.
    private static func isNegative(_ frame: Int, _ line: Int) -> Bool {
        line % 2 == 0 ? (1...2).contains(frame % 4) : frame % 4 >= 2
    }

    private static func frame(line: Int, isNegative: Bool, loudness: UInt8) -> [UInt8] {
        // Up to line 40 the bands have four lines each.
        let band = line / 4
        var bits = BitWriter()
        bits.put(0, 3)  // a single channel
        bits.put(0, 4)
        bits.put(UInt32(loudness), 8)
        bits.put(0, 1)
        bits.put(0, 2)  // one long window
        bits.put(0, 1)  // of the shape of a sine
        bits.put(UInt32(band + 1), 6)
        bits.put(0, 1)  // no prediction
        // The bands before it are empty; its own is written with codebook 5, which has pairs.
        bits.put(0, 4)
        bits.put(UInt32(band), 5)
        bits.put(5, 4)
        bits.put(1, 5)
        bits.put(0, 1)  // the scale factor is the gain
        bits.put(0, 3)  // no pulses, no noise shaping, no gain control
        for pair in 0..<2 {
            switch (line % 4 == 2 * pair, line % 4 == 2 * pair + 1) {
            case (true, _): bits.put(isNegative ? 0x8 : 0x9, 4)
            case (_, true): bits.put(isNegative ? 0xB : 0xA, 4)
            default: bits.put(0, 1)
            }
        }
        bits.put(7, 3)  // the end
        return bits.bytes
    }
}

/// Bits into bytes, the highest first.
private struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var used = 0

    mutating func put(_ value: UInt32, _ count: Int) {
        for shift in stride(from: count - 1, through: 0, by: -1) {
            if used % 8 == 0 { bytes.append(0) }
            if value >> UInt32(shift) & 1 == 1 { bytes[bytes.count - 1] |= 0x80 >> UInt8(used % 8) }
            used += 1
        }
    }
}
