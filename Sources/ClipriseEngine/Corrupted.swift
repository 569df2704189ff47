internal import ClipriseScenario
internal import ClipriseWire

/// Answers that look right until they are read.
enum Corrupted {
    static func plan(_ plan: ResponsePlan, _ corruption: Corruption) -> ResponsePlan {
        var plan = plan
        switch corruption {
        case .json, .utf8, .zip: plan.body = .plain(corrupted(plan.bytes, corruption, plan.contentType))
        case .type: plan.contentType = plan.contentType == .json ? .html : .text
        case .header:
            plan.contentType = .custom(";;")
            plan.fields.append(.init("X-Cliprise-Mock", "\u{FE}\u{FF}: ="))
        }
        return plan
    }

    /// The body with what its kind allows; one of another kind with a beginning that none has, for whoever looks must see it.
    private static func corrupted(
        _ bytes: [UInt8], _ corruption: Corruption, _ type: ResponsePlan.ContentType?
    ) -> [UInt8] {
        let isJSON = type == .json
        if corruption == .json, isJSON { return unfinished(bytes) }
        if corruption == .utf8, isJSON || type == .text { return withBadByte(bytes) }
        if corruption == .zip, bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return withWrongSum(bytes) }
        return bytes.first.map { [$0 ^ 0x80] + bytes.dropFirst() } ?? []
    }

    /// JSON whose last bracket became a comma.
    private static func unfinished(_ bytes: [UInt8]) -> [UInt8] {
        bytes.isEmpty ? [] : Array(bytes.dropLast()) + [UInt8(ascii: ",")]
    }

    /// A byte that no UTF-8 has, within the first string if there is one.
    private static func withBadByte(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        let quote = bytes.firstIndex(of: UInt8(ascii: "\""))
        bytes.insert(0xFF, at: quote.map { $0 + 1 } ?? bytes.count / 2)
        return bytes
    }

    /// A zip whose sums do not fit its entries.
    private static func withWrongSum(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        // The sum stands at 14 in a local header and at 16 in the central directory (APPNOTE 4.3.7 and 4.3.12).
        for (mark, offset) in [([0x50, 0x4B, 0x03, 0x04] as [UInt8], 14), ([0x50, 0x4B, 0x01, 0x02], 16)] {
            var index = 0
            while index + offset < bytes.count {
                if bytes[index] == mark[0], bytes[index..<min(index + 4, bytes.count)].elementsEqual(mark) {
                    bytes[index + offset] ^= 0xFF
                    index += 4
                } else {
                    index += 1
                }
            }
        }
        return bytes
    }
}
