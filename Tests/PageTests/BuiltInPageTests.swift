import CClipriseData
import Foundation
import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct BuiltInPageTests {
    @Test func `the built-in files are those of fixtures/page, byte for byte and in the order of their names`() throws {
        let folder = URL(fileURLWithPath: Repository.path("fixtures/page"))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { !$0.hasPrefix(".") }.sorted()
        let files = (0..<cdata_page_count()).map { cdata_page_file($0) }
        #expect(files.map { String(cString: $0.name) } == names)
        for file in files {
            let bytes = Array(UnsafeBufferPointer(start: file.bytes, count: file.length))
            let name = String(cString: file.name)
            let original = try [UInt8](Data(contentsOf: folder.appending(path: name)))
            #expect(bytes == original, "\(name) was not rebuilt")
        }
    }
}
