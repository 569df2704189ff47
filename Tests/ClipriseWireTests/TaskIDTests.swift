import ClipriseWire
import Testing

@Suite struct TaskIDTests {
    @Test(
        arguments: [
            ("00000000000000000000000000000000", 0, 0), ("ffffffffffffffffffffffffffffffff", .max, .max),
            ("0123456789abcdeffedcba9876543210", 0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210),
        ] as [(String, UInt64, UInt64)])
    func `32 lower-case digits are an id and back`(text: String, high: UInt64, low: UInt64) {
        let id = TaskID(hex: Array(text.utf8)[...])
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
        #expect(TaskID(hex: Array(text.utf8)[...]) == nil)
    }

    @Test func `each byte is a digit or none, wherever it stands`() {
        let digits = Array("0123456789abcdef".utf8)
        for byte in UInt8.min...UInt8.max {
            for place in 0..<32 {
                var text = Array(repeating: UInt8(ascii: "5"), count: 32)
                text[place] = byte
                let id = TaskID(hex: text[...])
                guard let value = digits.firstIndex(of: byte) else {
                    #expect(id == nil, "byte \(byte) at \(place)")
                    continue
                }
                let shift = UInt64(4 * (15 - place % 16))
                let five: UInt64 = 0x5555_5555_5555_5555
                let word = five & ~(0xF << shift) | UInt64(value) << shift
                #expect(id == (place < 16 ? TaskID(high: word, low: five) : TaskID(high: five, low: word)))
                #expect(id.map { Array($0.description.utf8) } == text)
            }
        }
    }
}
