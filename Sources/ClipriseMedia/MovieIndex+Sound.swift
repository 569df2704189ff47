extension MovieIndex {
    func writeSoundTrack(_ writer: inout BoxWriter) {
        writeTrack(
            id: 2, volume: 0x100, scale: ToneFrames.sampleRate, handler: "soun", name: "sound", to: &writer,
            head: { $0.fullBox("smhd") { $0.zeros(4) } }, tables: writeSoundTables)
    }

    private func writeSoundTables(_ writer: inout BoxWriter) {
        let frameCount = ToneFrames.frameCount(seconds: seconds)
        writer.fullBox("stsd") { box in
            box.u32(1)
            box.box("mp4a", content: writeSoundEntry)
        }
        writer.fullBox("stts") { box in
            // The last frame is cut, so that sound and picture end together.
            let last = seconds * ToneFrames.sampleRate - (frameCount - 1) * ToneFrames.samplesPerFrame
            for value in [2, frameCount - 1, ToneFrames.samplesPerFrame, 1, last] { box.u32(value) }
        }
        writer.fullBox("stsc") { box in
            var runs: [(first: Int, count: Int)] = []
            for (index, chunk) in soundChunks.enumerated() where chunk.frames.count != runs.last?.count {
                runs.append((index + 1, chunk.frames.count))
            }
            box.u32(runs.count)
            for run in runs {
                for value in [run.first, run.count, 1] { box.u32(value) }
            }
        }
        writer.fullBox("stsz") { box in
            box.u32(ToneFrames.frameBytes)
            box.u32(frameCount)
        }
        writeOffsets(&writer, soundChunks.map(\.offset))
    }

    private func writeSoundEntry(_ box: inout BoxWriter) {
        box.zeros(6)
        box.u16(1)
        box.zeros(8)
        box.u16(1)  // mono
        box.u16(16)
        box.zeros(4)
        box.u32(ToneFrames.sampleRate << 16)
        // The elementary stream descriptor of ISO/IEC 14496-1: MPEG-4 audio.
        box.fullBox("esds") { box in
            box.u8(3)
            box.u8(3 + 2 + 13 + 2 + ToneFrames.configuration.count + 2 + 1)
            box.u16(2)
            box.u8(0)
            box.u8(4)
            box.u8(13 + 2 + ToneFrames.configuration.count)
            box.u8(0x40)
            box.u8(0x15)
            box.zeros(3)
            box.u32(ToneFrames.bitRate)
            box.u32(ToneFrames.bitRate)
            box.u8(5)
            box.u8(ToneFrames.configuration.count)
            box.bytes += ToneFrames.configuration
            box.u8(6)
            box.u8(1)
            box.u8(2)
        }
    }

    // MARK: Texts

    /// Title, artist and comment, where players and `ffprobe` look for them.
    func writeUserData(_ writer: inout BoxWriter) {
        writer.box("udta") { box in
            box.fullBox("meta") { box in
                box.fullBox("hdlr") { box in
                    box.zeros(4)
                    box.text("mdirappl")
                    box.zeros(9)
                }
                box.box("ilst") { box in
                    writeText(&box, [0xA9] + Array("nam".utf8), metadata.prompt)
                    writeText(&box, [0xA9] + Array("ART".utf8), metadata.model)
                    writeText(&box, [0xA9] + Array("cmt".utf8), metadata.line)
                }
            }
        }
    }

    /// These types start with a byte that is no ASCII, so they are written by hand.
    private func writeText(_ writer: inout BoxWriter, _ type: [UInt8], _ text: String) {
        let utf8 = Array(text.utf8)
        writer.u32(8 + 16 + utf8.count)
        writer.bytes += type
        writer.box("data") { box in
            box.u32(1)
            box.u32(0)
            box.bytes += utf8
        }
    }
}
