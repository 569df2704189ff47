import ClipriseWire
import Testing

@Suite struct TaskIDTests {
    @Test(
        arguments: [
            ("00000000000000000000000000000000", 0, 0), ("ffffffffffffffffffffffffffffffff", .max, .max),
            ("0123456789abcdeffedcba9876543210", 0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210),
        ] as [(String, UInt64, UInt64)])
    func `32 lower-case digits are an id and back`(text: String, high: UInt64, low: UInt64) {
        let id = TaskID(hex: Array(text.utf8))
        #expect(id == TaskID(high: high, low: low))
        #expect(id?.description == text)
    }

    @Test(
        arguments: [
            "", "0", "0000000000000000000000000000000", "000000000000000000000000000000000",
            "0123456789ABCDEFfedcba9876543210", "0123456789abcdeg0123456789abcdef", " 123456789abcdef0123456789abcdef",
            "01234567-89ab-cdef-0123-456789abcdef", "0x123456789abcdef0123456789abcde",
        ])
    func `anything else is none`(text: String) {
        #expect(TaskID(hex: Array(text.utf8)) == nil)
    }
}
