import ClipriseJSON
import Testing

/// What is no JSON is named as what it is.
@Suite struct CauseTests {
    private static func utf16(_ text: String, isBig: Bool) -> [UInt8] {
        text.utf16.flatMap { isBig ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }

    private static let body = #"{"model":"qwen-image-2"}"#

    static let texts: [(bytes: [UInt8], cause: String)] = [
        ([0xEF, 0xBB, 0xBF] + body.utf8, "byte order mark"), ([0xFF, 0xFE] + utf16(body, isBig: false), "UTF-16"),
        ([0xFE, 0xFF] + utf16(body, isBig: true), "UTF-16"), (utf16(body, isBig: false), "UTF-16"),
        (utf16(body, isBig: true), "UTF-16"), (body.utf8.flatMap { [$0, 0, 0, 0] }, "UTF-32"),
        ([0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0], "gzip"), ([0x28, 0xB5, 0x2F, 0xFD, 0x24], "zstd"),
        ([0x78, 0x9C, 0xAB, 0x56], "deflate"),
        (Array(#"{"a":"\ud83d"}"#.utf8), "surrogate"), (Array(#"{"a":"\udc00x"}"#.utf8), "surrogate"),
        (Array(#"{"a":"\ud83d\u0041"}"#.utf8), "surrogate"), (Array("model=qwen-image-2&input=a".utf8), "a form"),
        (Array("--x\r\nContent-Disposition: form-data".utf8), "multipart"), (Array("<html>".utf8), "HTML"),
        (Array("{'model': 'qwen-image-2'}".utf8), "double quotes"), (Array(" \n".utf8), "white space"),
        ([], "empty"), (Array("{".utf8), "not JSON"), (Array(#"{"a":"\q"}"#.utf8), "wrong character or escape"),
        (Array(#"{"a":"\\ud83d\q"}"#.utf8), "wrong character or escape"),
    ]

    @Test(arguments: texts)
    func `what is sent instead of JSON is named`(bytes: [UInt8], cause: String) {
        guard case .failure(let error) = withJSON(bytes, { _ in }) else {
            Issue.record("it was read")
            return
        }
        #expect(error.cause(in: bytes).contains(cause), "\(error.cause(in: bytes))")
    }
}
