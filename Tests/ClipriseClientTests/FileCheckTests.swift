import Foundation
import ProgramRunner
import RawSocket
import Testing

@testable import ClipriseClient

@Suite(.ownThreads) struct FileCheckTests {
    private static func defect(_ bytes: [UInt8]) -> FileDefect? {
        bytes.withUnsafeBytes { FileCheck($0).defect(kind: FileKind(beginning: bytes)) }
    }

    /// Files that programs which have nothing to do with ours have made.
    static let makers: [(kind: FileKind, script: String)] = [
        (
            .zip,
            "import zipfile,sys,io\nb=io.BytesIO()\nz=zipfile.ZipFile(b,'w')\n"
                + "z.writestr('a.png',bytes(range(256))*8)\nz.writestr('b.png',b'b'*999)\nz.close()\n"
                + "sys.stdout.buffer.write(b.getvalue())"
        ),
        (
            .png,
            "import zlib,struct,sys\ndef c(t,d):return struct.pack('>I',len(d))+t+d+struct.pack('>I',zlib.crc32(t+d))\n"
                + "sys.stdout.buffer.write(b'\\x89PNG\\r\\n\\x1a\\n'+c(b'IHDR',struct.pack('>IIBBBBB',9,9,8,0,0,0,0))"
                + "+c(b'IDAT',zlib.compress(b'\\0'*90))+c(b'IEND',b''))"
        ),
    ]

    private static func make(_ script: String) throws -> [UInt8] {
        try withFolder { folder in
            let path = "\(folder)/file"
            let outcome = try Program.bash.run(
                ["-c", "python3 -c \"$SCRIPT\" > \(path)"], environment: ["SCRIPT": script])
            try #require(outcome.status == 0, "\(outcome.errors)")
            return try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
        }
    }

    @Test(.enabled(if: Program.python.works("--version")), arguments: makers)
    func `a sound file passes, cut anywhere or changed in its contents it does not`(
        maker: (kind: FileKind, script: String)
    ) throws {
        let bytes = try Self.make(maker.script)
        #expect(FileKind(beginning: bytes) == maker.kind)
        #expect(Self.defect(bytes) == nil)
        for length in stride(from: 16, to: bytes.count, by: 7) {
            if Self.defect(Array(bytes[..<length])) == nil { Issue.record("cut to \(length) of \(bytes.count)") }
        }
        var changed = bytes
        changed[45] ^= 1
        #expect(Self.defect(changed) == .checksum)
    }

    static let small: [(bytes: [UInt8], kind: FileKind, defect: FileDefect?)] = [
        (Array("<!DOCTYPE html><p>".utf8), .html, .page), (Array(" \n<html>".utf8), .html, .page),
        (Array(#"{"text":"hello"}"#.utf8), .json, nil), (Array(#"{"text":"hel"#.utf8), .json, .broken),
        ([0xFF, 0xD8, 0xFF, 0xE0, 0xFF, 0xD9], .jpeg, nil), ([0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x00], .jpeg, .cut),
        (Array("\0\0\0\u{10}ftypisom\0\0\0\0\0\0\0\u{8}moov".utf8), .mp4, nil),
        (Array("\0\0\0\u{10}ftypisom\0\0\0\0\0\0\0\u{9}moov".utf8), .mp4, .cut),
        (Array("\0\0\0\u{10}ftypisom\0\0\0\0".utf8), .mp4, .broken), (Array("plain".utf8), .other, nil),
        (Array("ID3\u{4}".utf8), .mp3, nil), ([0xFF, 0xFB, 0x90], .mp3, nil),
        (Array("RIFF\u{4}\0\0\0WAVE".utf8), .wav, nil), (Array("RIFF\u{5}\0\0\0WAVE".utf8), .wav, .cut),
    ]

    @Test(arguments: small)
    func `a kind is known by content, and its end is looked for`(
        row: (bytes: [UInt8], kind: FileKind, defect: FileDefect?)
    ) {
        #expect(FileKind(beginning: row.bytes) == row.kind)
        #expect(Self.defect(row.bytes) == row.defect)
    }
}
