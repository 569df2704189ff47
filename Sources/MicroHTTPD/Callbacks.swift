// The C entry points. They run on the loop's thread, find the slot and call Swift.
//
// Two objects cross the boundary as raw pointers:
//   Loop  in a box that `Loop.init` makes and `Loop.deinit` frees; the loop's thread keeps the loop alive
//   Slot  allocated when a connection starts, freed when it is reported closed; also the value of each request

internal import CMicroHTTPD
internal import CMicroHTTPDHooks
internal import ClipriseWire

let onConnection: MHD_NotifyConnectionCallback = { context, connection, socketContext, what in
    guard let context, let connection, let socketContext,
        let loop = context.assumingMemoryBound(to: Unmanaged<Loop>?.self).pointee
    else { return }
    if what == .CONNECTION_NOTIFY_STARTED {
        socketContext.pointee = UnsafeMutableRawPointer(loop._withUnsafeGuaranteedRef { $0.opened(connection) })
    } else if let slot = socketContext.pointee {
        socketContext.pointee = nil
        loop._withUnsafeGuaranteedRef { $0.closed(slot.assumingMemoryBound(to: Slot.self)) }
    }
}

/// The request line is in; what is returned becomes the value of the request.
let onTarget:
    @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?) -> UnsafeMutableRawPointer? =
        { _, target, connection in
            guard let connection, let raw = cmhd_socket_context(connection) else { return nil }
            let slot = raw.assumingMemoryBound(to: Slot.self)
            slot.pointee.loop._withUnsafeGuaranteedRef { $0.targetArrived(target, slot) }
            return raw
        }

/// First without data when the fields are in, then for each piece of the body, then without data to get the answer,
/// and again after each time that the connection was suspended meanwhile.
let onAccess: MHD_AccessHandlerCallback = { _, _, _, method, version, data, dataSize, request in
    guard let method, let version, let dataSize, let raw = request?.pointee else { return .NO }
    let slot = raw.assumingMemoryBound(to: Slot.self)
    return slot.pointee.loop._withUnsafeGuaranteedRef { loop in
        switch slot.pointee.phase {
        case .head:
            return loop.headArrived(method: method, version: version, slot)
        case .body where dataSize.pointee > 0:
            let piece = UnsafeRawBufferPointer(start: data, count: dataSize.pointee)
            dataSize.pointee = 0  // all of it taken
            return loop.bodyArrived(piece, slot)
        case .body:
            return loop.requestArrived(slot)
        case .awaiting, .beforeHead:
            return loop.wokenBeforeHead(slot)
        case .idle, .sending, .refused, .tunnel:
            return .NO
        }
    }
}

let onCompleted: MHD_RequestCompletedCallback = { _, _, request, how in
    guard let raw = request?.pointee else { return }
    let slot = raw.assumingMemoryBound(to: Slot.self)
    slot.pointee.loop._withUnsafeGuaranteedRef { $0.completed(slot, how) }
}

/// The library answers by itself; what is returned is sent instead.
let onLibraryRefusal: cmhd_refusal = { connection, status in
    guard let raw = cmhd_socket_context(OpaquePointer(connection)) else { return nil }
    let slot = raw.assumingMemoryBound(to: Slot.self)
    return slot.pointee.loop._withUnsafeGuaranteedRef { loop in
        loop.libraryRefuses(status: Int(status), slot).map { UnsafeMutableRawPointer($0) }
    }
}

/// A socket brought bytes, while at least one connection is followed; the context is the loop.
let onBytes: cmhd_bytes = { context, socket, bytes, count in
    Unmanaged<Loop>.fromOpaque(context)._withUnsafeGuaranteedRef {
        $0.bytesCame(UnsafeRawBufferPointer(start: bytes, count: count), socket: socket)
    }
}

/// A TLS handshake went a step further.
let onHandshake: cmhd_handshake = { connection, session, result in
    guard let raw = cmhd_socket_context(OpaquePointer(connection)) else { return }
    let slot = raw.assumingMemoryBound(to: Slot.self)
    slot.pointee.loop._withUnsafeGuaranteedRef { $0.handshakeWent(slot, session, result) }
}

/// Asks for the next bytes of a body.
let onRead: MHD_ContentReaderCallback = { context, _, buffer, capacity in
    guard let context, let buffer else { return contentEndedWithError }
    let slot = context.assumingMemoryBound(to: Slot.self)
    let space = UnsafeMutableRawBufferPointer(start: buffer, count: capacity)
    return slot.pointee.loop._withUnsafeGuaranteedRef { $0.readBody(into: space, slot) }
}

/// `MHD_CONTENT_READER_END_OF_STREAM`, whose cast hides it from Swift.
let contentEnded = -1
/// `MHD_CONTENT_READER_END_WITH_ERROR`: the connection is closed.
let contentEndedWithError = -2
