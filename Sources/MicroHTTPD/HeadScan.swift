// Reads the fields of a request head out of libmicrohttpd, once, and judges what decides where the request ends.

internal import CMicroHTTPD
internal import ClipriseWire
internal import Glibc

/// What one pass over the fields finds out.
struct HeadScan {
    /// Why a request is refused.
    struct Refusal: Error {
        var status: Int
        var reason: RefusedRequest.Reason
        var message: StaticString
    }

    /// Where the callbacks say that the head is; libmicrohttpd's memory.
    struct Place {
        var method: UnsafePointer<CChar>
        var version: UnsafePointer<CChar>
        /// Behind the target, as far as the library told it.
        var targetEnd: UnsafePointer<CChar>?
        /// Whether this is 0.9.75, which leaves a head where it was read and works on it in place.
        var isInOnePiece: Bool
    }

    private let slot: SlotPointer
    private let isInOnePiece: Bool
    /// The first name.
    private var start: UnsafePointer<CChar>?
    /// Behind the last value.
    private var end: UnsafePointer<CChar>?
    /// Whether something other than one line end lies between two fields.
    private var hasGap = false
    private var lengthFields = 0
    private var codingFields = 0
    private var isChunked = false
    private var announced: UInt64 = 0
    private var hasNoToken = false
    private var hasCR = false
    private var isLengthMalformed = false

    /// Copies all fields to the request of the slot.
    ///
    /// - Returns: The announced length of the body in bytes; 0 also when it is not known.
    static func run(_ slot: SlotPointer, _ place: Place) throws(Refusal) -> Int {
        var scan = HeadScan(slot: slot, isInOnePiece: place.isInOnePiece)
        slot.pointee.request.fields.removeAll()
        withUnsafeMutablePointer(to: &scan) { pointer in
            _ = MHD_get_connection_values_n(slot.pointee.connection, .HEADER_KIND, onField, pointer)
        }
        try scan.checkLine(place)
        if place.isInOnePiece {
            try scan.checkLayout(place)
            if let start = scan.start, let end = scan.end {
                slot.pointee.request.fields.finish(with: UnsafeRawBufferPointer(start: start, count: end - start))
            }
        }
        return try scan.judge(place)
    }

    /// Judges the fields behind a chunked body as those before it.
    static func checkTrailers(_ slot: SlotPointer) throws(Refusal) {
        var scan = HeadScan(slot: slot, isInOnePiece: true)
        withUnsafeMutablePointer(to: &scan) { pointer in
            _ = MHD_get_connection_values_n(slot.pointee.connection, .FOOTER_KIND, onTrailer, pointer)
        }
        guard scan.hasNoToken || scan.hasCR else { return }
        throw ChunkScan.malformedTrailer
    }

    fileprivate mutating func takeTrailer(
        name: UnsafePointer<CChar>, _ nameSize: Int, value: UnsafePointer<CChar>, _ valueSize: Int
    ) {
        if cmhd_is_token(name, nameSize) == 0 { hasNoToken = true }
        if cmhd_has_cr(value, valueSize) != 0 { hasCR = true }
    }

    private init(slot: SlotPointer, isInOnePiece: Bool) {
        self.slot = slot
        self.isInOnePiece = isInOnePiece
    }

    fileprivate mutating func take(
        name: UnsafePointer<CChar>, _ nameSize: Int, value: UnsafePointer<CChar>, _ valueSize: Int
    ) {
        if let end, name != end + 1, name != end + 2 { hasGap = true }
        end = value + valueSize
        if cmhd_is_token(name, nameSize) == 0 { hasNoToken = true }
        if cmhd_has_cr(value, valueSize) != 0 { hasCR = true }
        let start = self.start ?? name
        self.start = start
        if !isInOnePiece {
            slot.pointee.request.fields.append(
                name: UnsafeRawBufferPointer(start: name, count: nameSize),
                value: UnsafeRawBufferPointer(start: value, count: valueSize))
        } else if !hasGap {
            let nameStart = name - start
            let valueStart = value - start
            slot.pointee.request.fields.note(
                name: nameStart..<nameStart + nameSize, value: valueStart..<valueStart + valueSize)
        }
        switch cmhd_framing_field(name, nameSize) {
        case 1:
            let valueSize = cmhd_without_blanks(value, valueSize)
            lengthFields += 1
            if valueSize == 0 { isLengthMalformed = true }
            for digit in UnsafeRawBufferPointer(start: value, count: valueSize) {
                guard digit &- 0x30 <= 9 else {
                    isLengthMalformed = true
                    break
                }
                // A number that wrapped would announce too little.
                announced = min(announced &* 10 &+ UInt64(digit &- 0x30), UInt64.max / 16)
            }
        case 2:
            codingFields += 1
            isChunked = cmhd_is_chunked(value, cmhd_without_blanks(value, valueSize)) != 0
        default:
            break
        }
    }

