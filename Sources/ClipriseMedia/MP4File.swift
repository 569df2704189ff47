internal import ClipriseWire

/// Writes the video of a task as an MP4 file whose index stands before the media, so that playing can start at once.
///
/// Video and sound alternate second by second.
func mp4File(_ spec: ResultSpec, ordinal: Int) throws(MediaError) -> [UInt8] {
    let card = Card(spec, ordinal: ordinal)
    guard let player = card.player else { preconditionFailure("a video's card has a player") }
    let format = VideoFormat(width: spec.width, height: spec.height)
    let frameCount = spec.seconds * VideoFormat.framesPerSecond
    var encoder = VideoEncoder(card: card, player: player, format: format, frameCount: frameCount)
    let sound = spec.hasSound ? ToneFrames(seed: soundSeed(spec, ordinal: ordinal)) : nil
    let soundFrames = sound == nil ? 0 : ToneFrames.frameCount(seconds: spec.seconds)

    var index = MovieIndex(
        seconds: spec.seconds, format: format, hasSound: spec.hasSound, metadata: Metadata(spec))
    // The tables only depend on counts in their size, so the index can be measured before it is known.
    index.videoSizes = Array(repeating: 0, count: frameCount)
    index.videoChunks = Array(repeating: 0, count: spec.seconds)
    index.soundChunks = index.chunksOfSound()
    let headBytes = index.bytes().count + 8

    var writer = NALWriter()
    // A digit of the clock takes at most 7 kB; an untouched rest of this costs no memory.
    writer.bytes.reserveCapacity(headBytes + soundFrames * ToneFrames.frameBytes + spec.seconds * 8192 + 300_000)
    writer.bytes += [UInt8](repeating: 0, count: headBytes)
    for second in 0..<spec.seconds {
        index.videoChunks[second] = writer.bytes.count
        for frame in 0..<VideoFormat.framesPerSecond {
            let start = writer.bytes.count
            writer.bytes += [0, 0, 0, 0]
            encoder.appendFrame(to: &writer)
            let size = writer.bytes.count - start
            patch(&writer.bytes, at: start, with: size - 4)
            index.videoSizes[second * VideoFormat.framesPerSecond + frame] = size
        }
        if let sound {
            index.soundChunks[second].offset = writer.bytes.count
            sound.append(frames: index.soundChunks[second].frames, to: &writer.bytes)
        }
    }
    var head = BoxWriter(bytes: index.bytes())
    head.u32(writer.bytes.count - headBytes + 8)
    head.text("mdat")
    writer.bytes.replaceSubrange(..<headBytes, with: head.bytes)
    return writer.bytes
}

private func patch(_ bytes: inout [UInt8], at start: Int, with value: Int) {
    for (index, shift) in [24, 16, 8, 0].enumerated() { bytes[start + index] = UInt8(value >> shift & 0xFF) }
}
