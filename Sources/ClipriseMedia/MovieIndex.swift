/// The boxes in front of the media data: `ftyp` and `moov`.
struct MovieIndex {
    struct SoundChunk {
        var frames: Range<Int>
        var offset = 0
    }

    let seconds: Int
    let format: VideoFormat
    let hasSound: Bool
    let metadata: Metadata
    /// The bytes of each frame, in order.
    var videoSizes: [Int] = []
    /// Where in the file each second of video starts.
    var videoChunks: [Int] = []
    var soundChunks: [SoundChunk] = []

    /// Ticks per second of the movie's own clock.
    private static let movieScale = 1000
    private static let videoScale = 1000 * VideoFormat.framesPerSecond
    private static let undetermined = 0x55C4  // "und", three letters of five bits

    /// The sound frames that start in each second; empty without sound.
    func chunksOfSound() -> [SoundChunk] {
        guard hasSound else { return [] }
        return (0..<seconds).map { second in
            SoundChunk(frames: ToneFrames.frameCount(seconds: second)..<ToneFrames.frameCount(seconds: second + 1))
        }
    }

    func bytes() -> [UInt8] {
        var writer = BoxWriter()
        writer.box("ftyp") { box in
            box.text("isom")
            box.u32(512)
            for brand: StaticString in ["isom", "iso2", "avc1", "mp41"] { box.text(brand) }
        }
        writer.box("moov") { box in
            writeMovieHeader(&box)
            writeVideoTrack(&box)
            if hasSound { writeSoundTrack(&box) }
            writeUserData(&box)
        }
        return writer.bytes
    }

    private func writeMovieHeader(_ writer: inout BoxWriter) {
        writer.fullBox("mvhd") { box in
            box.zeros(8)  // no dates
            box.u32(Self.movieScale)
            box.u32(seconds * Self.movieScale)
            box.u32(0x10000)  // speed 1
            box.u16(0x100)  // full volume
            box.zeros(10)
            writeUnitMatrix(&box)
            box.zeros(24)
            box.u32(hasSound ? 3 : 2)
        }
    }

    private func writeUnitMatrix(_ writer: inout BoxWriter) {
        for value in [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000] { writer.u32(value) }
    }

    func writeTrack(
        id: Int, volume: Int = 0, width: Int = 0, height: Int = 0, scale: Int, handler: StaticString,
        name: StaticString, to writer: inout BoxWriter, head: (inout BoxWriter) -> Void,
        tables: (inout BoxWriter) -> Void
    ) {
        writer.box("trak") { box in
            box.fullBox("tkhd", flags: 3) { box in
                box.zeros(8)
                box.u32(id)
                box.zeros(4)
                box.u32(seconds * Self.movieScale)
                box.zeros(12)
                box.u16(volume)
                box.zeros(2)
                writeUnitMatrix(&box)
                box.u32(width << 16)
                box.u32(height << 16)
            }
            box.box("mdia") { box in
                writeMediaHead(&box, scale: scale, handler: handler, name: name)
                box.box("minf") { box in
                    head(&box)
                    // The media lie in this file.
                    box.box("dinf") { box in
                        box.fullBox("dref") { box in
                            box.u32(1)
                            box.fullBox("url ", flags: 1) { _ in }
                        }
                    }
                    box.box("stbl", content: tables)
                }
            }
        }
    }

    private func writeMediaHead(_ writer: inout BoxWriter, scale: Int, handler: StaticString, name: StaticString) {
        writer.fullBox("mdhd") { box in
            box.zeros(8)
            box.u32(scale)
            box.u32(seconds * scale)
            box.u16(Self.undetermined)
            box.u16(0)
        }
        writer.fullBox("hdlr") { box in
            box.zeros(4)
            box.text(handler)
            box.zeros(12)
            box.text(name)
            box.u8(0)
        }
    }

    // MARK: Video

    private func writeVideoTrack(_ writer: inout BoxWriter) {
        writeTrack(
            id: 1, width: format.width, height: format.height, scale: Self.videoScale, handler: "vide", name: "video",
            to: &writer, head: { $0.fullBox("vmhd", flags: 1) { $0.zeros(8) } }, tables: writeVideoTables)
    }

    private func writeVideoTables(_ writer: inout BoxWriter) {
        writer.fullBox("stsd") { box in
            box.u32(1)
            box.box("avc1", content: writeVideoEntry)
        }
        writer.fullBox("stts") { box in
            for value in [1, videoSizes.count, Self.videoScale / VideoFormat.framesPerSecond] { box.u32(value) }
        }
        writer.fullBox("stss") { box in
            for value in [1, 1] { box.u32(value) }  // only the first frame stands alone
        }
        writer.fullBox("stsc") { box in
            for value in [1, 1, VideoFormat.framesPerSecond, 1] { box.u32(value) }
        }
        writer.fullBox("stsz") { box in
            box.u32(0)
            box.u32(videoSizes.count)
            for size in videoSizes { box.u32(size) }
        }
        writeOffsets(&writer, videoChunks)
    }

    func writeOffsets(_ writer: inout BoxWriter, _ offsets: [Int]) {
        writer.fullBox("stco") { box in
            box.u32(offsets.count)
            for offset in offsets { box.u32(offset) }
        }
    }

    private func writeVideoEntry(_ box: inout BoxWriter) {
        box.zeros(6)
        box.u16(1)
        box.zeros(16)
        box.u16(format.width)
        box.u16(format.height)
        box.u32(0x48_0000)  // 72 dots per inch
        box.u32(0x48_0000)
        box.zeros(4)
        box.u16(1)
        box.zeros(32)
        box.u16(24)
        box.u16(0xFFFF)
        box.box("avcC") { box in
            let sequence = format.sequenceParameters
            let picture = format.pictureParameters
            box.u8(1)
            box.bytes += sequence[1..<4]
            box.u8(0xFF)  // lengths of four bytes
            box.u8(0xE1)  // one set
            box.u16(sequence.count)
            box.bytes += sequence
            box.u8(1)
            box.u16(picture.count)
            box.bytes += picture
        }
        box.box("colr") { box in
            box.text("nclx")
            for _ in 0..<3 { box.u16(1) }  // BT.709
            box.u8(0)  // studio range
        }
    }
}
