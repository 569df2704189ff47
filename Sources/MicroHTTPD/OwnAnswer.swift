// An answer that is sent again with other bytes.
//
// Unsafe: the response points into memory that is written anew for each answer. Only one connection at a time has it:
// before another one gets it, the library is done with the request that it answered. The library frees that memory
// together with the response.

internal import CMicroHTTPD
internal import ClipriseWire
internal import Glibc

/// An answer that was all there, and stood in no table.
///
/// Most of what clients are told in a row has one length and one type, as the ids of tasks and the URLs of files. To make
/// and free a response for each costs more than to decide it.
final class OwnAnswer {
    /// The longest body, in bytes.
    static let bodyLimit = 1 << 10

    let response: OpaquePointer
    private let count: Int
    private let type: ResponsePlan.ContentType?
    private let memory: UnsafeMutableRawPointer
    /// What its `Date` says; seconds since 1970.
    private var date: Int64

    /// Nil when it cannot be made.
    ///
    /// - Parameters:
    ///   - date: Seconds since 1970, for its `Date`.
    ///   - finish: Gives the response its fields.
    init?(_ bytes: [UInt8], _ type: ResponsePlan.ContentType?, date: Int64, finish: (OpaquePointer) -> Void) {
        guard !bytes.isEmpty, bytes.count <= Self.bodyLimit, let memory = malloc(bytes.count) else { return nil }
        guard let response = MHD_create_response_from_buffer(bytes.count, memory, .RESPMEM_MUST_FREE) else {
            free(memory)
            return nil
        }
        finish(response)
        (self.response, self.memory, self.type, self.date, count) = (response, memory, type, date, bytes.count)
        write(bytes)
    }

    /// Whatever still sends it goes on.
    deinit { MHD_destroy_response(response) }

    func fits(_ bytes: [UInt8], _ type: ResponsePlan.ContentType?) -> Bool { bytes.count == count && type == self.type }

    /// Puts other bytes in, which fit.
    ///
    /// - Parameter redate: Gives a response another date.
    /// - Returns: False when it cannot be sent again.
    func renew(_ bytes: [UInt8], date: Int64, redate: (OpaquePointer) -> Bool) -> Bool {
        guard self.date == date || redate(response) else { return false }
        self.date = date
        write(bytes)
        return true
    }

    private func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { if let first = $0.baseAddress { memory.copyMemory(from: first, byteCount: count) } }
    }
}
