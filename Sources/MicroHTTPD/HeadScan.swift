// Reads the fields of a request head out of libmicrohttpd, once, and judges what decides where the request ends.

internal import CMicroHTTPD
internal import ClipriseWire

/// What one pass over the fields finds out.
struct HeadScan {
    let slot: SlotPointer
    private var lengthFields = 0
    private var codingFields = 0
    private var isChunked = false
    private var announced: UInt64 = 0
    private var expected: UnsafePointer<CChar>?
    private var hasGap = false

    /// Why a request is refused.
    struct Refusal: Error {
        var status: Int
        var message: StaticString
    }

    /// Copies all fields to the request of the slot.
    ///
    /// - Returns: The announced length of the body in bytes; 0 also when it is not known.
    static func run(
        _ slot: SlotPointer, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>, bodyLimit: Int
    ) throws(Refusal) -> Int {
        var scan = HeadScan(slot: slot)
        slot.pointee.request.fields.removeAll()
        withUnsafeMutablePointer(to: &scan) { pointer in
            _ = MHD_get_connection_values_n(slot.pointee.connection, .HEADER_KIND, onField, pointer)
        }
        if cmhd_is_0_9_75() != 0 {
            try scan.checkLayout(method: method, version: version)
        }
        return try scan.judge(bodyLimit: bodyLimit)
    }

    private init(slot: SlotPointer) {
        self.slot = slot
    }

    fileprivate mutating func take(
        name: UnsafePointer<CChar>, _ nameSize: Int, value: UnsafePointer<CChar>?, _ valueSize: Int
    ) {
        slot.pointee.request.fields.append(
            name: UnsafeRawBufferPointer(start: name, count: nameSize),
            value: UnsafeRawBufferPointer(start: value, count: valueSize))
        guard let value else { return }
        if let expected, name != expected + 1, name != expected + 2 { hasGap = true }
        expected = value + valueSize
        switch cmhd_framing_field(name, nameSize) {
        case 1:
            lengthFields += 1
            for digit in UnsafeRawBufferPointer(start: value, count: valueSize) {
                announced = announced &* 10 &+ UInt64(digit &- 0x30)
                // Longer numbers have been refused by libmicrohttpd; this only keeps the value from wrapping.
                if announced > UInt64.max / 16 { announced = UInt64.max / 16 }
            }
        case 2:
            codingFields += 1
            isChunked = cmhd_is_chunked(value, valueSize) != 0
        default:
            break
        }
    }

    /// Refuses a head with a NUL byte or a folded line.
    ///
    /// This library ends target and values at a NUL without a word, and glues a folded line to the *name* of its field.
    /// It works in place, so both leave something between the end of one field and the start of the next: only CR and
    /// LF may lie there.
    private func checkLayout(method: UnsafePointer<CChar>, version: UnsafePointer<CChar>) throws(Refusal) {
        if let end = slot.pointee.targetEnd, end + 1 != version {
            throw Refusal(status: 400, message: "NUL byte in the request target")
        }
        var isBroken = hasGap
        if let expected {
            let end = method + cmhd_head_size(slot.pointee.connection)
            isBroken = isBroken || !(2...4).contains(end - expected)
        }
        if isBroken {
            throw Refusal(status: 400, message: "NUL byte or folded line in a header field")
        }
    }

    /// RFC 9112 §6.3: a request whose end can be read in two ways is an attack on whoever stands in front of us.
    private func judge(bodyLimit: Int) throws(Refusal) -> Int {
        if lengthFields > 1 {
            throw Refusal(status: 400, message: "more than one Content-Length")
        }
        if codingFields > 0 {
            if lengthFields > 0 {
                throw Refusal(status: 400, message: "both Content-Length and Transfer-Encoding")
            }
            if codingFields > 1 || !isChunked {
                throw Refusal(status: 501, message: "transfer coding other than chunked")
            }
        }
        if announced > UInt64(bodyLimit) {
            throw Refusal(status: 413, message: "request body too large")
        }
        return Int(announced)
    }
}

private let onField: MHD_KeyValueIteratorN = { context, _, name, nameSize, value, valueSize in
    guard let context, let name else { return .YES }
    context.assumingMemoryBound(to: HeadScan.self).pointee.take(name: name, nameSize, value: value, valueSize)
    return .YES
}
