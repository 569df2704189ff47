/// The fixed properties of our H.264 streams and their parameter sets.
struct VideoFormat {
    static let framesPerSecond = 24
    /// `frame_num` counts modulo this.
    static let frameNumberBits = 4

    let width: Int
    let height: Int

    /// Macroblocks are 16 by 16 pixels.
    var columns: Int { (width + 15) / 16 }
    var rows: Int { (height + 15) / 16 }

    /// Ten times the level: the lowest whose frame size (table A-1) holds the picture and our large first frame.
    var level: UInt8 {
        let sizes: [(blocks: Int, level: UInt8)] = [
            (396, 20), (1620, 30), (3600, 31), (8192, 40), (22080, 50), (36864, 51),
        ]
        // A side may be at most the root of eight times the frame size.
        let side = max(columns, rows)
        return sizes.first { columns * rows <= $0.blocks && side * side <= 8 * $0.blocks }?.level ?? 60
    }

    /// The sequence parameter set (7.3.2.1), without length or start code: constrained baseline profile.
    var sequenceParameters: [UInt8] {
        var writer = NALWriter()
        writer.begin(header: 0x67)
        for byte in [66, 0xC0, UInt32(level)] { writer.put(byte, bits: 8) }
        writer.putGolomb(0)  // set 0
        writer.putGolomb(Self.frameNumberBits - 4)
        writer.putGolomb(2)  // frames are shown in the order in which they come
        writer.putGolomb(1)  // one reference frame
        writer.put(false)  // no gaps in frame_num
        writer.putGolomb(columns - 1)
        writer.putGolomb(rows - 1)
        writer.put(true)  // frames only
        writer.put(true)  // direct_8x8_inference
        let crop = (right: columns * 16 - width, bottom: rows * 16 - height)
        writer.put(crop.right + crop.bottom > 0)
        if crop.right + crop.bottom > 0 {
            for edge in [0, crop.right / 2, 0, crop.bottom / 2] { writer.putGolomb(edge) }
        }
        writer.put(true)
        putUsability(&writer)
        writer.finish()
        return writer.bytes
    }

    /// The usability information (annex E): BT.709 colours, a fixed frame rate, no reordering.
    private func putUsability(_ writer: inout NALWriter) {
        writer.put(false)  // no aspect ratio
        writer.put(false)  // no overscan
        writer.put(true)
        writer.put(5, bits: 3)  // no video standard
        writer.put(false)  // studio range
        writer.put(true)
        for _ in 0..<3 { writer.put(1, bits: 8) }  // BT.709: primaries, transfer, matrix
        writer.put(false)  // default place of the colour samples
        writer.put(true)
        writer.put(1, bits: 32)
        writer.put(UInt32(2 * Self.framesPerSecond), bits: 32)  // a frame is two ticks
        writer.put(true)  // fixed rate
        writer.put(false)  // no NAL buffering model
        writer.put(false)  // no VCL buffering model
        writer.put(false)  // no picture structure
        writer.put(true)
        writer.put(true)  // vectors may point outside
        for value in [0, 0, 0, 0, 0, 1] { writer.putGolomb(value) }  // no limits; no reordering; one frame kept
    }

    /// The picture parameter set (7.3.2.2): CAVLC, deblocking under the control of each slice.
    var pictureParameters: [UInt8] {
        var writer = NALWriter()
        writer.begin(header: 0x68)
        writer.putGolomb(0)  // set 0
        writer.putGolomb(0)  // of sequence set 0
        writer.put(false)  // CAVLC
        writer.put(false)  // no field order
        writer.putGolomb(0)  // one slice group
        writer.putGolomb(0)  // one reference
        writer.putGolomb(0)
        writer.put(false)  // no weights
        writer.put(0, bits: 2)
        for _ in 0..<3 { writer.putGolomb(0) }  // quantizer 26 and no offsets; nothing is quantized
        writer.put(true)  // slices control deblocking
        writer.put(false)  // intra prediction may use inter macroblocks
        writer.put(false)  // no redundant pictures
        writer.finish()
        return writer.bytes
    }
}
