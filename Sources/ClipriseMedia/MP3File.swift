internal import ClipriseWire

/// Writes the sound of a task as an MP3 file: an ID3 tag, a frame that holds the length, then constant bit rate.
func mp3File(_ spec: ResultSpec, ordinal: Int) throws(MediaError) -> [UInt8] {
    let track = try ToneTrack(seed: soundSeed(spec, ordinal: ordinal))
    let frameCount = ToneTrack.frameCount(seconds: spec.seconds)
    var file = identityTag(Metadata(spec))
    file.reserveCapacity(file.count + (frameCount + 1) * ToneTrack.frameBytes)
    file += lengthFrame(header: track.frameHeader, frameCount: frameCount)
    track.append(frames: 0..<frameCount, to: &file)
    return file
}

/// The seed of a task's notes.
func soundSeed(_ spec: ResultSpec, ordinal: Int) -> UInt64 {
    var hash = StableHash()
    hash.feed(spec.model)
    hash.feed(spec.prompt)
    return hash.value &+ UInt64(ordinal)
}

/// A silent frame with the "Info" record, from which players take the exact length without reading the file.
private func lengthFrame(header: ArraySlice<UInt8>, frameCount: Int) -> [UInt8] {
    var frame = [UInt8](repeating: 0, count: ToneTrack.frameBytes)
    frame.replaceSubrange(..<4, with: header)
    var record = BoxWriter()
    record.text("Info")
    record.u32(3)  // the two numbers that follow
    record.u32(frameCount)
    record.u32((frameCount + 1) * ToneTrack.frameBytes)
    // The record stands after the header and the side information of a mono frame.
    frame.replaceSubrange(21..<21 + record.bytes.count, with: record.bytes)
    return frame
}

/// An ID3 version 2.4 tag, texts in UTF-8.
private func identityTag(_ metadata: Metadata) -> [UInt8] {
    var frames = BoxWriter()
    func append(_ id: StaticString, _ content: [UInt8]) {
        frames.text(id)
        frames.bytes += sevenBitBytes(content.count)
        frames.u16(0)
        frames.bytes += content
    }
    let utf8: UInt8 = 3
    append("TIT2", [utf8] + Array(metadata.prompt.utf8))
    append("TPE1", [utf8] + Array(metadata.model.utf8))
    append("TENC", [utf8] + Array(Metadata.maker.utf8))
    append("COMM", [utf8] + Array("eng".utf8) + [0] + Array("task \(metadata.taskID)".utf8))
    return Array("ID3".utf8) + [4, 0, 0] + sevenBitBytes(frames.bytes.count) + frames.bytes
}

/// A number in four bytes of seven bits, so that no byte looks like the start of a frame.
private func sevenBitBytes(_ value: Int) -> [UInt8] {
    [21, 14, 7, 0].map { UInt8(value >> $0 & 0x7F) }
}
