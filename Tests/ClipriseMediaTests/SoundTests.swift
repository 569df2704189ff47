import ClipriseMedia
import ClipriseWire
import Foundation
import RawSocket
import Testing

@Suite(.ownThreads) struct SoundTests {
    @Test(arguments: [1, 5, 61, 3600])
    func `an MP3 lasts as long as asked, rounded up to a frame`(seconds: Int) throws {
        let bytes = try render(.sample(.mp3, seconds: seconds)).bytes
        let tagSize = bytes[6..<10].reduce(0) { $0 << 7 | Int($1) } + 10
        #expect(Array(bytes.prefix(3)) == Array("ID3".utf8))
        // 1,152 samples of 32 kHz in 144 bytes, and one frame more that holds the length.
        let frames = (seconds * 32_000 + 1151) / 1152
        #expect(bytes.count == tagSize + (frames + 1) * 144)
        let heads = stride(from: tagSize, to: bytes.count, by: 144).map { Array(bytes[$0..<$0 + 2]) }
        #expect(heads.allSatisfy { $0 == [0xFF, 0xFB] })
    }

    @Test(.enabled(if: Tool.ffprobe.isInstalled, "ffprobe is not installed"), arguments: [1, 10, 600])
    func `ffprobe reads length and texts of an MP3 without a warning`(seconds: Int) throws {
        let file = try render(.sample(.mp3, seconds: seconds))
        let outcome = try withFile(file.bytes, named: file.fileName) { path in
            try Tool.ffprobe.run([
                "-v", "warning", "-of", "default=nw=1:nk=1", "-show_entries",
                "format=duration:format_tags=title,comment",
                path,
            ])
        }
        let lines = outcome.text.split(separator: "\n")
        #expect(lines.count == 3, "\(outcome.text)")
        let duration = try #require(lines.first.flatMap { Double($0) })
        #expect((Double(seconds)...Double(seconds) + 0.036).contains(duration))
        #expect(lines[1] == "A café by the sea at dusk, “no” people — 海")
        #expect(lines[2] == "task b7e1c2d4-5f60-4a8b-9c3d-0e1f2a3b4c5d")
    }

    @Test(.enabled(if: Tool.ffmpeg.isInstalled, "ffmpeg is not installed"))
    func `the tones are heard in every second and never clip`() throws {
        let file = try render(.sample(.mp3, seconds: 12))
        let samples = try withFile(file.bytes, named: file.fileName) { path in
            let raw = path + ".s16"
            let outcome = try Tool.ffmpeg.run(["-v", "warning", "-i", path, "-f", "s16le", raw])
            #expect(outcome == Tool.Outcome(status: 0, text: ""))
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: raw)))
            return stride(from: 0, to: bytes.count, by: 2).map {
                Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
            }
        }
        for second in 0..<12 {
            let loudest = samples[second * 32_000..<(second + 1) * 32_000].map(\.magnitude).max() ?? 0
            #expect((4_000...16_000).contains(loudest), "second \(second)")
        }
    }

    @Test func `another prompt sounds different`() throws {
        let files = try ["a", "b", "c"].map { try render(.sample(.mp3, seconds: 1, prompt: $0)).bytes.suffix(1000) }
        #expect(Set(files).count == 3)
    }
}
