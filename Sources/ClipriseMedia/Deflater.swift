internal import CZlib

/// A running deflate compressor of zlib.
///
/// After a full flush the output ends at a byte and nothing later refers back, so pieces may be repeated.
struct Deflater: ~Copyable {
    // Owned: `deflateEnd` frees what it points to, then the memory goes. On the heap, for zlib compares the address.
    private let stream: UnsafeMutablePointer<z_stream>

    init() throws(MediaError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let code = czlib_start_raw_deflate(stream)
        guard code == Z_OK else {
            stream.deallocate()
            throw .libraryRefused(step: "deflateInit2", code: Int(code))
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    func compress(_ input: [UInt8], flush: Int32) throws(MediaError) -> [UInt8] {
        var code = Z_OK
        let room = Int(deflateBound(stream, UInt(input.count))) + 64
        let output = [UInt8](unsafeUninitializedCapacity: room) { output, count in
            input.withUnsafeBufferPointer { input in
                // zlib never writes through `next_in`; its type only lacks the const.
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(room)
                code = deflate(stream, flush)
                count = room - Int(stream.pointee.avail_out)
            }
        }
        guard code == Z_OK || code == Z_STREAM_END, stream.pointee.avail_out > 0 else {
            throw .libraryRefused(step: "deflate", code: Int(code))
        }
        return output
    }
}
