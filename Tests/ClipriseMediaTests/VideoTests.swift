import ClipriseWire
import Foundation
import RawSocket
import Testing

@testable import ClipriseMedia

@Suite(.ownThreads) struct VideoTests {
    @Test(arguments: Size.videos)
    func `the index stands before the media and holds length and size`(size: Size) throws {
        let bytes = try render(.sample(.mp4, size, seconds: 3, hasSound: true)).bytes
        let boxes = Self.boxes(in: bytes[...])
        #expect(boxes.map(\.type) == ["ftyp", "moov", "mdat"])
        let header = try #require(Self.content(of: ["moov", "mvhd"], in: bytes))
        #expect(bigEndian(header, at: 12) == 1000)
        #expect(bigEndian(header, at: 16) == 3000)
        let sample = try #require(Self.content(of: ["moov", "trak", "mdia", "minf", "stbl", "stsd"], in: bytes))
        #expect(String(decoding: sample[12..<16], as: UTF8.self) == "avc1")
        #expect(Int(sample[40]) << 8 | Int(sample[41]) == size.width)
        #expect(Int(sample[42]) << 8 | Int(sample[43]) == size.height)
    }

    @Test(
        .enabled(if: Tool.ffprobe.isInstalled, "ffprobe is not installed"), arguments: Size.videos, [false, true])
    func `ffprobe reads size, length and tracks without a warning`(size: Size, hasSound: Bool) throws {
        let file = try render(.sample(.mp4, size, seconds: 3, hasSound: hasSound))
        let outcome = try withFile(file.bytes, named: file.fileName) { path in
            try Tool.ffprobe.run([
                "-v", "warning", "-count_frames", "-of", "csv=p=0", "-show_entries",
                "stream=codec_name,width,height,duration,nb_read_frames", path,
            ])
        }
        let video = "h264,\(size.width),\(size.height),3.000000,72"
        #expect(outcome == Tool.Outcome(status: 0, text: hasSound ? "\(video)\naac,3.000000,94" : video))
    }

    @Test(.enabled(if: Tool.ffmpeg.isInstalled, "ffmpeg is not installed"), arguments: Size.videos)
    func `ffmpeg decodes it all without a warning`(size: Size) throws {
        let file = try render(.sample(.mp4, size, seconds: 70, hasSound: true))
        let outcome = try withFile(file.bytes, named: file.fileName) { path in
            try Tool.ffmpeg.run(["-v", "warning", "-i", path, "-f", "null", "-"])
        }
        #expect(outcome == Tool.Outcome(status: 0, text: ""))
    }

    @Test(.enabled(if: Tool.ffmpeg.isInstalled, "ffmpeg is not installed"), arguments: Size.videos)
    func `the picture changes every second`(size: Size) throws {
        let file = try render(.sample(.mp4, size, seconds: 12))
        let outcome = try withFile(file.bytes, named: file.fileName) { path in
            try Tool.ffmpeg.run([
                "-v", "error", "-i", path, "-vf", "select=not(mod(n\\,24))", "-vsync", "0", "-f", "framehash", "-",
            ])
        }
        let hashes = outcome.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .compactMap { $0.split(separator: ",").last }
        #expect(hashes.count == 12)
        #expect(zip(hashes, hashes.dropFirst()).allSatisfy { $0 != $1 })
    }

    @Test(.enabled(if: Tool.ffmpeg.isInstalled, "ffmpeg is not installed"), arguments: Size.videos)
    func `the last frame shows the card without loss and a full bar`(size: Size) throws {
        let spec = ResultSpec.sample(.mp4, size, seconds: 2)
        let file = try render(spec)
        let luma = try withFile(file.bytes, named: file.fileName) { path in
            let raw = path + ".gray"
            _ = try Tool.ffmpeg.run([
                "-v", "error", "-i", path, "-vf", "select=eq(n\\,47),extractplanes=y", "-vsync", "0", "-f", "rawvideo",
                raw,
            ])
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: raw)))
        }
        var card = Card(spec, ordinal: 1)
        let player = try #require(card.player)
        var clock = player.clock
        clock.glyphs = Card.clockGlyphs(seconds: 1)
        card.lines.append(clock)
        card.fills.append(Card.Fill(x: player.barX, y: player.barY, ink: .accent))
        var expected: [UInt8] = []
        var row = [UInt8](repeating: 0, count: size.width)
        for y in 0..<size.height {
            row.withUnsafeMutableBufferPointer { card.paint(row: y, into: $0) }
            expected += row.map { card.palette[$0].studio.luma }
        }
        #expect(luma == expected)
    }

    @Test func `an hour of video stays small`() throws {
        let bytes = try render(.sample(.mp4, Size(64, 64), seconds: 3600, hasSound: true)).bytes
        #expect(bytes.count < 20_000_000)
    }

    // MARK: Reading

    private struct Box {
        var type: String
        var content: ArraySlice<UInt8>
    }

    private static func boxes(in bytes: ArraySlice<UInt8>) -> [Box] {
        var boxes: [Box] = []
        var rest = bytes
        while rest.count >= 8 {
            let size = bigEndian(Array(rest.prefix(4)), at: 0)
            guard size >= 8, size <= rest.count else { break }
            let box = rest.prefix(size)
            boxes.append(
                Box(type: String(decoding: box.dropFirst(4).prefix(4), as: UTF8.self), content: box.dropFirst(8)))
            rest = rest.dropFirst(size)
        }
        return boxes
    }

    /// The content of the first box at the path.
    private static func content(of path: [String], in bytes: [UInt8]) -> [UInt8]? {
        var bytes = bytes[...]
        for type in path {
            guard let box = boxes(in: bytes).first(where: { $0.type == type }) else { return nil }
            bytes = box.content
        }
        return Array(bytes)
    }
}
