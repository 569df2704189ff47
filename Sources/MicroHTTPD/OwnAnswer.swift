// An answer that a connection sends again with other bytes.
//
// Unsafe: the response points into memory that is written anew for each answer. Only the connection's own requests are
// answered with it, one behind the other: before the next is answered, the library is done with the one before.
// The library frees that memory together with the response.

internal import CMicroHTTPD
internal import ClipriseWire
internal import Glibc

/// The last answer of one connection that was all there, and stood in no table.
///
/// Most of what a client is told in a row has one length and one type, as the ids of tasks and the URLs of files. To make
/// and free a response for each costs more than to decide it.
struct OwnAnswer {
    /// The longest body, in bytes.
    static let bodyLimit = 1 << 10

    private var response: OpaquePointer?
    private var memory: UnsafeMutableRawPointer?
    private var count = 0
    private var type: ResponsePlan.ContentType?
    /// What its `Date` says; seconds since 1970.
    private var date: Int64 = .min

    /// The response with these bytes, which stays the connection's; nil when it cannot be made.
    ///
    /// - Parameters:
    ///   - date: Seconds since 1970, for its `Date`.
    ///   - finish: Gives a new response its fields.
    ///   - redate: Gives a response another date.
    mutating func response(
        _ bytes: [UInt8], _ type: ResponsePlan.ContentType?, date: Int64, finish: (OpaquePointer) -> Void,
        redate: (OpaquePointer) -> Bool
    ) -> OpaquePointer? {
        guard let response, let memory, bytes.count == count, type == self.type else {
            forget()
            return make(bytes, type, date, finish)
        }
        guard self.date == date || redate(response) else { return nil }
        self.date = date
        bytes.withUnsafeBytes { if let first = $0.baseAddress { memory.copyMemory(from: first, byteCount: count) } }
        return response
    }

    private mutating func make(
        _ bytes: [UInt8], _ type: ResponsePlan.ContentType?, _ date: Int64, _ finish: (OpaquePointer) -> Void
    ) -> OpaquePointer? {
        guard !bytes.isEmpty, bytes.count <= Self.bodyLimit, let memory = malloc(bytes.count) else { return nil }
        bytes.withUnsafeBytes { if let first = $0.baseAddress { memory.copyMemory(from: first, byteCount: $0.count) } }
        guard let made = MHD_create_response_from_buffer(bytes.count, memory, .RESPMEM_MUST_FREE) else {
            free(memory)
            return nil
        }
        finish(made)
        (response, self.memory, count, self.type, self.date) = (made, memory, bytes.count, type, date)
        return made
    }

    /// Gives the response back; whatever still sends it goes on.
    mutating func forget() {
        if let response { MHD_destroy_response(response) }
        (response, memory) = (nil, nil)
    }
}
