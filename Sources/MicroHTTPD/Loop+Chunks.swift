// The framing of chunked bodies is read here as well, and more strictly than libmicrohttpd does it.

internal import CMicroHTTPD
internal import CMicroHTTPDHooks

extension Loop {
    /// The fields of a request with a chunked body are in: looks at what has come behind them, and follows the rest.
    ///
    /// - Parameter headEnd: Behind the head, in libmicrohttpd's memory.
    func beginChunks(_ slot: SlotPointer, headEnd: UnsafeRawPointer) throws(HeadScan.Refusal) {
        var count = 0
        guard headsAreInOnePiece, cmhd_sees_bytes(),
            cmhd_unparsed(UnsafeRawPointer(slot.pointee.connection), headEnd, &count)
        else { return }
        var chunks = ChunkScan(limit: bodyLimit(slot))
        chunks.take(UnsafeRawBufferPointer(start: headEnd, count: count))
        if let refusal = chunks.refusal { throw refusal }
        slot.pointee.chunks = chunks
        if chunks.finding == .open { follow(slot) }
    }

    /// A socket brought bytes that libmicrohttpd is about to read.
    ///
    /// - Returns: False when the request was refused for them, and the connection must end.
    func bytesCame(_ bytes: UnsafeRawBufferPointer, socket: Int32) -> Bool {
        guard let slot = followed[socket] else { return true }
        slot.pointee.chunks?.take(bytes)
        guard slot.pointee.chunks?.finding != .open else { return true }
        unfollow(slot)
        guard let refusal = slot.pointee.chunks?.refusal, slot.pointee.phase == .body else { return true }
        _ = refuseRunningBody(refusal, slot)
        return false
    }

    /// libmicrohttpd has read a chunked body to what it takes for its end.
    func endChunks(_ slot: SlotPointer) throws(HeadScan.Refusal) {
        guard let chunks = slot.pointee.chunks else { return try HeadScan.checkTrailers(slot) }
        unfollow(slot)
        guard chunks.finding == .over else { throw ChunkScan.malformedTrailer }
    }

    private func follow(_ slot: SlotPointer) {
        if followed.isEmpty { cmhd_follow(onBytes, Unmanaged.passUnretained(self).toOpaque()) }
        followed[slot.pointee.socket] = slot
    }

    /// Nothing of this connection is followed any more.
    func unfollow(_ slot: SlotPointer) {
        guard slot.pointee.chunks != nil, followed.removeValue(forKey: slot.pointee.socket) != nil else { return }
        if followed.isEmpty { cmhd_follow(nil, nil) }
    }
}

extension ChunkScan {
    static let malformedTrailer = HeadScan.Refusal(
        status: 400, reason: .malformedChunk, message: "malformed trailer")

    /// Why the request must be refused.
    var refusal: HeadScan.Refusal? {
        switch finding {
        case .open, .over: nil
        case .malformedChunk: HeadScan.Refusal(status: 400, reason: .malformedChunk, message: "malformed chunk")
        case .malformedTrailer: Self.malformedTrailer
        case .tooLong: Loop.tooLarge
        }
    }
}
