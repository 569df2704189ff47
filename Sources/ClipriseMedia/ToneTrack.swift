internal import CLame
internal import ClipriseLocks
internal import Glibc

/// A gentle pattern of four notes as MP3 frames (ISO/IEC 11172-3, layer III) that may be repeated without end.
///
/// Mono, 32 kHz, 32 kbit/s: every frame has the same size, and none refers to another, as the bit reservoir is off.
/// So an hour of sound costs the encoding of one pattern.
struct ToneTrack {
    static let sampleRate = 32_000
    static let samplesPerFrame = 1152
    static let frameBytes = 144
    static let bitRate = 32_000

    private static let framesPerNote = 7
    private static let notes = 4
    private static let patternFrames = framesPerNote * notes

    /// The frames of one pattern, one after another.
    private let pattern: [UInt8]

    /// - Parameter seed: Chooses the notes.
    init(seed: UInt64) throws(MediaError) {
        let encoded = try Self.encode(Self.samples(seed: seed))
        // The second pass of the pattern: by then the encoder's start has faded.
        let second = Self.patternFrames * Self.frameBytes
        guard encoded.count >= 2 * second else {
            throw .libraryRefused(step: "lame_encode_buffer", code: encoded.count)
        }
        pattern = Array(encoded[second..<2 * second])
    }

    /// The four header bytes that all frames share.
    var frameHeader: ArraySlice<UInt8> { pattern[..<4] }

    /// The least number of frames that lasts `seconds`.
    static func frameCount(seconds: Int) -> Int {
        (seconds * sampleRate + samplesPerFrame - 1) / samplesPerFrame
    }

    /// Appends the frames of the given indexes, 0-based.
    func append(frames: Range<Int>, to bytes: inout [UInt8]) {
        for frame in frames {
            let start = frame % Self.patternFrames * Self.frameBytes
            bytes += pattern[start..<start + Self.frameBytes]
        }
    }

    /// Two passes of the pattern and the frames that the encoder looks ahead.
    ///
    /// Each note swells and fades to silence, so the seam of the pattern is silent.
    private static func samples(seed: UInt64) -> [Int16] {
        // Steps of a pentatonic scale: any order sounds agreeable.
        let scale: [Double] = [220, 246.94, 277.18, 329.63, 369.99, 440, 493.88, 554.37]
        var seeds = SeedStream(seed: seed)
        let length = framesPerNote * samplesPerFrame
        var pattern: [Int16] = []
        pattern.reserveCapacity(notes * length)
        for _ in 0..<notes {
            let step = 2 * Double.pi * scale[seeds.next(below: scale.count)] / Double(sampleRate)
            for index in 0..<length {
                let part = Double(index) / Double(length)
                let loudness = min(1, part * 20) * (1 - part) * 0.3
                let angle = step * Double(index)
                let wave = sin(angle) + 0.25 * sin(2 * angle)
                pattern.append(Int16(wave * loudness * 32_767))
            }
        }
        return pattern + pattern + pattern.prefix(6 * samplesPerFrame)
    }

    /// LAME fills tables shared by all its encoders whenever one starts, so only one may run at a time.
    private static let lame = Locked(())

    private static func encode(_ samples: [Int16]) throws(MediaError) -> [UInt8] {
        try lame.withLock { _ throws(MediaError) in
            guard let flags = lame_init() else { throw .libraryRefused(step: "lame_init", code: -1) }
            defer { lame_close(flags) }
            lame_set_in_samplerate(flags, Int32(sampleRate))
            lame_set_out_samplerate(flags, Int32(sampleRate))
            lame_set_num_channels(flags, 1)
            lame_set_mode(flags, MONO)
            lame_set_brate(flags, Int32(bitRate / 1000))
            lame_set_quality(flags, 7)
            lame_set_disable_reservoir(flags, 1)
            // That frame would carry the version of the library.
            lame_set_bWriteVbrTag(flags, 0)
            let started = lame_init_params(flags)
            guard started >= 0 else { throw .libraryRefused(step: "lame_init_params", code: Int(started)) }
            var code: Int32 = 0
            let room = samples.count * 5 / 4 + 7200
            let bytes = [UInt8](unsafeUninitializedCapacity: room) { bytes, count in
                code = lame_encode_buffer(
                    flags, samples, nil, Int32(samples.count), bytes.baseAddress, Int32(room))
                count = Int(max(0, code))
            }
            guard code >= 0 else { throw .libraryRefused(step: "lame_encode_buffer", code: Int(code)) }
            return bytes
        }
    }
}
