import ClipriseMedia
import ClipriseWire
import RawSocket
import Testing

@Suite(.ownThreads) struct PictureTests {
    @Test(arguments: Size.images)
    func `a PNG has the asked size, one pixel stream and right checksums`(size: Size) throws {
        let file = try render(.sample(.png, size))
        #expect(file.bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        let chunks = Self.chunks(of: file.bytes)
        #expect(chunks.map(\.type) == ["IHDR", "tEXt", "iTXt", "tEXt", "tEXt", "IDAT", "IEND"])
        #expect(chunks.allSatisfy { $0.hasRightChecksum })
        let head = try #require(chunks.first?.data)
        #expect(bigEndian(head, at: 0) == size.width)
        #expect(bigEndian(head, at: 4) == size.height)
        #expect(head[8...] == [8, 2, 0, 0, 0])
    }

    @Test func `only a transparent PNG has an alpha channel`() throws {
        let colourTypes = try [false, true].map { isTransparent in
            let file = try render(.sample(.png, Size(64, 64), isTransparent: isTransparent))
            return try #require(Self.chunks(of: file.bytes).first).data[9]
        }
        #expect(colourTypes == [2, 6])
    }

    @Test(arguments: Size.images)
    func `a JPEG has the asked size`(size: Size) throws {
        let bytes = try render(.sample(.jpeg, size)).bytes
        #expect(bytes.starts(with: [0xFF, 0xD8]))
        #expect(bytes.suffix(2) == [0xFF, 0xD9])
        let frame = try #require(Self.frameHeader(of: bytes))
        #expect(Int(frame[1]) << 8 | Int(frame[2]) == size.height)
        #expect(Int(frame[3]) << 8 | Int(frame[4]) == size.width)
    }

    @Test(
        .enabled(if: Tool.pillow.isInstalled, "python3 with Pillow is not installed"),
        arguments: [ResultSpec.Form.png, .jpeg], Size.images)
    func `Pillow decodes every pixel and finds the task in the comment`(form: ResultSpec.Form, size: Size) throws {
        let file = try render(.sample(form, size))
        let program = """
            import sys
            from PIL import Image
            picture = Image.open(sys.argv[1])
            picture.load()
            comment = picture.info.get('Comment') or picture.info['comment'].decode()
            print(picture.size, picture.mode, comment)
            """
        let outcome = try withFile(file.bytes, named: file.fileName) { try Tool.pillow.run(["-c", program, $0]) }
        let comment = "made by cliprise-mock; model grok-imagine; task b7e1c2d4-5f60-4a8b-9c3d-0e1f2a3b4c5d"
        #expect(outcome == Tool.Outcome(status: 0, text: "(\(size.width), \(size.height)) RGB \(comment)"))
    }

    @Test(.enabled(if: Tool.pillow.isInstalled, "python3 with Pillow is not installed"))
    func `a transparent picture has clear corners and an opaque panel`() throws {
        let file = try render(.sample(.png, Size(1024, 1024), isTransparent: true))
        let program = """
            import sys
            from PIL import Image
            picture = Image.open(sys.argv[1])
            print(picture.mode, picture.getpixel((0, 1023))[3], picture.getpixel((512, 900))[3])
            """
        let outcome = try withFile(file.bytes, named: file.fileName) { try Tool.pillow.run(["-c", program, $0]) }
        #expect(outcome == Tool.Outcome(status: 0, text: "RGBA 0 255"))
    }

    @Test(
        .enabled(if: Tool.file.isInstalled, "file is not installed"),
        arguments: [
            (ResultSpec.Form.png, "image/png"), (.jpeg, "image/jpeg"), (.mp4, "video/mp4"), (.mp3, "audio/mpeg"),
            (.transcript, "application/json"),
        ])
    func `the file program names the media type that is sent`(form: ResultSpec.Form, type: String) throws {
        let file = try render(.sample(form, Size(64, 64), seconds: 2))
        let outcome = try withFile(file.bytes, named: "sample") { try Tool.file.run(["--brief", "--mime-type", $0]) }
        #expect(outcome == Tool.Outcome(status: 0, text: type))
        #expect(file.contentType.text.hasPrefix(type))
    }

    // MARK: Reading

    private struct Chunk {
        var type: String
        var data: [UInt8]
        var hasRightChecksum: Bool
    }

    private static func chunks(of png: [UInt8]) -> [Chunk] {
        var chunks: [Chunk] = []
        var at = 8
        while at + 12 <= png.count {
            let end = at + 8 + bigEndian(png, at: at)
            guard end + 4 <= png.count else { break }
            chunks.append(
                Chunk(
                    type: String(decoding: png[at + 4..<at + 8], as: UTF8.self), data: Array(png[at + 8..<end]),
                    hasRightChecksum: bigEndian(png, at: end) == Int(checksum(png[at + 4..<end]))))
            at = end + 4
        }
        return chunks
    }

    /// CRC-32 bit by bit, independent of the library that wrote it.
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var remainder: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1 }
        }
        return ~remainder
    }

    /// What stands in the baseline frame header after its length.
    private static func frameHeader(of jpeg: [UInt8]) -> [UInt8]? {
        var at = 2
        while at + 4 <= jpeg.count, jpeg[at] == 0xFF {
            let length = Int(jpeg[at + 2]) << 8 | Int(jpeg[at + 3])
            if jpeg[at + 1] == 0xC0 { return Array(jpeg[at + 4..<at + 2 + length]) }
            at += 2 + length
        }
        return nil
    }
}