    /// Refuses a request line whose method or target has a character that none has (RFC 9112 §3).
    private func checkLine(_ place: Place) throws(Refusal) {
        guard cmhd_is_token(place.method, strlen(place.method)) != 0 else {
            throw Refusal(status: 400, reason: .malformedLine, message: "the method is no token")
        }
        let isSound = slot.pointee.request.target.withUnsafeBytes { target in
            target.baseAddress.map { cmhd_is_target($0.assumingMemoryBound(to: CChar.self), target.count) != 0 }
                ?? false
        }
        guard isSound else {
            throw Refusal(
                status: 400, reason: .malformedLine, message: "blank or control character in the request target")
        }
    }

    /// Refuses a head with a NUL byte or a folded line.
    ///
    /// This library ends target and values at a NUL without a word, and glues a folded line to the *name* of its field.
    /// Both leave something between the end of one field and the start of the next: only CR and LF may lie there.
    private func checkLayout(_ place: Place) throws(Refusal) {
        if let targetEnd = place.targetEnd, targetEnd + 1 != place.version {
            throw Refusal(status: 400, reason: .malformedLine, message: "NUL byte in the request target")
        }
        if let targetEnd = place.targetEnd {
            // Blanks alone: the library takes a NUL for the end of the method, and what is behind it for a blank.
            var byte = place.method + strlen(place.method) + 1
            let start = targetEnd - slot.pointee.request.target.count
            while byte < start, byte.pointee == 0x20 || byte.pointee == 0x09 { byte += 1 }
            guard byte == start else {
                throw Refusal(status: 400, reason: .malformedLine, message: "NUL byte in the method")
            }
        }
        let lineEnd = place.version + strlen(place.version)
        guard start.map({ (1...2).contains($0 - lineEnd) }) ?? true else {
            throw Refusal(
                status: 400, reason: .malformedLine,
                message: "NUL byte in the HTTP version, or a first header field that is folded")
        }
        // A line that begins with a NUL is an empty one for the library: the end of the fields.
        let headEnd = place.method + cmhd_head_size(slot.pointee.connection)
        let isBroken = hasGap || !(2...4).contains(headEnd - (end ?? lineEnd))
        if isBroken {
            throw Refusal(
                status: 400, reason: .malformedField, message: "NUL byte or folded line in a header field")
        }
    }

    /// RFC 9112 §6.3: a request whose end can be read in two ways is an attack on whoever stands in front of us.
    private func judge(_ place: Place) throws(Refusal) -> Int {
        if hasNoToken {
            // RFC 9112 §5.1: a blank before the colon above all, which hides a field from some and not from others.
            throw Refusal(status: 400, reason: .malformedField, message: "a field name is no token")
        }
        if hasCR {
            throw Refusal(status: 400, reason: .malformedField, message: "CR without LF in a header field")
        }
        if lengthFields > 1 {
            throw Refusal(status: 400, reason: .ambiguousLength, message: "more than one Content-Length")
        }
        if codingFields > 0 {
            if lengthFields > 0 {
                throw Refusal(
                    status: 400, reason: .ambiguousLength, message: "both Content-Length and Transfer-Encoding")
            }
            if codingFields > 1 || !isChunked {
                throw Refusal(status: 501, reason: .unknownCoding, message: "transfer coding other than chunked")
            }
            if strcmp(place.version, "HTTP/1.0") == 0 {
                throw Refusal(
                    status: 400, reason: .ambiguousLength, message: "HTTP/1.0 knows no Transfer-Encoding")
            }
        }
        slot.pointee.isChunked = isChunked
        if isLengthMalformed {
            throw Refusal(status: 400, reason: .malformedLength, message: "malformed Content-Length")
        }
        return Int(announced)
    }
}

private let onField: MHD_KeyValueIteratorN = { context, _, name, nameSize, value, valueSize in
    guard let context, let name, let value else { return .YES }
    context.assumingMemoryBound(to: HeadScan.self).pointee.take(name: name, nameSize, value: value, valueSize)
    return .YES
}

private let onTrailer: MHD_KeyValueIteratorN = { context, _, name, nameSize, value, valueSize in
    guard let context, let name, let value else { return .YES }
    context.assumingMemoryBound(to: HeadScan.self).pointee.takeTrailer(name: name, nameSize, value: value, valueSize)
    return .YES
}
