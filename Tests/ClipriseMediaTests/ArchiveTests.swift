import ClipriseMedia
import ClipriseWire
import RawSocket
import Testing

@Suite(.ownThreads) struct ArchiveTests {
    @Test(arguments: [
        (ResultSpec.Form.png, "png"), (.jpeg, "jpg"), (.mp4, "mp4"), (.mp3, "mp3"), (.transcript, "json"),
    ])
    func `an archive starts with its first file, stored as it is`(form: ResultSpec.Form, ending: String) throws {
        let file = try render(.sample(form, Size(64, 64), seconds: 1, count: 2))
        let name = Array("sample-1.\(ending)".utf8)
        #expect(Array(file.bytes.prefix(4)) == [0x50, 0x4B, 3, 4])
        #expect(Array(file.bytes[8..<10]) == [0, 0])
        #expect(Array(file.bytes[10..<14]) == [0, 0, 0x21, 0], "midnight of 1 January 1980")
        #expect(Array(file.bytes[30..<30 + name.count]) == name)
    }

    @Test func `the directory names each file as its local header does, and where that stands`() throws {
        let bytes = try render(.sample(.jpeg, Size(64, 64), seconds: 1, count: 3)).bytes
        // The end record of an archive without a comment is its last 22 bytes.
        let end = bytes.count - 22
        #expect(Array(bytes[end..<end + 12]) == [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 3, 0, 3, 0])
        let (size, start) = (Self.little(bytes, end + 12, 4), Self.little(bytes, end + 16, 4))
        #expect(start + size == end)
        var at = start
        for number in 1...3 {
            #expect(Array(bytes[at..<at + 4]) == [0x50, 0x4B, 1, 2])
            let header = Self.little(bytes, at + 42, 4)
            #expect(Array(bytes[header..<header + 4]) == [0x50, 0x4B, 3, 4])
            // From the version needed to the lengths of name and further fields.
            #expect(bytes[header + 4..<header + 30] == bytes[at + 6..<at + 32])
            #expect(Self.little(bytes, at + 38, 4) >> 16 == 0o100_666, "a plain file for all")
            let name = bytes[at + 46..<at + 46 + Self.little(bytes, at + 28, 2)]
            #expect(String(decoding: name, as: UTF8.self) == "sample-\(number).jpg")
            #expect(bytes[header + 30..<header + 30 + name.count] == name)
            at += 46 + name.count
        }
        #expect(at == end)
    }

    @Test(
        .enabled(if: Tool.unzip.isInstalled, "unzip is not installed"),
        arguments: ResultSpec.Form.allCases, [2, 16])
    func `unzip finds no fault and every file`(form: ResultSpec.Form, count: Int) throws {
        let file = try render(.sample(form, Size(64, 64), seconds: 1, count: count))
        let (tested, listed) = try withFile(file.bytes, named: file.fileName) { path in
            (try Tool.unzip.run(["-tq", path]), try Tool.unzip.run(["-Z1", path]))
        }
        #expect(tested.status == 0)
        #expect(tested.text.hasPrefix("No errors detected"), "\(tested.text)")
        let names = (1...count).map { "sample-\($0).\(Self.ending(of: form))" }
        #expect(listed == Tool.Outcome(status: 0, text: names.joined(separator: "\n")))
    }

    @Test(arguments: [ResultSpec.Form.png, .jpeg, .mp4, .mp3, .transcript])
    func `the files of one archive differ from each other`(form: ResultSpec.Form) throws {
        let file = try render(.sample(form, Size(512, 512), seconds: 5, count: 3))
        let contents = Self.contents(of: file.bytes)
        #expect(contents.count == 3)
        #expect(Set(contents).count == 3)
    }

    private static func little(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
        bytes[at..<at + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// Walks the local headers of stored files.
    private static func contents(of archive: [UInt8]) -> [[UInt8]] {
        var contents: [[UInt8]] = []
        var at = 0
        while little(archive, at, 4) == 0x0403_4B50 {
            let start = at + 30 + little(archive, at + 26, 2) + little(archive, at + 28, 2)
            at = start + little(archive, at + 18, 4)
            contents.append(Array(archive[start..<at]))
        }
        return contents
    }

    private static func ending(of form: ResultSpec.Form) -> String {
        switch form {
        case .png: "png"
        case .jpeg: "jpg"
        case .mp4: "mp4"
        case .mp3: "mp3"
        case .transcript: "json"
        }
    }
}
