import ClipriseFiles
import Foundation
import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct BuiltInPageTests {
    @Test func `the built-in files are those of fixtures/page, byte for byte and in the order of their names`() throws {
        let folder = URL(fileURLWithPath: Repository.path("fixtures/page"))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { !$0.hasPrefix(".") }.sorted()
        #expect(BuiltInFiles.page.map(\.name) == names)
        for file in BuiltInFiles.page {
            let original = try [UInt8](Data(contentsOf: folder.appending(path: file.name)))
            #expect(Array(file.bytes) == original, "\(file.name) was not rebuilt")
        }
    }
}
