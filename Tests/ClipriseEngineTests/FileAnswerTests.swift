import ClipriseWire
import Testing

@testable import ClipriseEngine

@Suite struct FileAnswerTests {
    static let file = [UInt8](0..<100)

    static func plan(
        _ fields: [(name: String, value: String)], method: Request.Method = .get, file: [UInt8] = file
    ) -> ResponsePlan {
        FileAnswer.plan(
            file, contentType: .png, fileName: "a.png", entityTag: "tag",
            for: Request(method: method, target: [0x2F], fields: HeaderFields(fields)))
    }

    /// What RFC 9110 §14 says of a file of 100 bytes: the part, or nil for the whole file.
    @Test(
        arguments: [
            ("bytes=0-0", 0..<1), ("bytes=0-9", 0..<10), ("bytes=10-19", 10..<20), ("bytes=99-99", 99..<100),
            ("bytes=0-", 0..<100), ("bytes=99-", 99..<100), ("bytes=-1", 99..<100), ("bytes=-100", 0..<100),
            ("bytes=-101", 0..<100), ("bytes=90-200", 90..<100), ("bytes=0-99999999999999999999", 0..<100),
            ("bytes=-99999999999999999999", 0..<100), ("Bytes=0-9", 0..<10), ("bytes= 0-9", 0..<10),
            ("bytes=010-019", 10..<20), ("bytes=0-9223372036854775807", 0..<100),
        ])
    func `a part is 206 with its place`(range: String, part: Range<Int>) {
        let plan = Self.plan([("Range", range)])
        #expect(plan.status == 206)
        #expect(plan.body == .plain(Array(Self.file[part])))
        #expect(
            plan.fields.contains(.init("Content-Range", "bytes \(part.lowerBound)-\(part.upperBound - 1)/100")))
        #expect(plan.contentType == .png)
    }

    @Test(arguments: [
        "bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999-", "bytes=9223372036854775807-",
    ])
    func `a part behind the end is 416 with the length`(range: String) {
        let plan = Self.plan([("Range", range)])
        #expect(plan.status == 416)
        #expect(plan.body == .plain([]))
        #expect(plan.contentType == nil)
        #expect(plan.fields.contains(.init("Content-Range", "bytes */100")))
    }

    @Test(
        arguments: [
            "bytes=0-9,20-29", "bytes=", "bytes=-", "bytes=--1", "bytes=9-0", "bytes=a-b", "bytes=0-9a", "bytes=+1-9",
            "bytes=1", "bytes=1-2-3", "bytes", "", "lines=0-9", "0-9", "bytes=0\u{301}-9", "bytes=٠-٩", "bytes=0x1-9",
        ])
    func `what is no single range of bytes counts as absent`(range: String) {
        let plan = Self.plan([("Range", range)])
        #expect(plan.status == 200)
        #expect(plan.body == .plain(Self.file))
        #expect(!plan.fields.contains { $0.name == "Content-Range" })
    }

    @Test(
        arguments: [
            ("\"tag\"", 206), ("\"other\"", 200), ("W/\"tag\"", 200), ("tag", 200),
            ("Wed, 21 Oct 2015 07:28:00 GMT", 200),
        ])
    func `If-Range wants the very tag`(condition: String, status: Int) {
        #expect(Self.plan([("Range", "bytes=0-9"), ("If-Range", condition)]).status == status)
    }

    /// Fields, and the status that RFC 9110 §13.2.2 wants for a file with the tag "tag".
    @Test(
        arguments: [
            ([("If-None-Match", "\"tag\"")], 304), ([("If-None-Match", "*")], 304),
            ([("If-None-Match", "\"a\", W/\"tag\"")], 304), ([("If-None-Match", "\"other\"")], 200),
            ([("If-None-Match", "tag")], 200), ([("If-Match", "\"tag\"")], 200), ([("If-Match", "*")], 200),
            ([("If-Match", "\"other\"")], 412), ([("If-Match", "\"other\""), ("If-None-Match", "*")], 412),
            ([("If-None-Match", "\"tag\""), ("Range", "bytes=0-9")], 304),
            ([("If-Match", "\"tag\""), ("Range", "bytes=0-9")], 206),
            // A weak tag is never the very one; a list may stand in several fields.
            ([("If-Match", "W/\"tag\"")], 412), ([("If-Match", "\"a\""), ("If-Match", "\"tag\"")], 200),
            ([("If-None-Match", "\"a\""), ("If-None-Match", "\"tag\"")], 304), ([("If-Match", "")], 412),
        ] as [([(name: String, value: String)], Int)])
    func `a condition on the tag comes before the range`(fields: [(name: String, value: String)], status: Int) {
        let plan = Self.plan(fields)
        #expect(plan.status == status)
        if status == 304 || status == 412 { #expect(plan.body == .plain([])) }
    }

    @Test func `If-Range without a range asks for nothing`() {
        #expect(Self.plan([("If-Range", "\"other\"")]).status == 200)
    }

    @Test(arguments: [Request.Method.head, .extended("FETCH")])
    func `a range means nothing but for GET`(method: Request.Method) {
        #expect(Self.plan([("Range", "bytes=0-9")], method: method).status == 200)
    }

    @Test func `an empty file has no parts`() {
        #expect(Self.plan([("Range", "bytes=0-")], file: []).status == 416)
        #expect(Self.plan([("Range", "bytes=-1")], file: []).status == 416)
        #expect(Self.plan([], file: []).status == 200)
    }

    @Test func `every answer names the file, its tag and that parts can be had`() {
        for range in ["bytes=0-9", "bytes=200-", "none"] {
            let plan = Self.plan([("Range", range)])
            #expect(plan.fields.contains(.init("Accept-Ranges", "bytes")))
            #expect(plan.fields.contains(.init("ETag", "\"tag\"")))
            #expect(plan.fields.contains(.init("Content-Disposition", "attachment; filename=\"a.png\"")))
        }
    }
}
